"""Logs of real shops, built in one run and in increments: the same rows.

`FOOTFALL_DAILY=1` makes a run of every day, as in production; without it the days come in
a few runs, which takes minutes less.
"""

import os

import duckdb
import pytest
from project import Project, shared_data
from real_data import KASKADA_LOG, RETENTIONEERING_LOG
from test_increments import assert_equals_full_refresh, run_models

RUNS = None if os.environ.get("FOOTFALL_DAILY") else 4


@pytest.mark.parametrize("log", [KASKADA_LOG, RETENTIONEERING_LOG], ids=lambda log: log.name)
def test_increments_of_a_real_log_equal_one_run(tmp_path, log):
    source = shared_data(log.name)
    if source is None:
        pytest.skip(f"the data set {log.name} is not on this machine (FOOTFALL_SHARED)")
    whole = Project(tmp_path / "whole")
    log.write_raw(source, whole.raw)
    project = Project(tmp_path / "increments")
    whole.variables = project.variables = {"page_view_events": log.page_view_events}
    events = f"read_parquet('{whole.raw}/events/*.parquet')"
    (project.raw / "events").mkdir(parents=True)
    with duckdb.connect() as connection:
        days = [row[0] for row in connection.execute(
            f"select distinct cast(loaded_at as date) as day from {events} order by day"
        ).fetchall()]
        size = -(-len(days) // (RUNS or len(days)))
        for first in range(0, len(days), size):
            chosen = days[first:first + size]
            connection.execute(
                f"copy (select * from {events} where cast(loaded_at as date) "
                f"between date '{chosen[0]}' and date '{chosen[-1]}') "
                f"to '{project.raw}/events/{chosen[0]}.parquet'"
            )
            run_models(project)
    run_models(whole)
    assert_equals_full_refresh(project, whole)
