"""The simulated shop: same files for a seed, raw tables as agreed, truth that holds.

The truth is checked against the definitions of semantics by plain SQL, written apart
from the simulator: refusals, duplicates, sessions and persons.
"""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from demo.__main__ import main  # noqa: E402
from demo.write import Request, generate  # noqa: E402

ASKED = 20_000
START, DAYS = date(2026, 3, 1), 122

RAW_COLUMNS = {
    "events": "event_id event_name occurred_at sent_at received_at loaded_at"
    " anonymous_id user_id platform app_version page_url page_title page_referrer"
    " screen_name element user_agent device_category os browser country language"
    " properties",
    "users": "id created_at email country updated_at deleted_at",
    "products": "id name category price currency created_at updated_at",
    "orders": "id user_id status currency subtotal_amount discount_amount"
    " shipping_amount total_amount ordered_at updated_at",
    "order_items": "id order_id product_id quantity unit_price",
    "refunds": "id order_id amount refunded_at",
    "reviews": "id user_id product_id order_id rating body created_at",
}
TRUTH = ("events", "people", "devices", "sessions", "orders")


def _hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file's bytes by its path in the folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of demo data of the size ASKED."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    generate(Request(ASKED, 7, START, DAYS), folder, workers=1)
    return folder


@pytest.fixture(scope="module")
def db(data: Path) -> duckdb.DuckDBPyConnection:
    """Return a database with the raw tables, and the truth as `true_<table>`.

    `judged` is each raw event row with its truth, the time `corrected_at` by the
    rule of semantics, and the reason to refuse it, `rule_reason`, by the same.
    """
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    for table in RAW_COLUMNS:
        files = f"{data}/raw/{table}/*.parquet"
        connection.execute(f"create view {table} as from '{files}'")
    for table in TRUTH:
        files = f"{data}/truth/{table}/*.parquet"
        connection.execute(f"create view true_{table} as from '{files}'")
    connection.execute(f"""
        create table judged as
        with raw as (
            select
                * exclude (filename, file_row_number),
                'events/' || parse_filename(filename) as raw_file,
                file_row_number as raw_row,
                coalesce(
                    received_at - (sent_at - occurred_at), occurred_at
                ) as corrected_at,
            from read_parquet(
                '{data}/raw/events/*.parquet', filename = true, file_row_number = true
            )
        )
        select
            raw.*,
            true_events.* exclude (raw_file, raw_row, event_id),
            case
                when coalesce(raw.event_id, '') = '' then 'missing_event_id'
                when coalesce(event_name, '') = '' then 'missing_event_name'
                when occurred_at is null then 'unparseable_occurred_at'
                when coalesce(anonymous_id, '') = '' and coalesce(user_id, '') = ''
                    then 'missing_identity'
                when corrected_at > received_at + interval 24 hour then 'time_in_future'
                when corrected_at < received_at - interval 400 day then 'time_too_old'
                when not json_valid(properties) or json_type(properties) <> 'OBJECT'
                    then 'malformed_properties'
            end as rule_reason,
            raw.event_id is not distinct from true_events.event_id as is_same_id,
        from raw full join true_events using (raw_file, raw_row)
    """)
    return connection


def _one(db: duckdb.DuckDBPyConnection, query: str) -> tuple:
    """Return the single row of a query."""
    rows = db.execute(query).fetchall()
    assert len(rows) == 1
    return rows[0]


# --- files -------------------------------------------------------------------------


def test_same_seed_gives_same_files(data: Path, tmp_path: Path) -> None:
    generate(Request(ASKED, 7, START, DAYS), tmp_path / "again", workers=1)
    assert _hashes(tmp_path / "again") == _hashes(data)
    generate(Request(ASKED, 8, START, DAYS), tmp_path / "other", workers=1)
    events = "raw/events/part-00000.parquet"
    assert _hashes(tmp_path / "other")[events] != _hashes(data)[events]


def test_number_of_processes_changes_no_file(tmp_path: Path) -> None:
    request = Request(ASKED, 7, START, DAYS, shard_rows=10_000)
    for workers in (1, 2):
        generate(request, tmp_path / f"with-{workers}", workers)
    one = _hashes(tmp_path / "with-1")
    assert one == _hashes(tmp_path / "with-2")
    assert sum(name.startswith("raw/events/") for name in one) == 2


