"""Whatever goes wrong: the tables stay whole, the message says what to do, and the next
run ends where a full refresh would."""

from __future__ import annotations

import datetime as dt
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from project import ROOT, Project
from test_increments import (
    OF_THE_RUN, assert_equals_full_refresh, edit_definitions, run_models,
)
from warehouse import DuckDb, assert_same_rows, look_in_every_schema
from worlds import schedule

WORLDS = 10
KILLS_OF_A_GROUP = 6
# Groups of kills that begin without a database.
FIRST_BUILDS = (True, False, True, False, False)
LEDGERS = ("load_ledger", "load_contents_ledger", "event_date_ledger")
BUILD = ("build", "--exclude-resource-type", "unit_test", "test", "--no-write-json")
# A funnel of an event that no other definition names.
NEW_FUNNEL = {
    "funnels": [{
        "funnel_name": "new", "description": "A funnel of another event.",
        "step_order": "ordered", "window_seconds": 3600,
    }],
    "funnel_steps": [
        {"funnel_name": "new", "step_number": 1, "step_name": "view", "event_name": "page_viewed"},
        {"funnel_name": "new", "step_number": 2, "step_name": "click",
         "event_name": "button_clicked"},
    ],
}


class Workshop:
    """One project whose database can be set aside and put back: building it anew for each
    test would take longer than the test."""

    def __init__(self, folder: Path):
        self.project = Project(folder)
        self.kept = folder / "kept"
        # No test of this file runs them, and dbt reads them at every start.
        for file in self.project.folder.rglob("*_unit_tests.yml"):
            file.unlink()

    def files(self) -> list[Path]:
        database = self.project.database
        return [database, database.with_name(database.name + ".wal")]

    def remove(self) -> None:
        for file in self.files():
            file.unlink(missing_ok=True)

    def keep(self, name: str) -> DuckDb:
        """A copy of the database; by the same file name, which the views know it by."""
        folder = self.kept / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in self.files():
            if file.exists():
                shutil.copy(file, folder / file.name)
        return DuckDb(folder / self.project.database.name)

    def put_back(self, name: str) -> None:
        self.remove()
        for file in (self.kept / name).iterdir():
            shutil.copy(file, self.project.database.parent / file.name)

    def restore_seeds(self) -> None:
        seeds = self.project.folder / "seeds"
        shutil.rmtree(seeds)
        shutil.copytree(ROOT / "seeds", seeds)

    def build_anew(self, name: str = "anew", **variables) -> DuckDb:
        """What a project without a past makes of the same raw rows and definitions."""
        self.keep("meanwhile")
        self.remove()
        run_models(self.project, **variables)
        built = self.keep(name)
        self.put_back("meanwhile")
        return built

    def assert_equals(self, reference: DuckDb, note: str = "") -> None:
        whole = SimpleNamespace(warehouse=lambda target: reference)
        assert_equals_full_refresh(self.project, whole, note=note)

    def execute(self, *statements: str) -> None:
        with duckdb.connect(str(self.project.database)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            look_in_every_schema(connection)
            for statement in statements:
                connection.execute(statement)


@pytest.fixture(scope="module")
def plan():
    return schedule(WORLDS, 2, random.Random(11))


@pytest.fixture(scope="module")
def workshop(tmp_path_factory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def built(workshop, plan) -> Workshop:
    """Kept: `one` after the first load, `two` after the second, `whole` built at once. The
    killed runs left a log of other worlds, on the same days and as long, and other
    definitions: begin anew."""
    workshop.remove()
    workshop.restore_seeds()
    write_orders(workshop.project, plan.runs[-1])
    for name, rows in zip(("one", "two"), plan.runs, strict=True):
        workshop.project.write_raw(events=rows)
        run_models(workshop.project)
        workshop.keep(name)
    workshop.build_anew("whole")
    return workshop


@pytest.fixture
def shop(built, plan) -> Workshop:
    """The database after both loads, with the raw rows of the second."""
    built.restore_seeds()
    built.project.write_raw(events=plan.runs[1])
    built.put_back("two")
    return built


@pytest.fixture
def whole(built) -> DuckDb:
    return DuckDb(built.kept / "whole" / built.project.database.name)


def write_orders(project: Project, rows: list[dict]) -> None:
    """An order beside every event that tells of one by somebody signed in."""
    placed = {
        row["event_id"]: row for row in rows
        if row["event_name"] == "order_placed" and row["user_id"] and row["event_id"]
        and row["occurred_at"]
    }
    project.write_raw(orders=[
        {"id": key, "user_id": row["user_id"], "status": "paid", "currency": "EUR",
         "total_amount": 10, "ordered_at": row["occurred_at"] + dt.timedelta(seconds=5)}
        for key, row in sorted(placed.items())
    ])


def wait_for(project: Project, process, line: str) -> bool:
    """Until the run has said a line; false where it ended without it."""
    while True:
        ended = not process.is_alive()
        if project.log.exists() and re.search(line, project.log.read_text(errors="replace")):
            return True
        if ended:
            return False
        time.sleep(0.01)


def is_first_build(project: Project) -> bool:
    if "increment_marks" not in project.duckdb.table_names():
        return True
    return not project.duckdb.query(
        "select 1 from increment_marks where model_name = 'int_events_sessionized'"
    ).rows


def kill_once(project: Project, draw: random.Random, line: str) -> str | None:
    """Kill a run a moment after a line; tells what it was about to do, none if it was done."""
    process = project.start(*BUILD)
    try:
        wait_for(project, process, line)
        time.sleep(draw.uniform(0, 0.25))
    finally:
        process.kill()
        process.join()
    if process.exitcode != -9:
        return None
    started = re.findall(r"START .*?main\w*\.(\w+)", project.log.read_text(errors="replace"))
    return (started or ["the start"])[-1]


# ---- A run that dies.

def test_the_run_after_a_killed_run_equals_a_full_refresh(workshop, capsys):
    draw = random.Random(7)
    project = workshop.project
    loads = iter(schedule(WORLDS, len(FIRST_BUILDS) * (KILLS_OF_A_GROUP + 1), draw).runs)
    write_orders(project, [])
    workshop.remove()
    kills, hit = Counter(), []
    for group, from_nothing in enumerate(FIRST_BUILDS):
        history = []
        for _ in range(KILLS_OF_A_GROUP):
            if from_nothing:
                workshop.remove()
            project.write_raw(events=next(loads))
            history.append(edit_definitions(project, draw))
            kind = "first build" if is_first_build(project) else "increment"
            # Half of the kills hit any model, half those that an increment consists of;
            # of a run without a database, only those up to the event table.
            line = rf"{draw.randint(1, 83)} of \d+ START"
            if draw.random() < 0.5:
                line = f"START .*main\\w*.{draw.choice(sorted(OF_THE_RUN))} "
            elif draw.random() < 0.1:
                line = "Finished running"
            what = kill_once(project, draw, line)
            if what:
                kills[kind] += 1
                history.append(f"{kind} killed at {what}")
                hit.append(what)
            # What a dead run leaves can be read.
            project.duckdb.table_names()
        project.write_raw(events=next(loads))
        run_models(project)
        workshop.assert_equals(workshop.build_anew(), f"group {group}: {'; '.join(history)}")
    with capsys.disabled():
        print(f"\n{sum(kills.values())} kills: {dict(kills)}; at {Counter(hit)}")
    assert sum(kills.values()) >= 25
    assert min(kills["first build"], kills["increment"]) >= 5


# ---- A run that cannot go on.

def test_a_second_run_names_who_holds_the_database(shop):
    before = shop.project.tables()
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(shop.project.database)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        run = shop.project.dbt(*BUILD, expect=None)
    finally:
        holder.communicate("\n")
    assert run.exit_code != 0
    for words in (
        f"database ../{shop.project.database.name} is open in", f"process {holder.pid}",
        "No table was touched",
    ):
        assert words in run.output, run.tail()
    assert_same_rows(before, shop.project.tables(), "before", "after")


def assert_promised_tables_are(before: dict, project: Project) -> None:
    """Every table is as it was, but for those that tell of the run itself."""
    after = project.tables()
    for changed in OF_THE_RUN:
        before.pop(changed, None), after.pop(changed, None)
    assert_same_rows(before, after, "before", "after")


def test_a_spoiled_file_stops_an_increment(shop, whole):
    shop.put_back("one")
    before = shop.project.tables()
    file = shop.project.raw / "events" / "events.parquet"
    good = file.read_bytes()
    file.write_bytes(good[: len(good) // 2])
    run = shop.project.dbt(*BUILD, expect=1)
    assert str(file) in run.output, run.tail()
    assert_promised_tables_are(before, shop.project)
    file.write_bytes(good)
    run_models(shop.project)
    shop.assert_equals(whole)


@pytest.mark.parametrize("line", [r"1 of \d+ START", "START .*main\\w*.int_events_sessionized "])
def test_a_full_disk_loses_nothing(shop, whole, line):
    shop.put_back("one")
    before = shop.project.tables()
    process = shop.project.start(*BUILD)
    assert wait_for(shop.project, process, line)
    # From here on no file grows beyond what the log of the run needs.
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (32_000, 32_000))
    process.join()
    output = shop.project.log.read_text(errors="replace")
    assert process.exitcode == 1, output[-5000:]
    assert re.search("(?i)could not write|file too large|no space", output), output[-5000:]
    after = shop.project.tables()
    for name, rows in before.items():
        if name not in OF_THE_RUN and after[name] != rows:
            assert_same_rows(whole.table(name), after[name], f"{name} whole", "after")
    run_models(shop.project)
    shop.assert_equals(whole)


# ---- A run that has nothing to do, or something else than a load.

def test_the_same_run_again_changes_nothing(shop, whole):
    before = shop.project.tables()
    run_models(shop.project)
    shop.assert_equals(whole)
    once = shop.project.tables()
    for name in set(before) - (OF_THE_RUN - set(LEDGERS)):
        assert_same_rows(before[name], once[name], f"{name} before", "after")


@pytest.mark.parametrize(("variables", "whole_story"), [
    ({"reporting_timezone": "Asia/Seoul"}, True),
    ({"session_timeout_minutes": 20}, False),
    ({"page_view_events": ["product_viewed"]}, False),
])
def test_changed_rules_ask_for_a_full_refresh(shop, whole, variables, whole_story):
    before = shop.project.tables()
    run = shop.project.dbt(*BUILD, expect=None, **variables)
    assert run.exit_code != 0
    assert "--full-refresh" in run.output, run.tail()
    assert next(iter(variables)) in run.output, run.tail()
    assert_same_rows(before, shop.project.tables(), "before", "after")
    if not whole_story:
        return
    shop.keep("refused")
    run_models(shop.project, "--full-refresh", **variables)
    shop.assert_equals(shop.build_anew(**variables))
    shop.put_back("refused")
    run_models(shop.project)
    shop.assert_equals(whole)


def test_another_log_stops_the_run(shop, whole):
    before = shop.project.tables()
    file = shop.project.raw / "events" / "events.parquet"
    good = file.read_bytes()
    rows = f"read_parquet('{file}')"
    with duckdb.connect() as connection:
        connection.execute(
            f"create table moved as select * replace (loaded_at + interval 9 year as loaded_at) from {rows}"
        )
        connection.execute(f"copy moved to '{file}' (format parquet)")
    run = shop.project.dbt(*BUILD, expect=1)
    assert "No event is left" in run.output, run.tail()
    assert str(shop.project.raw / "events") in run.output, run.tail()
    assert_promised_tables_are(before, shop.project)
    file.write_bytes(good)
    run_models(shop.project)
    shop.assert_equals(whole)


def test_a_range_of_days_can_be_rebuilt(shop, whole):
    # The week with the most events, and a day far from it.
    (first, far), = shop.project.duckdb.query("""
        with days as (
            select event_date, count(*) as events from int_events_sessionized group by 1
        ), weeks as (
            select d.event_date, sum(e.events) as events from days as d
            inner join days as e on e.event_date >= d.event_date and e.event_date < d.event_date + 7
            group by 1
        )
        select w.event_date, (select max(event_date) from days
            where abs(days.event_date - w.event_date) > 60)
        from weeks as w order by w.events desc limit 1
    """).rows
    last = first + dt.timedelta(days=7)
    within = f"event_date >= date '{first}' and event_date < date '{last}'"
    shop.execute(
        f"delete from int_events_sessionized where {within} and hash(event_id) % 3 = 0",
        "update int_events_sessionized set session_key = 1 "
        f"where {within} and hash(event_id) % 3 = 1",
        "update int_page_views_followed set dwell_seconds = 77777 "
        f"where view_date >= date '{first}' and view_date < date '{last}'",
        f"update int_events_sessionized set page_title = 'by hand' where event_date = date '{far}'",
        f"update int_page_views_followed set platform = 'by hand' where view_date = date '{far}'",
    )
    run_models(shop.project, "--event-time-start", str(first), "--event-time-end", str(last))
    (kept,), = shop.project.duckdb.query(
        "select count(*) from int_events_sessionized "
        f"where event_date = date '{far}' and page_title = 'by hand'"
    ).rows
    assert kept > 0
    shop.execute(
        f"update int_events_sessionized set page_title = null where event_date = date '{far}'",
        f"update int_page_views_followed set platform = 'web' where view_date = date '{far}'",
    )
    shop.assert_equals(whole)


def test_a_new_definition_needs_no_full_refresh(shop):
    before = shop.project.duckdb.table("event_date_ledger")
    shop.project.define_all(NEW_FUNNEL)
    run_models(shop.project)
    assert_same_rows(before, shop.project.duckdb.table("event_date_ledger"))
    assert len(shop.project.duckdb.table("funnel_attempts").rows) > 0
    shop.assert_equals(shop.build_anew())


@pytest.mark.parametrize("options", [
    ("--select", "funnel_attempts"), ("--select", "int_funnel_events_matched+"),
    ("--select", "int_events_sessionized"), ("--select", "load_ledger"),
    ("--exclude", "int_sessions_aggregated"), ("--exclude", "stg_funnels"),
    ("--exclude", "increment_marks"),
    ("--full-refresh", "--select", "int_events_sessionized"),
], ids=" ".join)
def test_models_selected_without_what_they_are_made_from_stop_the_run(shop, options):
    before = shop.project.tables()
    run = shop.project.dbt("run", *options, expect=None)
    assert run.exit_code != 0
    assert "was selected without" in run.output, run.tail()
    assert "dbt build --select +" in run.output, run.tail()
    assert_same_rows(before, shop.project.tables(), "before", "after")


@pytest.mark.parametrize("selected", ["+int_events_sessionized", "+sessions", "+funnel_conversion"])
def test_models_selected_with_all_they_are_made_from_are_as_of_a_full_refresh(
    shop, whole, selected
):
    """And a run of everything after it brings the others up to date."""
    shop.put_back("one")
    run = run_models(shop.project, "--select", selected)
    # Marts that are views over tables of which only some were made.
    assert "Until the next `dbt build` they are of two runs" in " ".join(run.output.split())
    name = selected.strip("+")
    if name in shop.project.duckdb.table_names():
        assert_same_rows(whole.table(name), shop.project.duckdb.table(name), "full", "selected")
    run_models(shop.project)
    shop.assert_equals(whole)


def test_a_changed_model_is_made_anew(shop):
    """A fact by itself, with what is made from it; comments change nothing."""
    for file, old, new in (
        ("models/intermediate/pages/int_page_views_followed.sql", "        page,\n        page_host",
         "        upper(page) as page,\n        page_host"),
        ("macros/urls.sql", "{#- The host of", "{#- Here is the host of"),
    ):
        path = shop.project.folder / file
        code = path.read_text()
        assert old in code
        path.write_text(code.replace(old, new))
    try:
        run_models(shop.project)
        pages = [row["page"] for row in shop.project.duckdb.table("page_views").dicts()]
        assert any(pages) and all(page == page.upper() for page in pages if page)
        shop.assert_equals(shop.build_anew())
    finally:
        for folder in ("models", "macros"):
            shutil.copytree(ROOT / folder, shop.project.folder / folder, dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns("*_unit_tests.yml"))
    run_models(shop.project)


@pytest.mark.parametrize(("file", "old", "new", "named"), [
    ("models/staging/events/stg_events.sql", "34560000000000", "34560000000001", "stg_events"),
    ("macros/sessionized.sql", "coalesce(sequence_number, 0)", "coalesce(sequence_number, 1)",
     "int_events_sessionized"),
])
def test_changed_code_of_the_event_table_asks_for_a_full_refresh(shop, file, old, new, named):
    before = shop.project.tables()
    path = shop.project.folder / file
    code = path.read_text()
    assert old in code
    path.write_text(code.replace(old, new))
    try:
        run = shop.project.dbt(*BUILD, expect=None)
    finally:
        path.write_text(code)
    assert run.exit_code != 0
    assert f"the code of {named}" in run.output, run.tail()
    assert "--full-refresh" in run.output, run.tail()
    assert_same_rows(before, shop.project.tables(), "before", "after")


def test_names_of_the_same_words_parted_otherwise_are_other_names(shop):
    for names in (["a page_viewed"], ["a", "page_viewed"]):
        shop.project.define_all({
            "funnels": [], "funnel_steps": [], "funnel_exclusions": [],
            "conversions": [
                {"conversion_name": f"conversion {number}", "event_name": name}
                for number, name in enumerate(names)
            ],
        })
        run_models(shop.project)
    assert shop.project.duckdb.table("conversions").rows
    shop.assert_equals(shop.build_anew())


def test_new_rules_that_reach_the_event_table_alone_reach_funnels_later(shop):
    zone = {"reporting_timezone": "Asia/Seoul"}
    # As far as a full refresh comes that is killed before the funnels.
    shop.project.dbt("run", "--full-refresh", "--select", "+int_events_sessionized", **zone)
    run_models(shop.project, **zone)
    shop.assert_equals(shop.build_anew(**zone))


@pytest.mark.parametrize("table", [
    "int_events_sessionized", "int_sessions_aggregated", "int_conversion_events",
    "increment_marks", "event_names", *LEDGERS,
])
def test_a_table_that_was_dropped_comes_back(shop, whole, table):
    shop.put_back("one")
    shop.execute(f'drop table "{table}" cascade')
    run_models(shop.project)
    shop.assert_equals(whole)


@pytest.mark.parametrize("table", ["int_page_views_followed", *LEDGERS])
def test_a_table_that_was_dropped_comes_back_without_a_load(shop, whole, table):
    shop.execute(f'drop table "{table}" cascade')
    run_models(shop.project)
    shop.assert_equals(whole)
