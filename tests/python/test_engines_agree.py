"""DuckDB and BigQuery hold the same rows in every model, built from the same raw tables."""

import pytest
from project import ROOT
from warehouse import difference

MODELS = sorted(path.stem for path in (ROOT / "models").rglob("*.sql"))

# Two empty tables agree about nothing, except where the demo gives no row.
EMPTY_ON_THE_DEMO = {
    "int_server_events_identified": "the shop's servers name a user; unit tests bring others",
    **dict.fromkeys(
        ("int_event_dates_held", "int_sign_ins_held", "int_events_changed",
         "int_device_dates_touched"),
        "a first build has nothing behind it; test_increments_on_bigquery.py has",
    ),
}


def test_no_model_is_left_out(demo, demo_on_duckdb, demo_on_bigquery):
    for target in ("duckdb", "emulator"):
        assert sorted(demo.nodes("model", target)) == MODELS


@pytest.mark.parametrize("model", MODELS)
def test_a_model_holds_the_same_rows_on_both_engines(
    demo, demo_on_duckdb, demo_on_bigquery, model
):
    table = demo.nodes("model")[model]["alias"]
    ours, theirs = demo_on_duckdb.table(table), demo_on_bigquery.table(table)
    assert bool(ours.rows) != (model in EMPTY_ON_THE_DEMO)
    problem = difference(ours, theirs, "DuckDB", "BigQuery")
    assert not problem, problem
