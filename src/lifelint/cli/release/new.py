"""``lifelint release new``."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Any

import click

from lifelint._patterns import lazy
from lifelint.cli import FINDINGS, OK, USAGE
from lifelint.cli._documents import dumped, format_option, inside, named_in, project_at, role_and_place, write
from lifelint.cli._inputs import config_option
from lifelint.cli._look import look
from lifelint.facts.proof import Verdict
from lifelint.facts.releases.approved import KINDS, is_address
from lifelint.release.draft import Asked, Draft, drafted, verified
from lifelint.release.text import yaml
from lifelint.report import drafts as report

_VERSION = lazy(r"[0-9A-Za-z][0-9A-Za-z.+_!-]*")
EPILOG = (
    "Exit codes: 0 written (or it could be, with --dry-run), 1 git would refute it, 2 something is lacking or wrong "
    "usage, 3 internal error."
)


def _version(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not _VERSION.fullmatch(value):
        raise click.BadParameter(f"{value!r} cannot be the name of a folder: write it as 1.4.0")
    return value


def _approvals(_ctx: click.Context, _param: click.Parameter, values: Sequence[str]) -> Sequence[Mapping[str, str]]:
    found = []
    for value in values:
        role, _, who = value.partition("=")
        names = [name.strip() for name in who.split(",") if name.strip()]
        if not role or not names:
            raise click.BadParameter(f"{value!r} is not ROLE=WHO, as in model-owner=@acme/ml,ada@example.org")
        owner = next((name for name in names if name.startswith("@")), "")
        person = next((name for name in names if not name.startswith("@")), "")
        found.append({"role": role, **({"by": owner} if owner else {}), **({"person": person} if person else {})})
    return found


def _evidence(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if value not in KINDS and not is_address(value):
        raise click.BadParameter(f"{value!r} is neither {' nor '.join(KINDS)} nor an address (https://…)")
    return value


@click.command("new", epilog=EPILOG)
@click.argument("version", callback=_version)
@click.option("--name", default="", help="What is released. Default: as before, or the project's package.")
@click.option("--rev", default="HEAD", metavar="REV", help="The commit that the model was built from. Default: HEAD.")
@click.option("--tag", default="", help="The tag that it will have. Default: as tags are named here, else vVERSION.")
@click.option("--model", "models", multiple=True, metavar="PLACE", help="A model. Default: what the reports judged.")
@click.option(
    "--data", multiple=True, callback=role_and_place, metavar="ROLE=PLACE", help="Data. Default: by stage and report."
)
@click.option("--environment", multiple=True, metavar="PATH", help="A lock, or IMAGE@sha256:…. Default: the locks.")
@click.option("--report", "reports", multiple=True, metavar="PATH", help="A report. Default: that of the gates.")
@click.option("--gates", multiple=True, metavar="PATH", help="A file of gates. Default: those of the reports.")
@click.option("--paths", multiple=True, metavar="PATH", help="A path that makes the model. Default: by stage.")
@click.option(
    "--approval", "approvals", multiple=True, callback=_approvals, metavar="ROLE=WHO", help="Who approved it."
)
@click.option(
    "--evidence",
    default="signed-tag",
    callback=_evidence,
    metavar="KIND",
    help="How: signed-tag (default), trailer, an address.",
)
@click.option("--previous", default="", metavar="VERSION", help="What it goes back to. Default: the version before.")
@click.option("-o", "--output", default="", metavar="FILE", help="Default: releases/VERSION/release.yaml.")
@click.option("--dry-run", is_flag=True, help="Print the manifest and what git would say of it; write nothing.")
@config_option
@format_option
def command(
    output: str, rev: str, evidence: str, dry_run: bool, config_file: str | None, format_: str, **asked: Any
) -> int:
    """Write the manifest of a release, filled from a commit.

    It names the commit, the locks, the data, the models and the reports by digest, and the release to go back to. What
    is in git is not asked for; what git cannot tell is not invented: it says what is lacking and which option supplies
    it. A manifest that `lifelint release verify` would refute is not written, and none is overwritten.

    PLACE is a pointer (`data/train.csv.dvc`), what one stands for (`models/model.onnx`), a tracked file, or
    `dvc.lock#STAGE:PATH`. A repeatable option replaces all that would have been found. WHO is an owner as CODEOWNERS
    writes it, an e-mail address, or both with a comma between them.

    \b
    lifelint release new 1.4.0
    lifelint release new 1.4.0 --dry-run
    lifelint release new 1.4.0 --name churn --model models/model.onnx.dvc --data train=data/train.dvc
    lifelint release new 1.4.0 --approval model-owner=@acme/ml,ada@example.org
    """
    version = asked["version"]
    asked["approvals"] = [{**approval, "evidence": evidence} for approval in asked["approvals"]]
    with project_at(rev, config_file) as state:
        facts, root = state.facts, state.root
        usual = f"{state.project and f'{state.project}/'}releases/{version}/release.yaml"
        path = inside(root, output) if output else usual
        draft = drafted(facts, state.share, Asked(**named_in(root, asked)))
        if path in facts.source.entries or os.path.lexists(Path(root, path)):
            raise click.ClickException(f"{path} is there already: manifests are never overwritten; give a new version")
        text = "" if draft.lacking else yaml(draft.document)
        verdicts = () if draft.lacking else verified(facts, path, text.encode(), exclude=state.exclude)
        if not verdicts and not draft.lacking:
            raise click.ClickException(f"{path} would not be found: a manifest is called release.yaml, outside tests")
    refuted = [verdict for verdict in verdicts if verdict.holds is False]
    written = not (draft.lacking or refuted or dry_run)
    if written:
        write(root, path, text)
    shown = os.path.relpath(Path(root, path)) if written else path
    if format_ == "json":
        click.echo(dumped(report.document(draft, verdicts, path, written=written)))
    else:
        _tell(draft, verdicts, shown, text, written=written)
    return USAGE if draft.lacking else FINDINGS if refuted else OK


def _tell(draft: Draft, verdicts: Sequence[Verdict], path: str, text: str, *, written: bool) -> None:
    if not written and not draft.lacking:
        click.echo(text, nl=False)
        click.echo()
    click.echo(report.render(draft, verdicts, path, look(), written=written), nl=False, color=True)
    if written:
        release = draft.document["release"]
        title = " ".join(filter(None, (release["name"], release["version"])))
        click.echo("Next:")
        click.echo(f"  git add {quote(path)}")
        click.echo(f"  git commit -m {quote(f'Release {title}')}")
        signed = any(each["evidence"] == "signed-tag" for each in draft.document.get("approvals", ()))
        click.echo(f"  git tag {'-s' if signed else '-a'} {quote(release['tag'])} -m {quote(title)}")
        click.echo(f"  lifelint release verify {quote(release['version'])}")
