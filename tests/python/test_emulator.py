"""What our launcher mends in the emulator: each case answers wrong or fails without it."""

import datetime as dt
from decimal import Decimal

import pytest
from project import Project


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