def test_shards_share_no_id(tmp_path: Path) -> None:
    # Three, since the first has a crawler that makes it unlike the others anyhow.
    generate(Request(ASKED, 7, START, DAYS, shard_rows=7_000), tmp_path / "data", 1)
    for table, column in (("events", "event_id"), ("users", "id"), ("orders", "id"),
                          ("events", "anonymous_id"), ("refunds", "id")):
        files = tmp_path / "data" / "raw" / table / "*.parquet"
        assert duckdb.sql(f"""
            select count(*), count(*) filter (where file_count > 1)
            from (
                select count(distinct filename) as file_count
                from read_parquet('{files}', filename = true)
                where {column} <> ''
                group by {column}
            )
            having count(*) = 0 or count(*) filter (where file_count > 1) > 0
        """).fetchall() == [], table


@pytest.mark.parametrize("asked,days", [(10_000, 122), (10_000, 7), (20_000, 366)])
def test_row_count_is_near_what_was_asked(
    tmp_path: Path, asked: int, days: int
) -> None:
    summary = generate(Request(asked, 3, START, days), tmp_path / "data", workers=1)
    assert summary["tables"]["events"] == pytest.approx(asked, rel=0.02)


def test_earlier_data_is_replaced_and_other_folders_are_not_touched(
    tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "data"
    arguments = ["--events", "10000", "--workers", "1", "--out", str(out)]
    assert main(arguments) == 0
    first = _hashes(out)
    assert main([*arguments, "--seed", "9"]) == 0
    assert _hashes(out).keys() == first.keys() and _hashes(out) != first
    assert [each.name for each in tmp_path.iterdir()] == ["data"]

    (out / "letter.txt").write_text("keep me")
    before = _hashes(out)
    assert main(arguments) == 1
    assert "other than demo data" in capsys.readouterr().err
    assert _hashes(out) == before


@pytest.mark.parametrize(
    "arguments,message",
    [
        (["--events", "many"], "'many' is not a whole number"),
        (["--events", "9999"], "9999 is not between 10,000 and 100,000,000"),
        (["--start", "1 March"], "'1 March' is not a date like 2026-03-01"),
        (["--days", "400"], "400 is not between 7 and 366 days"),
        (["--seed", "-1"], "'-1' is not a whole number from 0 up"),
        (["--workers", "0"], "0 is not between 1 and 256 processes"),
    ],
)
def test_bad_arguments_are_named(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert message in capsys.readouterr().err


# --- raw tables --------------------------------------------------------------------


@pytest.mark.parametrize("table", RAW_COLUMNS)
def test_columns_are_exactly_those_of_the_interface(
    db: duckdb.DuckDBPyConnection, table: str
) -> None:
    columns = db.execute(f"describe {table}").fetchall()
    assert [name for name, *_ in columns] == RAW_COLUMNS[table].split()
    for name, kind, *_ in columns:
        is_time = name.endswith("_at")
        is_money = name.endswith(("amount", "price"))
        assert (kind == "TIMESTAMP") == is_time, name
        assert (kind == "DECIMAL(18,2)") == is_money, name
    assert db.execute(f"from {table} limit 1").fetchall()


def test_events_span_the_period(db: duckdb.DuckDBPyConnection) -> None:
    first, last, days = _one(
        db,
        "select min(true_occurred_at)::date, max(true_occurred_at)::date,"
        " count(distinct true_occurred_at::date) from judged",
    )
    assert (first, last, days) == (START, date(2026, 6, 30), DAYS)


def test_amounts_add_up(db: duckdb.DuckDBPyConnection) -> None:
    assert _one(db, """
        with sums as (
            select order_id, sum(quantity * unit_price) as amount
            from order_items group by order_id
        )
        select count(*) > 20, count(*) filter (where
            sums.amount is distinct from subtotal_amount
            or total_amount <> subtotal_amount - discount_amount + shipping_amount
            or total_amount <= 0)
        from orders left join sums on sums.order_id = orders.id
    """) == (True, 0)
    assert _one(db, """
        select count(*) filter (where orders.id is null
            or amount > total_amount or amount <= 0 or refunded_at <= ordered_at
            or (status = 'refunded' and amount <> total_amount))
        from refunds left join orders on orders.id = refunds.order_id
    """) == (0,)


@pytest.mark.parametrize(
    "child,key,parent",
    [
        ("orders", "user_id", "users"),
        ("order_items", "order_id", "orders"),
        ("order_items", "product_id", "products"),
        ("refunds", "order_id", "orders"),
        ("reviews", "user_id", "users"),
        ("reviews", "product_id", "products"),
        ("reviews", "order_id", "orders"),
        ("events", "user_id", "users"),
    ],
)
def test_keys_lead_somewhere(
    db: duckdb.DuckDBPyConnection, child: str, key: str, parent: str
) -> None:
    assert _one(db, f"select count(*) = count(distinct id) from {parent}") == (True,)
    lost = f"select count(*) from {child} anti join {parent} on {parent}.id = {key}"
    # Empty is as good as null: identities that were lost are planted either way.
    assert _one(db, f"{lost} where coalesce({key}, '') <> ''") == (0,)


def test_client_and_server_tell_of_orders(db: duckdb.DuckDBPyConnection) -> None:
    """Told is what happened, but for the defects that the truth names."""
    told = db.execute("""
        select
            coalesce(true_orders.defect, 'none'),
            min(times_told), max(times_told),
            bool_and(same_user), bool_and(same_time), bool_and(same_value)
        from (
            select
                orders.id,
                count(judged.event_id) as times_told,
                bool_and(judged.user_id = orders.user_id) as same_user,
                bool_or(true_occurred_at = ordered_at) as same_time,
                bool_and(
                    json_extract_string(properties, '$.value')::decimal(18, 2)
                    = total_amount
                ) as same_value
            from orders
            left join judged
                on judged.event_name = 'order_completed' and judged.outcome = 'accepted'
                and json_extract_string(properties, '$.order_id') = orders.id
            group by orders.id
        ) as per_order
        join true_orders on true_orders.order_id = per_order.id
        group by all
    """).fetchall()
    expected = {
        "none": (1, 1, True, True, True),
        "client_event_blocked": (0, 0, None, None, None),
        "client_event_repeated": (2, 2, True, True, True),
        "client_value_differs": (1, 1, True, True, False),
    }
    assert {defect for defect, *_ in told} == set(expected)
    for defect, *rest in told:
        assert tuple(rest) == expected[defect], defect
    assert _one(db, """
        select count(*) > 0, count(*) filter (where anonymous_id is not null
            or user_id is null or platform <> 'server' or true_session is not null)
        from judged where event_name = 'order_paid'
    """) == (True, 0)


# --- truth -------------------------------------------------------------------------


def test_raw_is_accepted_plus_duplicate_plus_rejected(
    db: duckdb.DuckDBPyConnection, data: Path
) -> None:
    summary = json.loads((data / "truth" / "summary.json").read_text())
    (raw,) = _one(db, "select count(*) from events")
    assert sum(summary["outcomes"].values()) == summary["tables"]["events"] == raw
    for column, section in (("outcome", "outcomes"), ("reason", "reasons"),
                            ("defect", "defects"), ("explanation", "explanations")):
        counted = dict(db.execute(
            f"select {column}, count(*) from true_events"
            f" where {column} is not null group by {column}"
        ).fetchall())
        assert counted == summary[section]
        assert all(counted.values()), f"some {section} are not planted at all"
    assert sum(summary["reasons"].values()) == summary["outcomes"]["rejected"]


def test_refusals_and_duplicates_follow_the_rules(
    db: duckdb.DuckDBPyConnection,
) -> None:
    assert _one(db, """
        with ruled as (
            select *, case
                when rule_reason is not null then 'rejected'
                when row_number() over (
                    partition by event_id, occurred_at::date, rule_reason is null
                    order by loaded_at, received_at
                ) = 1 then 'accepted'
                else 'duplicate'
            end as rule_outcome
            from judged
        )
        select count(*) filter (where
            rule_reason is distinct from reason
            or rule_outcome is distinct from outcome
            or not is_same_id)
        from ruled
    """) == (0,)


def test_corrected_times_are_true_but_for_the_network(
    db: duckdb.DuckDBPyConnection,
) -> None:
    assert _one(db, """
        select
            min(epoch_us(corrected_at) - epoch_us(true_occurred_at)) >= 0,
            max(epoch_us(corrected_at) - epoch_us(true_occurred_at)) <= 800000,
            max(abs(epoch_us(occurred_at) - epoch_us(true_occurred_at))) > 3600e6
        from judged where outcome = 'accepted'
    """) == (True, True, True)


def test_sessions_of_the_rules_are_those_of_the_truth(
    db: duckdb.DuckDBPyConnection,
) -> None:
    """But for the device that never rests, whose cuts `expected_session` tells."""
    assert _one(db, """
        with accepted as (
            select *, lag(corrected_at) over device as previous_at
            from judged
            where outcome = 'accepted' and anonymous_id is not null
            window device as (partition by anonymous_id order by corrected_at, event_id)
        ),
        stretches as (
            select *, count(*) filter (
                where previous_at is null
                or corrected_at - previous_at > interval 30 minute
            ) over (
                partition by anonymous_id order by corrected_at, event_id
            ) as stretch
            from accepted
        ),
        users as (
            select *, last_value(user_id ignore nulls) over (
                partition by anonymous_id, stretch order by corrected_at, event_id
                rows between unbounded preceding and 1 preceding
            ) as previous_user
            from stretches
        ),
        sessions as (
            select *, count(*) filter (where user_id <> previous_user) over (
                partition by anonymous_id, stretch order by corrected_at, event_id
            ) as turn
            from users
        )
        select
            count(distinct (anonymous_id, stretch, turn))
                = count(distinct true_session),
            count(distinct (anonymous_id, stretch, turn, true_session))
                = count(distinct true_session),
            count(distinct expected_session) - count(distinct true_session),
            count(distinct true_session) filter (
                where expected_session <> true_session)
        from sessions
    """) == (True, True, 3, 1)


def test_persons_of_the_rules_are_those_of_the_truth(
    db: duckdb.DuckDBPyConnection,
) -> None:
    assert _one(db, """
        with ruled as (
            select *, coalesce(
                user_id,
                last_value(user_id ignore nulls) over (
                    partition by anonymous_id order by corrected_at, event_id),
                first_value(user_id ignore nulls) over (
                    partition by anonymous_id order by corrected_at, event_id
                    rows between current row and unbounded following),
                anonymous_id
            ) as person
            from judged where outcome = 'accepted'
        )
        select
            count(*) filter (where person is distinct from expected_person),
            count(*) filter (where person <> true_person and explanation is null),
            count(*) filter (where person <> true_person) > 0
        from ruled
    """) == (0, 0, True)


def test_unexplained_persons_and_humans_are_one_to_one(
    db: duckdb.DuckDBPyConnection,
) -> None:
    assert _one(db, """
        select
            count(distinct (true_human, expected_person)) - count(distinct true_human),
            count(distinct (true_human, expected_person))
                - count(distinct expected_person)
        from true_events where outcome = 'accepted' and explanation is null
    """) == (0, 0)


def test_visits_keep_their_distance(db: duckdb.DuckDBPyConnection) -> None:
    assert _one(db, """
        with gaps as (
            select true_occurred_at - lag(true_occurred_at) over (
                partition by true_session order by true_occurred_at) as gap
            from true_events
            where outcome = 'accepted' and true_session is not null
        )
        select max(gap) <= interval 25 minute, max(gap) > interval 11 minute from gaps
    """) == (True, True)
    near = db.execute("""
        with gaps as (
            select
                true_human,
                lag(true_human) over device as human_before,
                started_at - lag(ended_at) over device as gap,
            from true_sessions
            window device as (partition by anonymous_id order by started_at)
        )
        select true_human = human_before, gap > interval 0 minute
        from gaps where gap <= interval 35 minute
    """).fetchall()
    # Only another human comes sooner, who takes over a shared phone.
    assert near and set(near) == {(False, True)}


def test_who_takes_over_a_phone_signs_in_at_once(db: duckdb.DuckDBPyConnection) -> None:
    assert _one(db, """
        with visits as (
            select true_session, anonymous_id,
                min(true_occurred_at) as started_at, max(true_occurred_at) as ended_at,
                arg_min(user_id, true_occurred_at) as first_user,
                arg_max(user_id, true_occurred_at) as last_user,
                arg_min(event_name, true_occurred_at) as first_event
            from judged
            where outcome = 'accepted' and true_session is not null
            group by all
        ),
        pairs as (
            select *,
                lag(last_user) over device as user_before,
                started_at - lag(ended_at) over device as gap
            from visits
            window device as (partition by anonymous_id order by started_at)
        )
        select count(*) > 0, count(*) filter (where
            first_user is null or user_before is null or first_user = user_before
            or first_event not in ('signed_in', 'signed_up'))
        from pairs where gap <= interval 35 minute
    """) == (True, 0)


def test_baskets_are_left_and_bought_later(db: duckdb.DuckDBPyConnection) -> None:
    assert _one(db, """
        select
            count(*) > 0,
            count(*) filter (where later.started_at <= earlier.ended_at
                or later.true_human <> earlier.true_human)
        from true_sessions as later
        join true_sessions as earlier
            on earlier.true_session = later.basket_of_session
    """) == (True, 0)
