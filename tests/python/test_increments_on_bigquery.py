"""Increments on the emulator: equal to a full refresh, and every read and write pruned."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import sqlglot
from project import Project
from sqlglot import exp
from test_increments import assert_equals_full_refresh, run_models
from worlds import (
    application, bot_patterns, channel_rules, conversions, funnels, schedule,
)

from bigquery.reads import bounds, conjuncts, picks_days

# Tables that are replaced by day and that a run may read whole: narrow facts, a row of a few
# numbers each.
READ_WHOLE = {
    "int_server_events_gathered": "one row per event of no session",
    "int_page_views_followed": "one row per page view, three columns read",
    "int_sessions_aggregated": "one row per session",
    "int_session_days_counted": "one row per session, day, load day and event name",
    "int_element_clicks_timed": "one row per click",
    "int_raw_rows_by_load": "one row per load day",
    "int_session_sources_found": "one row per session and source",
    "int_conversion_events": "one row per event that is a conversion",
    "int_product_events": "one row per product of an event",
    "int_identity_calls": "one row per call that names another id",
    "int_order_mentions": "one row per event that names an order",
    "rejected_events": "one row per refused row",
    "int_funnel_events_matched": "one row per funnel step and event",
}
# The raw log, seen through its staging view, is partitioned by when rows were loaded.
RAW = {"stg_events": "delivered_loaded_at"}


@pytest.fixture(scope="module")
def increments(tmp_path_factory, emulator) -> tuple[Project, list[str]]:
    """A handful of worlds after three runs. Definitions are edited before the second: the
    last has to read what is new and no more."""
    # A draw with several funnels, conversions and exclusions among the edited.
    draw = random.Random(30)
    plan = schedule(6, 3, draw)
    project = Project(tmp_path_factory.mktemp("increments"), emulator=emulator)
    for number, rows in enumerate(plan.runs):
        project.write_raw(events=rows, **application(rows, draw))
        if number == 1:
            for change in (funnels, conversions, channel_rules, bot_patterns):
                project.define_all(change(draw))
        project.load_emulator()
        run_models(project, target="emulator")
    return project, plan.history


def test_increments_on_bigquery_equal_a_full_refresh(increments, tmp_path):
    project, history = increments
    reference = Project(tmp_path, raw=project.raw)
    reference.take_definitions(project)
    run_models(reference)
    assert max(reference.duckdb.table("funnel_attempts").column("last_step_number")) > 1
    assert_equals_full_refresh(project, reference, target="emulator", note=str(history))


def unpruned(sql: str, partitioned: dict[str, str]) -> list[str]:
    """The partitioned tables that a statement reads or writes without constant bounds."""
    found = []
    for statement in sqlglot.parse(sql, dialect="bigquery"):
        for table in statement.find_all(exp.Table):
            column = partitioned.get(table.name)
            if column is None:
                continue
            select = table.find_ancestor(exp.Select, exp.Merge)
            if isinstance(select, exp.Merge):
                conditions = [
                    c for when in select.args["whens"].expressions
                    if when.args.get("source") for c in conjuncts(when.args.get("condition"))
                ]
            elif isinstance(select, exp.Select):
                where = select.args.get("where")
                conditions = conjuncts(where.this if where else None)
            else:
                continue
            if not any(picks_days(bounds(condition, column)) for condition in conditions):
                found.append(table.name)
    return found


def statements(project: Project) -> dict[str, str]:
    """What the last run sent for each table, by model. A view reads nothing by itself; those
    of an increment bring their days with them."""
    folder = project.folder / "target-emulator" / "run" / "footfall" / "models"
    views = {
        name for name, node in project.nodes("model", "emulator").items()
        if node["config"]["materialized"] == "view"
        and "/increments/" not in node["original_file_path"]
    }
    return {
        path.stem: path.read_text() for path in Path(folder).rglob("*.sql")
        if path.stem not in views
    }


def test_increments_read_and_write_only_the_partitions_that_they_name(increments):
    project, _ = increments
    partitioned = RAW | {
        node["alias"]: node["config"]["partition_by"]["field"]
        for node in project.nodes("model", "emulator").values()
        # Other tables are built whole in every run, partitions or not: docs/cost.md.
        if node["config"]["meta"].get("replaced_by")
    }
    assert {"int_events_sessionized", "int_page_views_followed"} <= set(partitioned)
    sent = statements(project)
    assert "int_events_sessionized" in sent
    problems = {
        model: tables
        for model, sql in sent.items()
        if (tables := sorted(set(unpruned(sql, partitioned)) - set(READ_WHOLE)))
    }
    assert not problems


@pytest.mark.parametrize(("sql", "is_pruned"), [
    ("select * from t where day in (date '2026-01-01', date '2026-01-02')", True),
    ("select * from t where x = 1 and day = date '2026-01-01'", True),
    ("select * from t where (day is null or (day >= date '2026-01-01' and x = 1))", True),
    ("select * from t", False),
    ("select * from t where day in (select day from u)", False),
    ("select * from t where day >= date '0001-01-01'", False),
    ("select * from t where day = other_day", False),
    ("select * from t where day = date '2026-01-01' or x = 1", False),
    ("with c as (select * from t) select * from c where day = date '2026-01-01'", False),
    ("merge into t using (select 1 as day) as s on false when not matched by source "
     "and t.day in (date '2026-01-01') then delete when not matched then insert row", True),
    ("merge into t using (select 1 as day) as s on false when not matched by source "
     "then delete when not matched then insert row", False),
])
def test_the_reader_of_conditions_knows_a_pruned_read(sql, is_pruned):
    assert (unpruned(sql, {"t": "day"}) == []) == is_pruned
