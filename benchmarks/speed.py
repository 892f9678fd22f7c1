"""Speed as ratios: each command against a floor, in turn, on the same tree, in one run.

    python benchmarks/speed.py --work /tmp/speed                  # sizes M and L, all scenarios
    python benchmarks/speed.py --work /tmp/speed --only G2 G3 --rounds 15

Builds the wheel, installs it in a fresh environment (compiled, C YAML parser in use), makes synthetic repositories
(`make_monorepo.py`, kept in the work folder between runs), and runs every pair in turn, A B A B …, after a warm-up.
A figure is the median over rounds of A/B; processor time is what most goals are about, wall time is shown beside it.
The answers of the timed command are compared with what the generator planted: a wrong count voids the figures.
Goals: a ratio at or below *must*.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LONG = ("G3", "G3b", "G6b", "G12")
SIZES = {"S": 0.01, "M": 0.1, "L": 1.0}


class Cost(NamedTuple):
    """One finished process and its children."""

    cpu: float
    wall: float
    peak: int


@dataclass(frozen=True)
class Scenario:
    """A command and its floor. ``per`` divides the ratio (a floor that does a part of the work)."""

    goal: str
    what: str
    ours: Sequence[str]
    floor: Sequence[str]
    must: float
    target: float
    cwd: Path
    measure: str = "cpu"


def cost(command: Sequence[str], cwd: Path) -> Cost:
    """Runs a command with its output thrown away."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode} in {cwd}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss)


def rounds(scenario: Scenario, count: int) -> tuple[list[Cost], list[Cost]]:
    """``count`` rounds of floor and ours in turn, after one warm-up of each."""
    ours, floor = [], []
    for number in range(count + 1):
        pair = cost(scenario.floor, scenario.cwd), cost(scenario.ours, scenario.cwd)
        if number:
            floor.append(pair[0])
            ours.append(pair[1])
    return ours, floor


def install(work: Path) -> Path:
    """A fresh environment with the wheel of this checkout; gives its ``bin``."""
    home = work / "venv"
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(work / "dist", ignore_errors=True)
    venv.create(home, with_pip=True)
    pip = [str(home / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(work / "dist"), str(ROOT)])
    run([*pip, "--require-hashes", "--no-deps", "-r", str(ROOT / "requirements/runtime.txt")])
    [wheel] = (work / "dist").glob("*.whl")
    run([*pip, "--no-deps", str(wheel)])
    compiled = next((home / "lib").glob("python*/site-packages/lifelint/__pycache__"), None)
    if compiled is None:
        raise SystemExit("the installed package is not compiled; unset PYTHONDONTWRITEBYTECODE")
    run([str(home / "bin/python"), "-c", "import _ruamel_yaml"])
    return home / "bin"


