"""What a person's funnels are made from can change without a new event of theirs: each test
changes one thing, sees whose attempts are others, and compares with funnels that are all
made anew."""

from __future__ import annotations

import csv
import datetime as dt
import shutil

import pytest
from project import Project
from test_increments import assert_equals_full_refresh, run_models
from warehouse import Rows, assert_same_rows, look_in_every_schema

START = dt.datetime(2026, 3, 2, 10)
TABLES = (
    "funnel_attempts", "funnel_attempt_steps", "funnel_conversion",
    "int_funnel_attempts_ranked",
)
DEFINITIONS = "seeds/definitions"
PAID, VIEW = "paid", "view"
STEPS = [
    {"funnel_name": PAID, "step_number": 1, "step_name": "cart", "event_name": "cart_opened"},
    {"funnel_name": PAID, "step_number": 2, "step_name": "paid", "event_name": "cart_paid"},
    {"funnel_name": VIEW, "step_number": 1, "step_name": "view", "event_name": "page_viewed"},
    {"funnel_name": VIEW, "step_number": 2, "step_name": "cart", "event_name": "cart_opened"},
]
# From after the first to before the second step.
EXCLUSION = {"funnel_name": PAID, "event_name": "cart_emptied", "after_step": 1, "before_step": 2}


def event(person: str, name: str, *, day: int = 0, minute: int = 0, **changes) -> dict:
    at = START + dt.timedelta(days=day, minutes=minute)
    return {
        "event_id": f"{person} {name} {day} {minute}", "event_name": name, "occurred_at": at,
        "received_at": at, "loaded_at": at + dt.timedelta(hours=1), "anonymous_id": person,
        "platform": "web", "page_url": "https://shop.example/",
    } | changes


