"""Fixtures that cost seconds and are therefore made once for all tests that ask."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from project import ROOT, Project

from bigquery import emulator as bigquery_emulator

DEMO_EVENTS = 10_000


@pytest.fixture(scope="session")
def emulator():
    """A running BigQuery emulator, empty at the start."""
    with bigquery_emulator.running() as running:
        yield running


@pytest.fixture(scope="session")
def googlesql():
    """Google's GoogleSQL evaluator."""
    from googlesql import GoogleSql

    return GoogleSql()


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory) -> Path:
    """A small draw of the demo: `raw/` and `truth/`."""
    folder = tmp_path_factory.mktemp("demo")
    subprocess.run(
        [sys.executable, "-m", "demo", "--events", str(DEMO_EVENTS), "--out", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return folder


@pytest.fixture
def project(tmp_path) -> Project:
    """A private copy of the project without raw tables."""
    return Project(tmp_path)
