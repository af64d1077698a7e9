"""Increments where counts cancel out, copies are refused, clocks are mad, or threads race."""

from __future__ import annotations

import datetime as dt
import random

import duckdb
import pytest
import yaml
from project import Project
from test_increments import assert_equals_full_refresh, run_models
from worlds import schedule

MINUTE = dt.timedelta(minutes=1)
GO_ZERO_TIME = dt.datetime(1, 1, 1)
LAST_DAY = dt.datetime(9999, 12, 31)


def day(number: int) -> dt.datetime:
    return dt.datetime(2026, 3, number, 11)


def event(event_id: str | None, load: dt.datetime, **changes) -> dict:
    at = min(load, dt.datetime(9999, 12, 30, 10))
    return {
        "event_id": event_id, "event_name": "page_viewed", "occurred_at": at, "received_at": at,
        "loaded_at": load, "anonymous_id": f"device-{event_id}", "platform": "web",
        "properties": None,
    } | changes


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path / "increments")


def assert_equals_one_run(project: Project, folder) -> None:
    whole = Project(folder, raw=project.raw)
    run_models(whole)
    assert_equals_full_refresh(project, whole)


def event_ids(project: Project) -> set[str]:
    return {row[0] for row in project.duckdb.query("select event_id from events").rows}


def test_a_row_that_goes_is_not_made_up_for_by_one_that_comes(project, tmp_path):
    staying = [event("a", day(1)), event("b", day(5)), event("c", day(8))]
    project.write_raw(events=[*staying, event("gone", day(1))])
    run_models(project)
    project.write_raw(events=[*staying, event("late", day(2))])
    run_models(project)
    assert event_ids(project) == {"a", "b", "c", "late"}
    assert_equals_one_run(project, tmp_path / "whole")
    # A day that goes before a full refresh leaves no count behind to hide the next row.
    staying = staying[1:]
    project.write_raw(events=[*staying, event("late", day(2))])
    run_models(project, "--full-refresh")
    project.write_raw(events=[*staying, event("late", day(2)), event("later", day(3))])
    run_models(project)
    assert event_ids(project) == {"b", "c", "late", "later"}


def test_a_load_that_was_away_in_a_full_refresh_is_read_when_it_returns(project, tmp_path):
    first, second = [event("a", day(1)), event("b", day(1))], [event("c", day(2))]
    project.write_raw(events=first + second)
    run_models(project)
    project.write_raw(events=second)
    run_models(project, "--full-refresh")
    assert event_ids(project) == {"c"}
    project.write_raw(events=first + second)
    run_models(project)
    assert event_ids(project) == {"a", "b", "c"}
    assert_equals_one_run(project, tmp_path / "whole")
    # A full refresh over another log: the first one is no longer what the tables hold.
    project.write_raw(events=[event("x", day(5))])
    run_models(project, "--full-refresh")
    project.write_raw(events=first + second)
    assert "No event is left" in run_models(project, expect=1).output
    run_models(project, "--full-refresh")
    assert_equals_one_run(project, tmp_path / "whole again")


def test_a_rebuilt_day_loses_the_row_that_was_moved_off_it(project, tmp_path):
    staying = [event("a", day(1)), event("b", day(5)), event("c", day(6))]
    moved = event("moved", day(8), occurred_at=day(5), received_at=day(5))
    project.write_raw(events=[*staying, moved])
    run_models(project)
    moved |= {"occurred_at": day(6), "received_at": day(6)}
    project.write_raw(events=[*staying, moved])
    run_models(project, "--event-time-start", "2026-03-05", "--event-time-end", "2026-03-06")
    assert_equals_one_run(project, tmp_path / "whole")
    project.write_raw(events=[*staying, moved | {"occurred_at": None}])
    run_models(project, "--event-time-start", "2026-03-01", "--event-time-end", "2026-04-01")
    assert event_ids(project) == {"a", "b", "c"}
    assert_equals_one_run(project, tmp_path / "whole again")


