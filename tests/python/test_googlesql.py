"""The wrapper of Google's evaluator: what the other tests take for granted."""

import datetime as dt
from decimal import Decimal

import pytest
from googlesql import GoogleSqlError, Table

VISITS = Table(
    {"id": "string", "seen_at": "timestamp", "amount": "numeric", "properties": "string"},
    [
        ("a", dt.datetime(2024, 3, 3, 15, 0, 0, 1), Decimal("1.10"), '{"x": "가"}'),
        ("b", dt.datetime(2024, 3, 3, 15), Decimal("-2.123456789"), "not json"),
        ("c", None, None, None),
    ],
)


def test_values_come_back_as_they_went_in(googlesql):
    assert googlesql.execute("select * from visits", {"visits": VISITS}).rows == VISITS.rows


def test_every_type_comes_back_as_plain_python(googlesql):
    result = googlesql.execute(
        """
        select
            cast(1 as bigint) as whole, 1.5 as rate, true as flag, date '2024-02-29' as day,
            datetime '2024-02-29 23:59:59.000001' as local, [1, 2] as numbers,
            struct('x' as name, date '1969-12-31' as day) as pair, bytes 'x' as raw
        """.replace("bytes 'x'", "b'x'")
    )
    assert result.dicts() == [
        {
            "whole": 1,
            "rate": 1.5,
            "flag": True,
            "day": dt.date(2024, 2, 29),
            "local": dt.datetime(2024, 2, 29, 23, 59, 59, 1),
            "numbers": [1, 2],
            "pair": {"name": "x", "day": dt.date(1969, 12, 31)},
            "raw": b"x",
        }
    ]
    assert result.columns["whole"] == "int64"


def test_the_default_time_zone_is_utc_and_weeks_begin_where_they_are_told(googlesql):
    result = googlesql.execute(
        """
        select
            date(seen_at) as utc_day, date(seen_at, 'Asia/Seoul') as seoul_day,
            date_trunc(date(seen_at), week(monday)) as monday
        from visits where id = 'a'
        """,
        {"visits": VISITS},
    )
    assert result.rows == [(dt.date(2024, 3, 3), dt.date(2024, 3, 4), dt.date(2024, 2, 26))]


def test_malformed_json_is_null_as_in_bigquery(googlesql):
    result = googlesql.execute(
        "select id, json_value(properties, '$.x') as x from visits order by id",
        {"visits": VISITS},
    )
    assert result.rows == [("a", "가"), ("b", None), ("c", None)]


def test_compiled_three_part_names_find_their_table(googlesql):
    for name in ("`my-project`.`raw`.`visits`", "`my-project.raw.visits`"):
        result = googlesql.execute(
            f"select count(*) as visit_count from {name}", {"my-project.raw.visits": VISITS}
        )
        assert result.rows == [(3,)]


@pytest.mark.parametrize(
    "sql",
    [
        "select list_sum([1, 2])",  # DuckDB's function
        "select date_part('year', date '2024-01-01')",  # PostgreSQL's
        "select cast('x' as varchar)",
        "select lag(id ignore nulls) over (order by id) from visits",
        "select json_value(properties, '$.' || id) from visits",
        "select id from visits where (id, seen_at) > ('a', current_timestamp())",
        "select array_filter([1, 2], x -> x > 1)",  # the open language's, not BigQuery's
        "select missing from visits",
        "select list_aggregate([1], 'sum')",
        "select id::string from visits",  # PostgreSQL's cast
        "select array_transform([1], x -> x + 1)",
        "select count(*) filter (where id = 'a') from visits",
        "select * from visits where id ilike 'A'",
        "select try_cast(id as int64) from visits",
        "select strftime(seen_at, '%Y') from visits",
        "select id from visits order by all",
    ],
)
def test_what_bigquery_refuses_fails(googlesql, sql):
    with pytest.raises(GoogleSqlError):
        googlesql.analyze(sql, {"visits": VISITS})


def test_other_statements_than_selects_are_checked(googlesql):
    tables = {"p.d.visits": VISITS}
    googlesql.check("delete from `p`.`d`.`visits` where id = 'a'", tables)
    for refused in (
        "delete from `p`.`d`.`visits`",
        "delete from `p`.`d`.`visits` where missing = 1",
        "merge into `p`.`d`.`visits` as held using (select 1 as id) as fresh on false "
        "when not matched then insert (id) values (id)",  # a number into texts
        "create table t as (select list_sum([1]) as x)",
    ):
        with pytest.raises(GoogleSqlError):
            googlesql.check(refused, tables)


def test_a_text_of_statements_is_cut_by_googles_own_parser(googlesql):
    script = "delete from t where a = ';'; insert into t (a) select b from `p`.`d`.`u`"
    (first, _), (second, named) = googlesql.statements(script)
    assert first == "delete from t where a = ';'"
    assert second == "insert into t (a) select b from `p`.`d`.`u`"
    assert "p.d.u" in named
