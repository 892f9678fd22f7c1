"""``lifelint render``."""

from __future__ import annotations

import click

from lifelint.cli import OK
from lifelint.cli._formats import FOREIGN, NoReport, foreign, written


@click.command("render")
@click.argument("report", type=click.Path())
@click.option(
    "--format", "format_", type=click.Choice([*FOREIGN, "html", "pdf"]), default="markdown", help="Default: markdown."
)
@click.option("-o", "--output", default="-", metavar="FILE", help="Write to a file instead of standard output.")
def command(report: str, format_: str, output: str) -> int:
    """Make another format from an archived JSON report.

    REPORT is what `lifelint check --format json` wrote, or `lifelint report --format json`, from which html, pdf,
    markdown and csv are those of the audit; `-` reads standard input. The repository is not needed.

    \b
    lifelint render report.json                       # Markdown
    lifelint render report.json --format sarif -o report.sarif
    lifelint render audit.json --format html -o audit.html
    """
    try:
        with click.open_file(report, "rb") as file:
            text: bytes = file.read()
    except OSError as error:
        raise click.ClickException(f"{report}: cannot be read ({error.strerror})") from None
    try:
        written(output, foreign(text, format_))
    except NoReport as error:
        raise click.ClickException(f"{report}: {error}") from None
    return OK
