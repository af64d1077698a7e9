"""After any runs over any order of arrival, with definitions and models changed and days
rebuilt in between, every table equals a full refresh."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil

import duckdb
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from project import Project
from warehouse import DuckDb, difference
from worlds import START, WEEKS_OF_A_WORLD, application, definitions, schedule

WORLDS_AT_ONCE = 60
RUNS = 4
# `make soak` asks for more.
EXAMPLES = int(os.environ.get("FOOTFALL_SOAK", "60")) // WORLDS_AT_ONCE

# What a run remembers about its own reading; everything else is promised to be equal.
OF_THE_RUN = {
    "increment_marks", "raw_tables", "load_ledger", "load_contents_ledger",
    "event_date_ledger", "int_events_read_this_run",
}


def assert_equals_full_refresh(project: Project, reference: Project, target="duckdb", note=""):
    """Compare every model of a project with a full build over the same raw rows."""
    ours, theirs = project.warehouse(target), reference.warehouse("duckdb")
    promised = {
        name: node["alias"] for name, node in sorted(project.nodes("model", target).items())
        if name not in OF_THE_RUN and not name.startswith(("stg_", "base_"))
    }
    equal = set()
    if target == "duckdb":
        mine, others = (side.digests(promised.values()) for side in (ours, theirs))
        equal = {table for table in mine if mine[table] == others[table]}
    problems = []
    for name, table in promised.items():
        # Seldom needed, and slow: Python finds the rows, and forgives a float's last digits.
        if table in equal:
            continue
        problem = difference(theirs.table(table), ours.table(table), "full", "increments")
        if problem:
            problems.append(f"{name}: {problem}")
    assert not problems, note + "\n" + "\n".join(problems)


def run_models(project: Project, *options: str, target="duckdb", **more):
    if target == "duckdb":
        # What tests read in dbt's files stands there since the project was parsed; to write
        # them again takes a run a quarter of its time.
        options += ("--no-write-json",)
    return project.dbt(
        "build", "--exclude-resource-type", "unit_test", "test", *options, target=target, **more
    )


def edit_definitions(project: Project, draw: random.Random) -> str:
    """Change what somebody might between two runs; say what."""
    edited = definitions(draw)
    project.define_all(edited)
    return f"edited: {', '.join(edited) or 'nothing'}"


# Changes that somebody might make to a model that is kept by day: file, text, another text.
MODEL_CHANGES = [
    ("models/intermediate/pages/int_page_views_followed.sql", "        page,\n        page_host",
     "        upper(page) as page,\n        page_host"),
    ("models/intermediate/products/int_product_events.sql", "product_id is not null",
     "product_id != 'p1'"),
    ("models/intermediate/orders/int_order_mentions.sql", "order_id is not null",
     "order_id like '%1'"),
    ("macros/arithmetic.sql", "divided(microseconds, 1000000)",
     "divided(microseconds, 500000)"),
]


def change_a_model(project: Project, draw: random.Random) -> str:
    """Change the code of a model, or of a macro that some use; say what."""
    file, old, new = draw.choice(MODEL_CHANGES)
    path = project.folder / file
    text = path.read_text()
    assert old in text or new in text, f"{file} has other code than this test changes"
    if draw.random() < 0.5 or new in text:
        return "same code"
    path.write_text(text.replace(old, new))
    return f"changed: {file}"


def take_code(project: Project, other: Project) -> None:
    for folder in ("models", "macros"):
        shutil.copytree(other.folder / folder, project.folder / folder, dirs_exist_ok=True)


def some_range(draw: random.Random) -> tuple[str, ...]:
    """Days of a world or three, to be rebuilt beside what is new."""
    first = (START + draw.randrange(WORLDS_AT_ONCE) * WEEKS_OF_A_WORLD).date()
    last = first + dt.timedelta(days=draw.randint(1, 100))
    return "--event-time-start", str(first), "--event-time-end", str(last)


def test_increments_equal_a_full_refresh(tmp_path_factory):
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )
    @given(st.integers(0, 2**32))
    def check(seed: int):
        draw = random.Random(seed)
        plan = schedule(WORLDS_AT_ONCE, RUNS, draw)
        zone = draw.choice(["UTC", "Asia/Seoul", "America/Los_Angeles", "Asia/Kolkata"])
        project = Project(tmp_path_factory.mktemp("increments"))
        project.variables = {"reporting_timezone": zone}
        for rows in plan.runs:
            project.write_raw(events=rows, **application(rows, draw))
            plan.history.append(edit_definitions(project, draw))
            plan.history.append(change_a_model(project, draw))
            run_models(project, *draw.choice([(), (), (), some_range(draw)]))
        reference = Project(tmp_path_factory.mktemp("full"), raw=project.raw)
        reference.take_definitions(project)
        take_code(reference, project)
        reference.variables = project.variables
        run_models(reference)
        assert_equals_full_refresh(
            project, reference, note=f"seed {seed}, {zone}: " + "; ".join(plan.history)
        )

    check()


def test_a_digest_tells_rows_apart(tmp_path):
    """Whatever order rows and columns are in, and where two rows exchange a value."""
    rows = "(values (1, 'a', null), (2, 'b', 5), (2, 'b', 5), (3, null, 6)) as t (x, y, z)"
    tables = {
        "told": f"select * from {rows}",
        "reordered": f"select z, y, x, 7 as entrant_key from {rows} order by x desc",
        "once": f"select distinct * from {rows}",
        "renamed": f"select x, y, z as other from {rows}",
        "moved": f"select x, z::varchar as y, y as z from {rows}",
        "exchanged": f"select x, y, case x when 2 then 6 when 3 then 5 end as z from {rows}",
        "one value": f"select x, y, case x when 3 then 7 else z end as z from {rows}",
        "none": f"select * from {rows} where false",
    }
    warehouse = DuckDb(tmp_path / "tables.duckdb")
    with duckdb.connect(str(warehouse.path)) as connection:
        for name, query in tables.items():
            connection.execute(f'create table "{name}" as {query}')
    digests = warehouse.digests(tables)
    same = {name for name, digest in digests.items() if digest == digests["told"]}
    assert same == {"told", "reordered"}
