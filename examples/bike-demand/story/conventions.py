"""January to February: data, pipeline, environment and ownership get a place in the repository."""

from __future__ import annotations

from project import Project

from .sources import EVALUATE, FORECAST, PREPARE, README, TESTS, TRAIN


def data_in_dvc(project: Project) -> None:
    """The export is added to DVC, which ignores it in git and leaves a pointer."""
    project.run("dvc", "init", "--quiet")
    project.run("dvc", "remote", "add", "--quiet", "--default", "shared", "s3://example-bucket/bike-demand")
    project.run("git", "rm", "--quiet", "--cached", "data/rentals.csv")
    project.run("dvc", "add", "--quiet", "data/rentals.csv")
    project.replace("README.md", "    python train.py\n", "    dvc pull\n    python train.py\n")


def pipeline(project: Project) -> None:
    """The script becomes three stages, its settings become parameters, and DVC runs them."""
    project.remove("train.py")
    project.write(".gitignore", "__pycache__/\n")
    project.write(
        "dvc.yaml",
        """\
        stages:
          prepare:
            cmd: python src/prepare.py
            deps:
              - data/rentals.csv
              - src/prepare.py
            params:
              - split
            outs:
              - data/train.csv
              - data/test.csv
          train:
            cmd: python src/train.py
            deps:
              - data/train.csv
              - src/prepare.py
              - src/train.py
            params:
              - train
            outs:
              - models/model.joblib
            metrics:
              - metrics/training.json:
                  cache: false
          evaluate:
            cmd: python src/evaluate.py
            deps:
              - data/test.csv
              - models/model.joblib
              - src/evaluate.py
              - src/prepare.py
            metrics:
              - metrics/evaluation.json:
                  cache: false
        """,
    )
    project.write(
        "params.yaml",
        """\
        split:
          test_days: 60
        train:
          learning_rate: 0.05
          max_depth: 3
          n_estimators: 300
          subsample: 0.8
          seed: 7
        """,
    )
    project.write("src/prepare.py", PREPARE)
    project.write("src/train.py", TRAIN)
    project.write("src/evaluate.py", EVALUATE)
    project.write("README.md", README)
    project.run("dvc", "repro", "--quiet")


def environment(project: Project) -> None:
    """The packages are locked with hashes, and the image that predicts is built from the lock."""
    project.write("requirements.in", "pandas>=3.0,<3.1\npytest>=9.0\npyyaml>=6.0\nscikit-learn>=1.8,<1.9\n")
    project.lock("2026-02-09")
    project.write(".python-version", "3.11\n")
    project.write("src/forecast.py", FORECAST)
    project.write(
        "Dockerfile",
        """\
        FROM python:3.11-slim
        WORKDIR /app
        COPY requirements.txt .
        RUN pip install --no-cache-dir --require-hashes -r requirements.txt
        COPY src/ src/
        COPY models/model.joblib models/
        CMD ["python", "src/forecast.py"]
        """,
    )
    project.replace(
        "README.md",
        "pip install -r requirements.txt\n",
        "pip install --require-hashes -r requirements.txt\n",
    )


def owners(project: Project) -> None:
    """Tests, a workflow that runs them, and a CODEOWNERS file."""
    project.write("tests/test_prepare.py", TESTS)
    project.write(
        "pyproject.toml",
        """\
        [tool.pytest.ini_options]
        pythonpath = ["src"]
        testpaths = ["tests"]
        """,
    )
    project.write(
        ".github/workflows/ci.yml",
        """\
        name: ci
        on:
          push:
            branches: [main]
          pull_request:
        permissions:
          contents: read
        jobs:
          test:
            runs-on: ubuntu-24.04
            steps:
              - uses: actions/checkout@v4
              - uses: actions/setup-python@v5
                with:
                  python-version-file: .python-version
              - run: pip install --require-hashes -r requirements.txt
              - run: python -m pytest
        """,
    )
    project.write(
        ".github/CODEOWNERS",
        """\
        *                   @example-org/modelling

        /.dvc/              @example-org/data
        /data/              @example-org/data

        /src/               @example-org/modelling
        /params.yaml        @example-org/modelling
        /metrics/           @example-org/modelling

        # where data becomes model
        /src/prepare.py     @example-org/data @example-org/modelling
        /dvc.*              @example-org/data @example-org/modelling

        /.github/           @example-org/platform
        /.python-version    @example-org/platform
        /Dockerfile         @example-org/platform
        /requirements.*     @example-org/platform @example-org/modelling
        """,
    )
