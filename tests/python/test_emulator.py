"""What our launcher mends in the emulator: each case answers wrong or fails without it."""

import datetime as dt
from decimal import Decimal

import duckdb
import pytest
from project import Project
from warehouse import BigQuery, DuckDb


@pytest.fixture
def rows(tmp_path, emulator):
    warehouse = Project(tmp_path, emulator=emulator).bigquery
    return lambda sql: warehouse.query(sql).rows


def test_safe_functions_stay_safe_beside_a_division(rows):
    assert rows("select json_type(safe.parse_json('no json')) as kind, 1 / 2 as half") == [
        (None, 0.5)
    ]


def test_an_apostrophe_in_a_comment_leaves_texts_alone(rows):
    sql = """
        -- the device's clock
        select safe_cast('2026-03-01 12:00:30.25' as timestamp) as at_noon
    """
    assert rows(sql) == [(dt.datetime(2026, 3, 1, 12, 0, 30, 250000),)]


def test_what_looks_like_a_comment_in_a_text_stays(rows):
    sql = """
        select '-- a' as a, "# 'b' /* */" as b, '''c '-- c''' as c, 1 /* d */ as `--d`
    """
    assert rows(sql) == [("-- a", "# 'b' /* */", "c '-- c", 1)]


def test_statements_that_are_alike_do_not_change_each_other(rows):
    for _ in range(2):
        assert rows("select count(*) as c from unnest([1, 2, 3]) as n where n > 1") == [(2,)]


def test_numbers_keep_nine_decimals(rows):
    sql = "select cast(x as numeric) as x, abs(cast(x as numeric)) < 1 as y from unnest(['0.123456789']) as x"
    assert rows(sql) == [(Decimal("0.123456789"), True)]


def test_trim_takes_all_white_space_and_what_it_is_told(rows):
    sql = "select trim(x) as a, trim(x, 'a') as b, ltrim('  a ') as c from unnest(['\\t a\u3000']) as x"
    assert rows(sql) == [("a", "\t a\u3000", "a ")]


def test_a_digest_is_the_same_on_both_engines_and_tells_rows_apart(tmp_path, emulator):
    """Whatever order rows are in, and where two rows exchange a value."""
    rows = [
        "1 as n, 'a' as word, date '2026-03-01' as day, true as is_so, "
        "timestamp '2026-03-01 10:00:00.5' as seen_at, cast(1.5 as numeric) as amount, 0.5e0 as rate",
        "2, 'b', null, null, null, null, null", "2, 'b', null, null, null, null, null",
        "3, 'null', date '2026-03-02', false, timestamp '2026-03-02', cast(100 as numeric), 2e0",
        "null, '', null, null, null, cast(0 as numeric), null", "7, 'ü,:+', null, true, null, null, 7.25e0",
    ]
    told = " union all select ".join(rows)
    tables = {
        "told": f"select {told}",
        "reordered": f"select rate, n, word, day, is_so, seen_at, amount from (select {told}) as t "
                     "order by word desc",
        "once": f"select distinct * from (select {told}) as t",
        "exchanged": f"select n, case n when 1 then 'null' when 3 then 'a' else word end as word, "
                     f"day, is_so, seen_at, amount, rate from (select {told}) as t",
        "emptied": f"select n, nullif(word, '') as word, day, is_so, seen_at, amount, rate "
                   f"from (select {told}) as t",
        "none": f"select * from (select {told}) as t where false",
    }
    project = Project(tmp_path, emulator=emulator)
    project.client.create_dataset(project.dataset)
    theirs = BigQuery(project.client, dict.fromkeys(tables, project.dataset))
    ours = DuckDb(tmp_path / "tables.duckdb")
    with duckdb.connect(str(ours.path)) as connection:
        for name, query in tables.items():
            connection.execute(f"create table {name} as {query}")
            theirs.query(f"create table {theirs.name_of(name)} as {query}")
    digests = {name: ours.content(name) for name in tables}
    assert {name: theirs.content(name) for name in tables} == digests
    same = {name for name, digest in digests.items() if digest == digests["told"]}
    assert same == {"told", "reordered"}
