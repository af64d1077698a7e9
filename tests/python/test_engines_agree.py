"""DuckDB and BigQuery hold the same rows in every mart, built from the same raw tables."""

import pytest
from project import ROOT, Project
from warehouse import difference

MARTS = sorted(
    path.stem.removesuffix("_mart") for path in (ROOT / "models" / "marts").rglob("*.sql")
)


@pytest.fixture(scope="module")
def engines(tmp_path_factory, demo_folder, emulator):
    """The demo built on both."""
    project = Project(
        tmp_path_factory.mktemp("engines"), raw=demo_folder / "raw", emulator=emulator
    )
    return project.build("duckdb"), project.build("emulator")


@pytest.mark.parametrize("mart", MARTS)
def test_marts_hold_the_same_rows_on_both_engines(engines, mart):
    duckdb, bigquery = engines
    assert not (problem := difference(duckdb.table(mart), bigquery.table(mart), "DuckDB", "BigQuery")), problem


def test_marts_are_not_empty(engines):
    """Two empty tables agree about nothing."""
    duckdb, _ = engines
    empty = [mart for mart in MARTS if not duckdb.table(mart).rows]
    assert not empty