def test_odd_rows_come_and_go_as_in_a_full_refresh(project, tmp_path):
    copy = event("twice", day(1))
    always = [
        event("plain", day(1)),
        copy | {"properties": "{nonsense"},
        copy | {"loaded_at": day(4)},
        event(None, GO_ZERO_TIME, anonymous_id="go", occurred_at=day(1), received_at=day(1)),
    ]
    project.write_raw(events=[*always, copy])
    run_models(project)
    refused = "select count(*) from rejected_events"
    assert project.duckdb.query(refused).rows == [(2,)]

    odd = [event("last day", LAST_DAY), event("last day, again", LAST_DAY)]
    project.write_raw(events=[*always, *(row | {"anonymous_id": "mad"} for row in odd)])
    written = project.raw / "events" / "events.parquet"
    with duckdb.connect() as connection:
        for sign in ("", "-"):
            connection.execute(f"""
                copy (
                    select * replace (
                        'endless{sign}' as event_id, timestamp '{sign}infinity' as loaded_at,
                        timestamp '2026-03-02 11:00' as received_at
                    )
                    from read_parquet('{written}') where event_id = 'plain'
                ) to '{written.with_name(f"endless{sign}.parquet")}'
            """)
    run_models(project)
    assert event_ids(project) == {
        "plain", "twice", "last day", "last day, again", "endless", "endless-"
    }
    assert_equals_one_run(project, tmp_path / "whole")
    run_models(project)
    assert project.duckdb.query(refused).rows == [(2,)]
    assert_equals_one_run(project, tmp_path / "whole again")


def test_a_dry_run_is_for_a_schema_without_tables(project, tmp_path):
    """`dbt build --empty` makes every table without a row; the next run fills them."""
    project.write_raw(events=[event("a", day(1)), event("b", day(5))])
    run_models(project, "--empty")
    assert event_ids(project) == set()
    run_models(project)
    assert event_ids(project) == {"a", "b"}
    run = project.dbt("run", "--empty", expect=2)
    assert "leave --empty away. No table was touched" in run.output
    run_models(project)
    assert_equals_one_run(project, tmp_path / "whole")


def test_tables_may_lie_in_other_schemas(project, tmp_path):
    file = project.folder / "dbt_project.yml"
    settings = yaml.safe_load(file.read_text())
    settings["models"]["footfall"]["marts"]["+schema"] = "reports"
    settings["models"]["footfall"]["intermediate"]["increments"] = {"+schema": "ledgers"}
    file.write_text(yaml.safe_dump(settings))
    rows = []
    for number in (1, 2):
        rows.append(event(str(number), day(number)))
        project.write_raw(events=rows)
        run_models(project)
    schemas = project.duckdb.query("select distinct table_schema from information_schema.tables")
    assert set(schemas.column("table_schema")) == {
        "main_reports", "main_ledgers", "main_staging", "main_intermediate", "main_definitions"
    }
    assert_equals_one_run(project, tmp_path / "whole")


def test_threads_change_nothing(project, tmp_path):
    rows = []
    for number in range(1, 5):
        rows += [
            event(f"{number} {place}", day(number) + place * MINUTE, anonymous_id="device")
            for place in range(3)
        ]
        project.write_raw(events=rows)
        run_models(project, "--threads", "8")
    assert len(event_ids(project)) == len(rows)
    assert_equals_one_run(project, tmp_path / "whole")


def test_a_history_in_slices_is_the_same(project, tmp_path):
    """At first, and where a table is made anew, as its mark is gone."""
    first, second = schedule(30, 2, random.Random(3)).runs
    project.write_raw(events=first)
    file = project.folder / "macros" / "cross_db" / "increments.sql"
    sql = file.read_text()
    assert "return(10000000)" in sql
    file.write_text(sql.replace("return(10000000)", "return(20)"))
    run_models(project)
    for model in ("int_events_sessionized", "int_sessions_aggregated"):
        (sent,) = (project.folder / "target-duckdb" / "run").rglob(f"{model}.sql")
        assert sent.read_text().count("insert into") > 10, model
    assert_equals_one_run(project, tmp_path / "whole")
    with duckdb.connect(str(project.database)) as connection:
        connection.execute(
            "delete from main_intermediate.increment_marks where model_name = 'int_sessions_aggregated'"
        )
    project.write_raw(events=second)
    run_models(project)
    assert_equals_one_run(project, tmp_path / "whole again")
