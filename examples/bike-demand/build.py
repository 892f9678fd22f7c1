"""Makes history.fi anew: plays story/ with real git, DVC, uv and scikit-learn, and writes down what came out.

    python -m venv /tmp/bike && /tmp/bike/bin/pip install -r requirements.txt ../..
    /tmp/bike/bin/python build.py
    /tmp/bike/bin/python build.py --after 'Predict rentals per station, release 1.2.0'

Run by hand, when the story changes. Two runs give the same bytes. `uv pip compile` needs an index to ask; with --after
what came up to that commit and its tags is taken from history.fi as it is, and only the rest is played.
It writes two files:

- history.fi: the repository as a git fast-import stream of plain text. Each commit stands in it by itself (no marks, no
  deltas), so that a change of the story is a readable diff.
- history.json: the ids of all branches, tags and commits, and what `dvc status` said after each commit with all data
  at hand. That is the truth which an offline check of dvc.lock has to reproduce.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import make_data  # noqa: E402
from project import Project  # noqa: E402
from replay import replay  # noqa: E402
from story import STORY, Commit, Tag  # noqa: E402

END = "END-OF-FILE"


def play(project: Project, after: str) -> tuple[str, list[dict[str, object]]]:
    """Makes each commit and tag of the story. Returns the stream and the record of the commits."""
    stream: list[str] = []
    record: list[dict[str, object]] = []
    if after:
        stream, record = resume(project, after)
    else:
        project.run("git", "init", "--quiet", "--template=", "--initial-branch=main")
    for step in STORY[len(stream) :]:
        if isinstance(step, Tag):
            stream.append(tagged(project, step))
            continue
        stream.append(committed(project, step))
        status = project.status()
        if tuple(status) != step.stale:
            raise AssertionError(f"{step.subject}: the story expects {step.stale} to be stale, dvc says {status}")
        commit = project.run("git", "rev-parse", "HEAD").strip()
        record.append({"branch": step.branch, "id": commit, "status": status, "subject": step.subject})
        print(f"{commit[:10]}  {step.branch}  {step.subject}")
    project.run("git", "checkout", "--quiet", "main")
    return "feature done\n" + "\n".join([*stream, "done\n"]), record


def resume(project: Project, after: str) -> tuple[list[str], list[dict[str, object]]]:
    """The repository as it was after a commit of main and its tags, with all data at hand, and what is kept of it."""
    last = next(number for number, step in enumerate(STORY) if isinstance(step, Commit) and step.subject == after)
    while isinstance(STORY[last + 1], Tag):
        last += 1
    kept = steps((HERE / "history.fi").read_text(encoding="utf-8"))[: last + 1]
    made = json.loads((HERE / "history.json").read_text(encoding="utf-8"))["commits"]
    record = made[: sum(isinstance(step, Commit) for step in STORY[: last + 1])]
    part = project.root.with_name("kept.fi")
    part.write_text("feature done\n" + "\n".join([*kept, "done\n"]), encoding="utf-8")
    project.root.rmdir()
    replay(part, project.root)
    pointer = project.read("data/rentals.csv.dvc")
    for until in ("2025-12-31", "2026-04-30"):
        text = make_data.rentals(date.fromisoformat(until))
        if hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() in pointer:
            project.write("data/rentals.csv", text)
    project.run("dvc", "add", "--quiet", "data/rentals.csv")
    project.run("dvc", "repro", "--quiet")
    if project.run("git", "status", "--porcelain") or record[-1]["subject"] != after:
        raise AssertionError("the pipeline gives other artifacts here than it gave when history.fi was made")
    return kept, record


def steps(stream: str) -> list[str]:
    """The commits and tags of a stream that ``play`` made, as it joined them."""
    found: list[str] = []
    inside = False
    for line in stream.partition("\n")[2].splitlines(keepends=True):
        if inside:
            inside = line != f"{END}\n"
        elif line.startswith(("commit ", "tag ")):
            found.append("")
        elif line == "done\n":
            break
        else:
            inside = line == f"data <<{END}\n"
        found[-1] += line
    return [step.removesuffix("\n") for step in found]


def committed(project: Project, step: Commit) -> str:
    """Makes one commit. Returns it as a part of the stream."""
    branches = project.run("git", "for-each-ref", "--format=%(refname:short)").split()
    new = bool(branches) and step.branch not in branches
    if branches:
        project.run("git", "checkout", "--quiet", *(["-b", step.branch, "main"] if new else [step.branch]))
    step.edit(project)
    if step.tests:
        project.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    project.run("git", "add", "--all")
    project.run(
        *("git", "commit", "--quiet", "-m", step.message),
        **{f"GIT_{role}_NAME": step.author.name for role in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{role}_EMAIL": step.author.email for role in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{role}_DATE": step.date for role in ("AUTHOR", "COMMITTER")},
    )
    header, message = project.run("git", "cat-file", "commit", "HEAD").split("\n\n", 1)
    people = "".join(f"{line}\n" for line in header.splitlines() if line.startswith(("author ", "committer ")))
    start = "from refs/heads/main\n" if new else ""
    changes = project.run("git", "diff-tree", "--root", "-r", "--no-renames", "--no-commit-id", "--name-status", "HEAD")
    files = "".join(changed(project, *line.split("\t")) for line in changes.splitlines())
    return f"commit refs/heads/{step.branch}\n{people}{data(message)}{start}{files}"


def changed(project: Project, how: str, path: str) -> str:
    """One file of a commit, whole."""
    if how == "D":
        return f"D {path}\n"
    if os.access(project.root / path, os.X_OK):
        raise ValueError(f"{path} is executable; the stream has plain files only")
    return f"M 100644 inline {path}\n{data(project.run('git', 'cat-file', 'blob', f'HEAD:{path}'))}"


def tagged(project: Project, step: Tag) -> str:
    """Tags the tip of main. Returns the tag as a part of the stream."""
    project.run(
        *("git", "tag", "--annotate", step.name, "main", "-m", step.message),
        GIT_COMMITTER_NAME=step.author.name,
        GIT_COMMITTER_EMAIL=step.author.email,
        GIT_COMMITTER_DATE=step.date,
    )
    header, message = project.run("git", "cat-file", "tag", step.name).split("\n\n", 1)
    tagger = next(line for line in header.splitlines() if line.startswith("tagger "))
    return f"tag {step.name}\nfrom refs/heads/main\n{tagger}\n{data(message)}"


def data(text: str) -> str:
    """A text in the delimited form of fast-import, which a person can read and edit."""
    if not text.endswith("\n") or END in text.splitlines():
        raise ValueError(f"not a text that the stream can hold: {text[:200]!r}")
    return f"data <<{END}\n{text}{END}\n"


def refs(project: Project) -> dict[str, str]:
    """All branches and tags, and the objects they name."""
    lines = project.run("git", "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split(" ") for line in lines)


def main() -> None:
    """Plays the story, and keeps it if the stream gives the same repository."""
    parser = argparse.ArgumentParser(description="Make history.fi anew from story/.")
    parser.add_argument("--after", default="", metavar="SUBJECT", help="keep what came up to this commit of main")
    after = parser.parse_args().after
    scratch = Path(tempfile.mkdtemp())
    try:
        project = Project(scratch / "bike-demand", scratch / "home")
        project.root.mkdir()
        project.home.mkdir()
        text, record = play(project, after)
        stream = scratch / "history.fi"
        stream.write_bytes(text.encode())
        again = Project(scratch / "replayed", project.home)
        replay(stream, again.root)
        if refs(again) != refs(project):
            raise AssertionError("the stream does not give the repository it was made from")
        shutil.copyfile(stream, HERE / "history.fi")
        made = {"refs": refs(project), "commits": record}
        (HERE / "history.json").write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
