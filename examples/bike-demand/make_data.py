"""Writes the daily rentals of an invented bike-rental network, the same bytes on each machine.

    python make_data.py 2025-12-31 data/rentals.csv

The network grows: 32 stations opened on 1 March 2026. A model of total rentals that has only seen the smaller
network does not know that, which is what the history of the example turns on.
"""

from __future__ import annotations

import math
import random
import sys
from datetime import date, timedelta
from pathlib import Path

FIRST_DAY = date(2024, 1, 1)
STATIONS = {
    date(2024, 1, 1): 68,
    date(2024, 6, 1): 72,
    date(2025, 4, 1): 76,
    date(2025, 9, 1): 80,
    date(2026, 3, 1): 112,
}
HOLIDAYS = {(1, 1), (5, 1), (6, 6), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)}


def rentals(until: date) -> str:
    """The export as CSV text, from the first day of the network to ``until``. A later export extends an earlier one."""
    chance = random.Random(20240101)  # noqa: S311 (weather, not secrets)
    lines = ["date,stations,temperature,rain_mm,wind_kmh,rentals"]
    today = FIRST_DAY
    anomaly = 0.0
    while today <= until:
        season = math.sin((today.timetuple().tm_yday - 110) / 365.25 * 2 * math.pi)
        anomaly = 0.7 * anomaly + chance.gauss(0, 2.2)
        temperature = round(10.5 + 9.5 * season + anomaly, 1)
        rain = round(max(0.0, chance.gauss(-2.0, 5.0)), 1)
        wind = round(abs(chance.gauss(0, 9)) + 6, 1)
        stations = max(count for opened, count in STATIONS.items() if opened <= today)
        per_station = 17 + 0.55 * temperature - 0.012 * max(0.0, temperature - 22) ** 2 - 0.75 * math.sqrt(rain)
        per_station *= (1.0, 1.04, 1.05, 1.04, 1.02, 0.86, 0.74)[today.weekday()] * (1 - 0.006 * (wind - 12))
        if (today.month, today.day) in HOLIDAYS:
            per_station *= 0.6
        rented = round(stations * per_station * (1 + chance.gauss(0, 0.04)))
        lines.append(f"{today},{stations},{temperature},{rain},{wind},{rented}")
        today += timedelta(days=1)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[2])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(rentals(date.fromisoformat(sys.argv[1])).encode())