def run(command: Sequence[str]) -> str:
    """What a command prints; ends the benchmark when it fails."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def repository(work: Path, size: str) -> tuple[Path, dict[str, int]]:
    """The synthetic repository of a size and what was planted in it."""
    folder, truth = work / f"mono-{size}", work / f"mono-{size}.json"
    if not truth.is_file():
        shutil.rmtree(folder, ignore_errors=True)
        script = [sys.executable, str(HERE / "make_monorepo.py"), str(folder), "--commits", "0"]
        run([*script, "--scale", str(SIZES[size]), "--truth", str(truth)])
    return folder, json.loads(truth.read_text("utf-8"))


def changed(work: Path) -> Path:
    """The synthetic repository of size L with ten commits more, each of which touches some files."""
    folder = work / "mono-L10"
    if not (folder / ".git/ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        run([sys.executable, str(HERE / "make_monorepo.py"), str(folder), "--commits", "10"])
        (folder / ".git/ready").touch()
    return folder


def pointers_with_outs(work: Path, dvc: Sequence[str]) -> Path:
    """A DVC project of 1,000 pointers, their outs (16 KiB each) in the working tree and in the cache."""
    folder = work / "pointers"
    if not (folder / ".ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "data").mkdir(parents=True)
        for number in range(1000):
            (folder / f"data/d{number:04d}.bin").write_bytes(number.to_bytes(4, "big") * 4096)
        for command in (["git", "init", "-q"], [*dvc, "init", "-q"], [*dvc, "add", "-q", "--glob", "data/*.bin"]):
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        for command in (["add", "-A"], [*identity, "commit", "-q", "-m", "Add pointers"]):
            subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)
        (folder / ".ready").touch()
    return folder


def staged(work: Path) -> tuple[Path, list[str]]:
    """A repository with three staged files and a pre-commit hook that does nothing."""
    folder = work / "staged"
    if not (folder / ".ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        hook = "{id: nothing, name: nothing, language: system, entry: 'true'}"
        files = {
            ".pre-commit-config.yaml": f"repos:\n- repo: local\n  hooks:\n  - {hook}\n",
            "requirements.txt": "numpy==2.0.0\n",
            "params.yaml": "train:\n  seed: 1\n",
            "Dockerfile": f"FROM python@sha256:{'0' * 64}\n",
        }
        for name, text in files.items():
            (folder / name).write_text(text)
        for command in (["init", "-q"], ["add", "-A"]):
            subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)
        (folder / ".git/info/exclude").write_text(".ready\n")
        (folder / ".ready").touch()
    return folder, ["requirements.txt", "params.yaml", "Dockerfile"]


def scenarios(work: Path, bin_: Path, wanted: Callable[[str], bool]) -> list[Scenario]:
    """The scenarios whose goal is wanted."""
    lifelint, nothing = str(bin_ / "lifelint"), [str(bin_ / "python"), "-c", "pass"]
    here, check = work / "venv", [lifelint, "check", "--format", "json"]
    made = [
        Scenario("G2", "--version", [lifelint, "--version"], nothing, 5, 4, here),
        Scenario("G2", "--help", [lifelint, "--help"], nothing, 5, 4, here),
    ]
    if any(wanted(goal) for goal in ("G1", "G1b", "G3", "G3b", "G12", "G13")):
        large, _ = repository(work, "L")
        medium, _ = repository(work, "M")
        names = ["teams/t00/proj00000/requirements.txt", "teams/t00/proj00000/data/d0000.dvc"]
        plain = [*names, "teams/t00/proj00000/notebooks/nb000.ipynb"]
        listing, status = ["git", "ls-files", "-s"], ["git", "status"]
        made += [
            Scenario(
                "G1",
                "hook, 3 staged files, one workflow",
                [*check, "--staged", *names, ".github/workflows/wf0000.yml"],
                nothing,
                8,
                6,
                large,
            ),
            Scenario("G1b", "hook, 3 staged files, no workflow", [*check, "--staged", *plain], nothing, 6, 4.5, large),
            Scenario("G3", "full, 100k files", check, listing, 60, 35, large, "wall"),
            Scenario("G3b", "full, 100k files, against status", check, status, 8, 4, large, "wall"),
            Scenario("G12", "peak memory, 100k files", check, status, 8, 5, large, "peak"),
            Scenario("G13", "full, 10k files (for linearity)", check, listing, 99, 60, medium, "wall"),
        ]
    if wanted("G6") or wanted("G6b"):
        folder = changed(work)
        since = [*check, "--rev", "HEAD", "--base", "HEAD~10"]
        made += [
            Scenario("G6", "10 commits on 100k, changed files", [*since, "--changed"], nothing, 12, 8, folder),
            Scenario("G6b", "10 commits on 100k, all files", since, check, 2.2, 1.5, folder, "wall"),
        ]
    dvc = [sys.executable, "-m", "dvc"]
    if wanted("G9"):
        folder = pointers_with_outs(work, dvc)
        made.append(
            Scenario("G9", "1,000 pointers", [lifelint, "check"], [*dvc, "status", "-q"], 1 / 8, 1 / 15, folder)
        )
    if wanted("G11"):
        folder, names = staged(work)
        ours, floor = [lifelint, "check", "--staged", "--quiet", *names], [sys.executable, "-m", "pre_commit", "run"]
        made.append(Scenario("G11", "hook, against an empty hook's run", ours, floor, 0.8, 0.6, folder))
    return [scenario for scenario in made if wanted(scenario.goal)]


def verify(work: Path, bin_: Path) -> None:
    """Compares what a run reports of a synthetic repository with what was planted."""
    folder, truth = repository(work, "M")
    done = subprocess.run(
        [str(bin_ / "lifelint"), "check", "--format", "json"], cwd=folder, capture_output=True, check=False
    )
    report = json.loads(done.stdout)
    seen: dict[str, list[bool | None]] = {}
    for project in report["projects"]:
        for finding in project["findings"]:
            seen.setdefault(finding["rule"], []).extend(o["ok"] for o in finding["observations"])
    facts = json.loads(
        subprocess.run([str(bin_ / "lifelint"), "facts"], cwd=folder, capture_output=True, check=True).stdout
    )
    files = {pointer["path"] for pointer in facts["pointers"] if pointer["path"].endswith(".dvc")}
    found = {
        "docker_no_digest": seen["base-image-by-digest"].count(False),
        "n_dvc": len(files),
        "n_req": sum(m["path"].endswith(".txt") for m in facts["manifests"]),
        "lock_stale_dep": sum(
            change["kind"] == "dep" and change["certain"] for stage in facts["stages"] for change in stage["changes"]
        ),
    }
    wrong = {name: (value, truth[name]) for name, value in found.items() if value != truth[name]}
    print(f"answers checked: {', '.join(f'{name} {value}' for name, value in found.items())}")
    if wrong:
        raise SystemExit(f"the figures are void, the answers are wrong (found, planted): {wrong}")


def verify_change(folder: Path, bin_: Path) -> None:
    """Compares what is new in the changed files alone with what is new there by the same rules in a run over all."""
    base = run(["git", "-C", str(folder), "rev-list", "--max-parents=0", "HEAD"]).strip()
    command = [str(bin_ / "lifelint"), "check", "--format", "json", "--rev", "HEAD", "--base", base]
    reports = [
        json.loads(subprocess.run([*command, *more], cwd=folder, capture_output=True, check=False).stdout)
        for more in (["--changed"], [])
    ]
    rules = {finding["rule"] for project in reports[0]["projects"] for finding in project["findings"]}
    alone, whole = (
        sorted(
            (side, one["path"])
            for side in ("new", "fixed")
            for one in report["change"][side]
            if rules & {one["rule"], *(other["rule"] for other in one["also"])}
        )
        for report in reports
    )
    print(f"answers checked: {len(alone)} problems new or fixed in the changed files")
    if alone != whole:
        raise SystemExit(f"the figures are void, the answers differ: {alone} and {whole}")


def apart(check: Callable[[Path, Path], None], folder: Path, bin_: Path) -> None:
    """Runs a check in a process of its own: the peak of each command begins with what this process holds."""
    process = multiprocessing.Process(target=check, args=(folder, bin_))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit("the answers are wrong")


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for the environment and the repositories")
    parser.add_argument("--only", nargs="+", default=[], metavar="GOAL", help="such as G2 G3")
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    work = arguments.work.resolve()
    bin_ = install(work)
    wanted = (lambda goal: goal in arguments.only) if arguments.only else (lambda goal: True)
    if wanted("G3"):
        apart(verify, work, bin_)
    if wanted("G6"):
        apart(verify_change, changed(work), bin_)
    print(f"{run(['git', '--version']).strip()}, Python {sys.version.split()[0]}, {os.cpu_count()} processors")
    print(f"{'goal':5} {'what':38} {'cpu':>7} {'wall':>7} {'peak':>6} {'must':>6} {'target':>6}  verdict")
    medians: dict[tuple[str, str], float] = {}
    for scenario in scenarios(work, bin_, wanted):
        often = arguments.rounds if scenario.goal not in LONG else max(3, arguments.rounds // 3)
        ours, floor = rounds(scenario, often)
        ratios = {
            name: statistics.median(
                getattr(a, name) / max(getattr(b, name), 0.001) for a, b in zip(ours, floor, strict=True)
            )
            for name in ("cpu", "wall", "peak")
        }
        medians[scenario.goal, scenario.what] = ratios[scenario.measure]
        row(scenario, ratios, floor)
    linear = medians.get(("G3", "full, 100k files")), medians.get(("G13", "full, 10k files (for linearity)"))
    if linear[0] and linear[1]:
        ratio = linear[0] / linear[1]
        said = verdict(ratio, 1.4, 1.2)
        print(f"G13   linearity: ratio at 100k over ratio at 10k {ratio:19.2f} {'':14} {1.4:6} {1.2:6}  {said}")


def row(scenario: Scenario, ratios: dict[str, float], floor: Sequence[Cost]) -> None:
    """Prints one scenario."""
    said = verdict(ratios[scenario.measure], scenario.must, scenario.target)
    base = statistics.median(c.cpu for c in floor) * 1000
    print(
        f"{scenario.goal:5} {scenario.what:38} {ratios['cpu']:7.2f} {ratios['wall']:7.2f} {ratios['peak']:6.2f} "
        f"{scenario.must:6.3g} {scenario.target:6.3g}  {said} on {scenario.measure} (floor {base:.0f} ms cpu)"
    )


def verdict(ratio: float, must: float, target: float) -> str:
    """Where a ratio stands against its goals."""
    return "target met" if ratio <= target else "must met" if ratio <= must else "MISSED"


if __name__ == "__main__":
    main()
