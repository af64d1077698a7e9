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
    project = Project(tmp_path_factory.mktemp("demo_project"), raw=demo_folder / "raw")
    # The shop excludes nothing; without a definition some models would have no row.
    project.define("funnel_exclusions", [{
        "funnel_name": "purchase",
        "event_name": "product_removed_from_cart",
        "after_step": 2,
        "before_step": 4,
    }])
    project.define("exchange_rates", [
        {"currency": "EUR", "rate": "1"},
        {"currency": "USD", "valid_from": "2026-01-01", "rate": "0.92"},
    ])
    return project


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


# With `pytest -n 2`, whole files go to a process of their own, the longest first; those
# that share the demo's builds stay together.
ON_THE_DEMO = (
    "test_dbt_tests", "test_engines_agree", "test_house", "test_report", "test_truth",
)
LONGEST_FIRST = (
    *ON_THE_DEMO, "test_conformance", "test_faults", "test_odd_increments", "test_cost",
    "test_exports", "test_funnel_increments", "test_real_data", "test_real_increments",
    "test_increments_on_bigquery", "test_rivals", "test_bad_input", "test_increments",
    "test_oracles", "test_macros", "test_properties", "test_demo",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        name = item.path.stem
        return LONGEST_FIRST.index(name) if name in LONGEST_FIRST else len(LONGEST_FIRST)

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    from xdist.scheduler import LoadScopeScheduling

    class ByBuild(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            name = Path(nodeid.split("::")[0]).stem
            return "demo" if name in ON_THE_DEMO else name

    config.option.loadscopereorder = False
    return ByBuild(config, log)


def pytest_terminal_summary(terminalreporter) -> None:
    """Print which models were compared on which engines, with their rows."""
    covered = [
        value
        for reports in terminalreporter.stats.values() for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "conformance" and report.when == "call"
    ]
    if not covered:
        return
    engines = ("DuckDB", "emulator", "GoogleSQL")
    terminalreporter.section("conformance: rows of the full build / the increment / other weeks")
    line = "{:<32}" + "{:>20}" * len(engines) + "{:>11}"
    terminalreporter.write_line(line.format("model", *engines, "differing"))
    for model, counts, problems in sorted(covered):
        rows = (" / ".join(map(str, column)) for column in zip(*counts, strict=True))
        terminalreporter.write_line(line.format(model, *rows, problems))
    terminalreporter.write_line(
        f"{len(covered)} models, {sum(problems for *_, problems in covered)} with differing rows"
    )
