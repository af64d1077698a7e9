"""Fixtures that cost seconds and are therefore made once for all tests that ask."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from project import ROOT, Project
from warehouse import BigQuery, DuckDb

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


@pytest.fixture(scope="session")
def demo(tmp_path_factory, demo_folder) -> Project:
    """The project on that draw, shared by all tests that only read."""
    return Project(tmp_path_factory.mktemp("demo_project"), raw=demo_folder / "raw")


@pytest.fixture(scope="session")
def demo_on_duckdb(demo) -> DuckDb:
    """Every table of the draw; its data tests run in test_dbt_tests.py."""
    return demo.build("duckdb", data_tests=False)


@pytest.fixture(scope="session")
def demo_on_bigquery(demo, emulator) -> BigQuery:
    """The same on the emulator."""
    demo.emulator = emulator
    return demo.build("emulator", data_tests=False)


@pytest.fixture
def project(tmp_path) -> Project:
    """A private copy of the project without raw tables."""
    return Project(tmp_path)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With `-n 2 --dist loadgroup`: a file stays in one process, and so do all tests that
    share the demo's build, which come first because they take longest."""
    for item in items:
        group = "demo" if "demo" in item.fixturenames else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: "demo" not in item.fixturenames)
