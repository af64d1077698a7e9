"""Random worlds against a second statement of the rules, in plain Python.

A world is a list of raw rows of a few devices and people: pauses around the timeout, equal
times, sign-ins that come late or change hands, retries, recycled ids, refused rows, servers.
The compiled SQL of the models runs on it in memory, in milliseconds, so that hypothesis can
search and shrink.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import re
from collections import defaultdict

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from project import Project

MODELS = [
    "stg_events",
    "int_events_read_this_run",
    "int_events_sessionized",
    "int_sessions_aggregated",
    "int_sessions_identified",
    "int_server_events_gathered",
    "int_server_events_identified",
    "events",
]
START = dt.datetime(2026, 3, 1)
MINUTE = dt.timedelta(minutes=1)
# With six hours a handful of events makes a device that goes through a day without a pause.
TIMEOUTS = (30, 360)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> dict[int, dict[str, str]]:
    """The SQL of each model for each timeout, naming other models by their bare names."""
    project = Project(tmp_path_factory.mktemp("properties"))
    project.write_raw(events=[raw_row(0, START, "d", None)])
    project.dbt("seed")
    sql = {}
    for timeout in TIMEOUTS:
        project.dbt("run", "--full-refresh", session_timeout_minutes=timeout)
        folder = project.folder / "target-duckdb" / "compiled" / "footfall" / "models"
        prefix = re.compile(rf'"{project.database.stem}"[.]"main\w*"[.]')
        sql[timeout] = {
            path.stem: prefix.sub("", path.read_text())
            for path in folder.rglob("*.sql")
            if path.stem in MODELS
        }
    return sql


def raw_row(number, occurred_at, device, user, *, event_id=None, late=0, **changes) -> dict:
    received_at = occurred_at + dt.timedelta(seconds=late)
    return {
        "event_id": event_id or f"e{number:03}",
        "event_name": "page_viewed",
        "occurred_at": occurred_at,
        "received_at": received_at,
        "loaded_at": received_at,
        "anonymous_id": device,
        "user_id": user,
        "platform": "web",
        "properties": None,
    } | changes


@st.composite
def worlds(draw, timeout: int) -> list[dict]:
    """Some rows in the order of time; the test shuffles them."""
    rows = []
    clocks = {"d1": START, "d2": START}
    gaps = st.sampled_from([0, 1, timeout // 2, timeout, timeout, timeout + 1, 3 * timeout])
    for number in range(draw(st.integers(1, 25))):
        device = draw(st.sampled_from(["d1", "d1", "d1", "d2", None]))
        user = draw(st.sampled_from([None, None, None, "ann", "bob"]))
        if device is None:
            at = max(clocks.values())
        else:
            clocks[device] += draw(gaps) * MINUTE
            clocks[device] += dt.timedelta(microseconds=draw(st.integers(0, 1)))
            at = clocks[device]
        row = raw_row(
            number, at, device, user,
            late=draw(st.sampled_from([0, 5, 100_000])),
            platform=draw(st.sampled_from(["web", "web", "web", "web", "server"])),
        )
        if rows and draw(st.integers(0, 9)) == 0:
            row["event_id"] = rows[draw(st.integers(0, len(rows) - 1))]["event_id"]
        if draw(st.integers(0, 9)) == 0:
            row[draw(st.sampled_from(["event_id", "event_name", "occurred_at"]))] = None
        if draw(st.integers(0, 19)) == 0:
            row["properties"] = "[1]"
        rows.append(row)
        if draw(st.integers(0, 5)) == 0:
            rows.append(row | {"loaded_at": row["loaded_at"] + dt.timedelta(hours=26)})
    return rows


# The rules, told a second time ----------------------------------------------------------


def is_accepted(row: dict) -> bool:
    return (
        all(row[column] for column in ("event_id", "event_name", "occurred_at"))
        and bool(row["anonymous_id"] or row["user_id"])
        and row["properties"] is None
    )


def content(row: dict) -> str:
    """How the models write a row, to choose among copies of one load and receipt."""
    text = {key: value for key, value in row.items() if value is not None}
    return json.dumps(text, default=str, sort_keys=True)


def key_of(row: dict) -> tuple:
    """An id is unique for a device, else a user, on one day of the device's clock."""
    owner = row["anonymous_id"] or row["user_id"]
    return row["event_id"], owner, row["occurred_at"].date()


def first_copies(rows: list[dict]) -> list[dict]:
    copies = defaultdict(list)
    for row in filter(is_accepted, rows):
        copies[key_of(row)].append(row)
    return [
        min(group, key=lambda row: (row["loaded_at"], row["received_at"], content(row)))
        for group in copies.values()
    ]