LOG = [
    event("buyer", "page_viewed"),
    event("buyer", "cart_opened", minute=1),
    event("buyer", "cart_paid", minute=5),
    event("waverer", "cart_opened"),
    event("waverer", "cart_emptied", minute=1),
    event("waverer", "cart_paid", minute=2),
    event("caller", "page_viewed", page_referrer="https://news.example/"),
    event("caller", "page_viewed", minute=1),
    event("regular", "page_viewed", page_referrer="https://news.example/"),
    event("regular", "page_viewed", day=2),
    event("robot", "page_viewed", user_agent="Shopping-Cart-Tester/1.0"),
    event("robot", "cart_opened", minute=1, user_agent="Shopping-Cart-Tester/1.0"),
    event("phone", "page_viewed"),
    event("laptop", "cart_opened", day=1, user_id="dana"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Project:
    project = Project(tmp_path_factory.mktemp("funnels"))
    define_funnels(project)
    project.define("funnel_steps", STEPS)
    project.write_raw(events=LOG)
    run_models(project)
    shutil.copy(project.database, project.database.with_suffix(".built"))
    shutil.copytree(project.folder / DEFINITIONS, project.folder.with_name("definitions"))
    return project


@pytest.fixture
def project(built) -> Project:
    """As it was built, whatever a test did to it."""
    shutil.copy(built.database.with_suffix(".built"), built.database)
    built.database.with_suffix(".duckdb.wal").unlink(missing_ok=True)
    shutil.copytree(
        built.folder.with_name("definitions"), built.folder / DEFINITIONS, dirs_exist_ok=True
    )
    built.write_raw(events=LOG)
    return built


def define_funnels(project: Project, **changes) -> None:
    project.define("funnels", [
        {"funnel_name": name, "description": name, "step_order": "ordered",
         "window_seconds": 86400} | (changes if name == PAID else {})
        for name in (PAID, VIEW)
    ])


def run_and_see_who_changed(project: Project) -> set[tuple[str, str]]:
    """Whose attempts are others than before; the tables are those of a run that makes all
    anew."""
    before = attempts(project)
    run_models(project)
    found, increment = attempts(project) ^ before, tables(project)
    run_models(project, "--full-refresh")
    assert_same_rows(increment, tables(project), "increment", "all anew")
    return {row[:2] for row in found}


def attempts(project: Project) -> set[tuple]:
    return set(project.duckdb.query("""
        select
            funnel_name, person_id, attempt_index, last_step_number, is_completed,
            is_excluded, channel, started_at
        from int_funnel_attempts_ranked
    """).rows)


def tables(project: Project) -> dict[str, Rows]:
    return project.duckdb.tables(TABLES)


def execute(project: Project, statement: str) -> None:
    with duckdb.connect(str(project.database)) as connection:
        look_in_every_schema(connection)
        connection.execute(statement)


def everybody(project: Project, funnel: str) -> set[tuple[str, str]]:
    persons = project.duckdb.table("funnel_attempts")
    return {
        (row["funnel_name"], row["person_id"]) for row in persons.dicts()
        if row["funnel_name"] == funnel
    }


def test_nobody_changes_by_a_run_alone(project):
    assert everybody(project, PAID) and everybody(project, VIEW)
    assert run_and_see_who_changed(project) == set()


def test_an_exclusion_concerns_those_who_did_it(project):
    # Twice and in two cases, it is one.
    project.define("funnel_exclusions", [EXCLUSION, EXCLUSION | {"event_name": "Cart_Emptied"}])
    assert run_and_see_who_changed(project) == {(PAID, "waverer")}
    (attempt,) = [
        row for row in project.duckdb.table("funnel_attempts").dicts()
        if row["person_id"] == "waverer"
    ]
    assert attempt["is_excluded"] and attempt["last_step_number"] == 1


@pytest.mark.parametrize("step", [None, {"step_name": "thanks", "event_name": "thanked"}])
def test_a_window_and_a_step_concern_those_who_came_to_the_end(project, step):
    """A last step that nobody does makes their attempts incomplete."""
    if step:
        project.define("funnel_steps", [*STEPS, {"funnel_name": PAID, "step_number": 3} | step])
    else:
        define_funnels(project, window_seconds=60)
    assert run_and_see_who_changed(project) == {(PAID, "buyer"), (PAID, "waverer")}


def test_a_funnel_that_goes_leaves_the_tables(project):
    gone = everybody(project, VIEW)
    project.define("funnel_steps", [row for row in STEPS if row["funnel_name"] == PAID])
    assert run_and_see_who_changed(project) == gone
    assert not everybody(project, VIEW)


def test_a_bot_pattern_concerns_its_bots(project):
    path = project.folder / DEFINITIONS / "bot_patterns.csv"
    patterns = csv.DictReader(path.read_text().splitlines())
    project.define("bot_patterns", [
        *patterns, {"pattern": "shopping-cart-tester", "category": "crawler"}
    ])
    assert run_and_see_who_changed(project) == {(PAID, "robot"), (VIEW, "robot")}
    assert (PAID, "robot") not in everybody(project, PAID)


def rename_channels(project: Project, names: dict[str, str]) -> None:
    path = project.folder / DEFINITIONS / "channel_rules.csv"
    project.define("channel_rules", [
        row | {"channel": names.get(row["channel"], row["channel"])}
        for row in csv.DictReader(path.read_text().splitlines())
    ])


def test_a_channel_rule_concerns_those_who_came_by_it(project):
    """Once or in two attempts: two changes alike do not make up for each other."""
    rename_channels(project, {"Referral": "Press"})
    assert run_and_see_who_changed(project) == {(VIEW, "caller"), (VIEW, "regular")}


def test_attempts_that_exchange_their_channels_are_changed(project):
    rename_channels(project, {"Referral": "Direct", "Direct": "Referral"})
    assert run_and_see_who_changed(project) == everybody(project, PAID) | everybody(project, VIEW)


def test_a_sign_in_moves_the_past_to_another_person(project):
    project.write_raw(events=[*LOG, event("phone", "signed_in", day=2, user_id="dana")])
    assert run_and_see_who_changed(project) == {(VIEW, "phone"), (VIEW, "dana")}
    assert (VIEW, "dana") in everybody(project, VIEW)
    assert (VIEW, "phone") not in everybody(project, VIEW)


def test_changes_of_all_kinds_equal_one_run(project, tmp_path):
    define_funnels(project, window_seconds=60, breakdown_property="platform")
    project.define("funnel_exclusions", [EXCLUSION])
    project.write_raw(events=[
        *LOG, event("phone", "signed_in", day=2, user_id="dana"),
        event("server", "cart_opened", day=2, anonymous_id=None, user_id="dana",
              platform="server"),
    ])
    run_models(project)
    whole = Project(tmp_path, raw=project.raw)
    whole.take_definitions(project)
    run_models(whole)
    assert_equals_full_refresh(project, whole)