def position(row: dict) -> tuple:
    """By time; between equals by a number drawn from the key."""
    event_id, owner, day = key_of(row)
    text = f"{len(event_id)}:{event_id}{owner}{day}"
    return row["occurred_at"], int(hashlib.md5(text.encode()).hexdigest()[:15], 16)


def sessions_of(rows: list[dict], timeout: dt.timedelta) -> list[list[dict]]:
    """The sessions of one device, event by event as the rules read."""
    sessions, last_user, chain_start = [], None, None
    for row in sorted(rows, key=position):
        previous = sessions[-1][-1] if sessions else None
        paused = previous is None or row["occurred_at"] - previous["occurred_at"] > timeout
        day_went_through = (
            not paused
            and previous["occurred_at"].date() < row["occurred_at"].date()
            and chain_start.date() < previous["occurred_at"].date()
        )
        if paused:
            chain_start = row["occurred_at"]
        if paused or day_went_through:
            last_user = None  # another visit
        other_user = bool(row["user_id"] and last_user and row["user_id"] != last_user)
        if paused or day_went_through or other_user:
            sessions.append([])
        sessions[-1].append(row)
        last_user = row["user_id"] or last_user
    return sessions


def expected(rows: list[dict], timeout: int) -> dict[tuple, tuple]:
    """The key of an event -> (key of its session's first event, index in it, person)."""
    found, by_device = {}, defaultdict(list)
    for row in first_copies(rows):
        if row["anonymous_id"] and row["platform"] != "server":
            by_device[row["anonymous_id"]].append(row)
    for device, own in by_device.items():
        sessions = sessions_of(own, timeout * MINUTE)
        users = [next((row["user_id"] for row in s if row["user_id"]), None) for s in sessions]
        for place, session in enumerate(sessions):
            before = [user for user in users[:place + 1] if user]
            after = [user for user in users[place:] if user]
            owner = before[-1] if before else after[0] if after else device
            for index, row in enumerate(session, start=1):
                found[key_of(row)] = key_of(session[0]), index, owner
    for row in first_copies(rows):
        if key_of(row) not in found and row["user_id"]:
            found[key_of(row)] = None, None, row["user_id"]
    return found


# The models ------------------------------------------------------------------------------


def built(rows: list[dict], sql: dict[str, str]) -> dict[tuple, tuple]:
    columns = (
        "event_id event_name anonymous_id user_id platform app_version page_url page_title "
        "page_referrer screen_name element user_agent device_category os browser country "
        "language source medium campaign term content click_id properties event_id_text "
        "anonymous_id_text user_id_text"
    ).split()
    times = "occurred_at sent_at received_at loaded_at".split()
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(
            "create table base_events ("
            + ", ".join([f"{name} varchar" for name in columns])
            + ", " + ", ".join([f"{name} timestamp, {name}_text varchar" for name in times])
            + ", sequence_number bigint, delivered_loaded_at timestamp, shard varchar)"
        )
        for row in rows:
            connection.execute(
                f"insert into base_events ({', '.join(row)}) values ({', '.join('?' * len(row))})",
                list(row.values()),
            )
        connection.execute("create table stg_event_names (event_name varchar, standard_name varchar)")
        connection.execute(
            "create table int_user_agents_classified (user_agent varchar, bot_category varchar)"
        )
        connection.execute(
            "create table int_identities_gathered (anonymous_id varchar, other_user_id varchar, "
            "user_id varchar, known_at timestamp)"
        )
        connection.execute(
            "create table int_user_ids_merged (user_id varchar, kept_user_id varchar)"
        )
        for model in MODELS:
            connection.execute(f"create table {model} as {sql[model]}")
        found = connection.execute(
            "select event_id, coalesce(anonymous_id, user_id), device_date, session_id, "
            "event_index, person_id from events"
        ).fetchall()
    firsts = {session: tuple(key) for *key, session, index, _ in found if index == 1}
    return {
        tuple(key): (firsts.get(session), index, person)
        for *key, session, index, person in found
    }


@pytest.mark.parametrize("timeout", TIMEOUTS)
def test_sessions_and_persons_equal_the_rules_told_twice(compiled, timeout):
    @settings(
        max_examples=60, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(worlds(timeout), st.randoms(use_true_random=False))
    def check(rows: list[dict], order: random.Random):
        shuffled = order.sample(rows, len(rows))
        found = built(shuffled, compiled[timeout])
        wanted = expected(rows, timeout)
        # A server event that names a device and no user is looked up by another route.
        assert {key: found[key] for key in wanted} == wanted
        assert len(found) == len(first_copies(rows))

    check()
