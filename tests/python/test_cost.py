"""What BigQuery would bill: the page says what is true today, large tables have partitions,
and no statement of a run is careless."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

from bigquery import cost, cost_page
from bigquery.reads import DIALECT, Read, Table, every_day, no_day, picks_days, reads_of

LARGE = 100 * 2**30
EVENTS_A_DAY = 10_000_000
# Large tables without partitions, and why.
NOT_PARTITIONED = {
}
# Statements that look an event up among others by its key.
JOINED_WITH_ITSELF = {
    "int_events_sessionized": "sessions are found from few columns; the others join by key",
}
# The raw log is wide. Only these models may read the columns that make it so.
WIDE = {"properties", "page_url", "page_title", "page_referrer", "user_agent"}
READ_WIDE = {
    "int_events_read_this_run": "takes them over into the event table",
    "rejected_events": "keeps what was refused as it came",
    "load_ledger": "asks of new load dates whether their properties are refused",
}

# What a run may read of every row of the raw log, and why.
READ_OF_EVERY_ROW = {
    "load_ledger": {"loaded_at", "received_at"},  # to count the rows of each load date
}


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory, emulator) -> cost.Rehearsal:
    return cost.rehearse(emulator, tmp_path_factory.mktemp("cost"))


def runs(rehearsal: cost.Rehearsal) -> list[cost.Run]:
    return [rehearsal.first, rehearsal.day]


def model_of(node: str) -> str:
    return node.split(".")[2]


def test_the_page_says_what_is_true_today(rehearsal):
    assert cost_page.PAGE.read_text() == cost_page.page(rehearsal), "run `make cost`"


def test_large_tables_are_partitioned_and_clustered(rehearsal):
    run = rehearsal.first
    large = {
        table.partition(".")[2]
        for table, columns in run.bytes_of.items()
        if table.startswith(cost.MARTS)
        and sum(columns.values()) * cost.growth(rehearsal, run, table, EVENTS_A_DAY) > LARGE
    }
    assert {"int_events_sessionized", "int_funnel_events_identified"} <= large
    configured = {node["alias"]: node["config"] for node in run.nodes.values()}
    assert sorted(
        name for name in large - set(NOT_PARTITIONED)
        if not configured[name].get("partition_by") or not configured[name].get("cluster_by")
    ) == []


def test_every_reader_of_the_event_table_says_which_days(rehearsal):
    """BigQuery refuses the others: require_partition_filter."""
    demanding = {
        table for table, node in rehearsal.day.nodes.items()
        if node["config"].get("require_partition_filter")
    }
    assert demanding == {f"{cost.MARTS}_intermediate.int_events_sessionized"}
    readers, silent = set(), set()
    for run in runs(rehearsal):
        for node, reads in run.reads:
            for read in reads:
                if read.table in demanding:
                    readers.add(node.split(".")[0])
                    if read.days is None:
                        silent.add(node)
    assert readers == {"model", "test"}
    assert not silent


def test_daily_tests_cost_less_than_the_models_of_a_day(rehearsal):
    billed = cost.statements(rehearsal, rehearsal.day, EVENTS_A_DAY)
    models = sum(amount for node, amount in billed if node.startswith("model."))
    daily = sum(amount for node, amount in billed if node in rehearsal.daily_tests)
    assert 0 < daily < models / 2


def test_wide_columns_of_the_raw_log_are_read_where_they_are_needed(rehearsal):
    found = {
        model_of(node)
        for run in runs(rehearsal) for node, reads in run.reads for read in reads
        if read.table == f"{cost.RAW}.events" and node.startswith("model.")
        and read.columns & WIDE
    }
    assert found <= set(READ_WIDE)
    assert "int_events_read_this_run" in found


def test_a_day_reads_the_raw_log_by_load_date(rehearsal):
    whole = {
        model_of(node) for node, reads in rehearsal.day.reads for read in reads
        if read.table == f"{cost.RAW}.events" and node.startswith("model.")
        and not picks_days(read.days)
        and read.columns - READ_OF_EVERY_ROW.get(model_of(node), set())
    }
    assert not whole


# Joins --------------------------------------------------------------------------------


def careless_joins(sql: str, large: set[str]) -> list[str]:
    """Joins without an equality, and of a large table's rows with themselves."""
    found = []
    for statement in sqlglot.parse(sql, dialect=DIALECT):
        query = statement if isinstance(statement, exp.Query) else statement.find(exp.Query)
        for scope in traverse_scope(query) if query else []:
            for join in scope.find_all(exp.Join):
                right = join.alias_or_name
                sources = {name: source for name, (_, source) in scope.selected_sources.items()}
                mine = rows_of(sources.pop(right, None))
                theirs = set().union(*map(rows_of, sources.values()))
                if not has_equality(join) and mine & large and theirs & large:
                    found.append(f"cross join of {right}")
                if mine & theirs & large:
                    found.append(f"self join of {sorted(mine & theirs & large)}")
    return found


def has_equality(join: exp.Join) -> bool:
    """`on false`, an inequality or nothing pairs every row with every other."""
    condition = join.args.get("on")
    return bool(join.args.get("using") or (condition and condition.find(exp.EQ, exp.NullSafeEQ)))


def rows_of(source) -> set[str]:
    """The tables of which a source has a row for each row: none of those it sums up."""
    if isinstance(source, exp.Table):
        return {source.name}
    if source is None or not isinstance(source.expression, exp.Select):
        return set().union(*map(rows_of, source.union_scopes)) if source else set()
    select = source.expression
    if select.args.get("group") or select.args.get("distinct"):
        return set()
    if all(item.find(exp.AggFunc) and not item.find(exp.Window) for item in select.selects):
        return set()
    return set().union(*(rows_of(inner) for _, inner in source.selected_sources.values()))


def test_no_statement_joins_large_tables_carelessly(rehearsal):
    event_grained = {
        "stg_events", "base_events", "events", "int_events_sessionized", "page_views",
        "int_page_views_followed", "int_conversion_events", "int_funnel_events_matched",
        "int_element_clicks_timed",
    }
    names = {node["alias"] for node in rehearsal.day.nodes.values()}
    assert event_grained <= names
    problems = {
        model_of(node): joins
        for run in runs(rehearsal) for node, sql in run.sent
        if node.startswith("model.") and (joins := careless_joins(sql, event_grained))
    }
    assert set(problems) == set(JOINED_WITH_ITSELF), problems


@pytest.mark.parametrize(("sql", "problems"), [
    ("select 1 as x from e cross join f", 1),
    ("select 1 as x from e inner join f on e.a > f.a", 1),
    ("select 1 as x from e inner join e as f on e.a = f.a", 1),
    ("with c as (select * from e) select c.a from c inner join e on c.a = e.a", 1),
    ("select 1 as x from e inner join f on e.a = f.a", 0),
    ("select 1 as x from e cross join small", 0),
    ("with c as (select a, count(*) as n from e group by a) "
     "select e.a from e inner join c on e.a = c.a", 0),
])
def test_the_reader_of_joins_knows_a_careless_one(sql, problems):
    assert len(careless_joins(sql, {"e", "f"})) == problems


# Reads --------------------------------------------------------------------------------

CATALOG = {
    "d.t": Table({"a": "STRING", "b": "STRING", "day": "DATE"}, "day"),
    "d.v": Table({"a": "STRING", "day": "DATE"}, None, "select a, day from `p`.`d`.`t`"),
    "d.u": Table({"a": "STRING", "c": "STRING"}),
}
FIRST, SECOND = dt.date(2026, 1, 1), dt.date(2026, 1, 2)


def read_of(sql: str, table: str = "d.t") -> Read:
    (found,) = [read for read in reads_of(sql, CATALOG) if read.table == table]
    return found


@pytest.mark.parametrize(("sql", "columns"), [
    ("select a from `p`.`d`.`t`", "a"),
    ("select count(*) as n from `p`.`d`.`t`", ""),
    ("with c as (select * from `p`.`d`.`t`) select b from c where a = 'x'", "ab"),
    ("select v.a from `p`.`d`.`v` as v", "a"),
    ("with c as (select a, (select string_agg(x, '') from unnest(split(b, ',')) as x) as s "
     "from `p`.`d`.`t`) select a from c", "a"),
    ("create table x as select a from `p`.`d`.`t`", "a"),
    ("select t.a from `p`.`d`.`t` as t inner join `p`.`d`.`u` as u on t.b = u.c", "ab"),
    ("delete from `p`.`d`.`t` where a = 'x'", "ab day"),
])
def test_the_reader_finds_the_columns_that_are_needed(sql, columns):
    names = {"day"} if "day" in columns else set()
    assert read_of(sql).columns == names | set(columns.replace("day", "").replace(" ", ""))


@pytest.mark.parametrize(("where", "days"), [
    ("day = date '2026-01-01'", [FIRST]),
    ("day in (date '2026-01-01') and a = 'x'", [FIRST]),
    ("day >= date '2026-01-02'", [SECOND]),
    ("(day is null or (day >= date '2026-01-01' and day < date '2026-01-02'))", [FIRST]),
    ("day between date '2026-01-01' and date '2026-01-02'", [FIRST, SECOND]),
    ("false", []),
    ("day = date '2026-01-01' or a = 'x'", None),
    ("day in (select day from `p`.`d`.`t` where day = date '2026-01-01')", None),
    ("a = 'x'", None),
    ("(day is null or day is not null)", every_day),
    ("day >= date '0001-01-01'", every_day),
])
@pytest.mark.parametrize("source", [
    "`p`.`d`.`t`", "`p`.`d`.`v`", "(select * from `p`.`d`.`t`)",
    "(select a, day from `p`.`d`.`t` union all select a, day from `p`.`d`.`t`)",
])
def test_the_reader_finds_the_days_that_are_picked(source, where, days):
    found = read_of(f"select a from {source} as s where {where}").days
    if days is None or days is every_day:
        assert found is days
    else:
        assert [day for day in (FIRST, SECOND) if found(day)] == days


@pytest.mark.parametrize("sql", [
    "select a, n from (select a, day, row_number() over (order by a) as n from d.t) as s "
    "where day = date '2026-01-01'",
    "with c as (select a, day from d.t) select a from c where day = date '2026-01-01' "
    "union all select a from c",
    "select a from (select a, max(day) as day from d.t group by a) as s "
    "where day = date '2026-01-01'",
])
def test_the_reader_sees_where_a_condition_does_not_reach(sql):
    assert read_of(sql).days is None


def test_a_merge_reads_every_column_of_the_days_that_it_changes():
    read = read_of(
        "merge into `p`.`d`.`t` as held using (select a, c from `p`.`d`.`u`) as fresh on false "
        "when not matched by source and held.day in (date '2026-01-01') then delete "
        "when not matched then insert (a, b) values (a, c)"
    )
    assert read.columns == {"a", "b", "day"}
    assert read.days(FIRST) and not read.days(SECOND)


def test_a_merge_by_key_reads_the_whole_table():
    read = read_of(
        "merge into `p`.`d`.`t` as held using (select a, c from `p`.`d`.`u`) as fresh "
        "on held.a = fresh.a when matched then delete "
        "when not matched and fresh.c is null then insert (a, b) values (a, c)"
    )
    assert read.columns == {"a", "b", "day"}
    assert read.days is None


def test_two_reads_of_a_table_in_one_query_are_billed_once():
    read = read_of(
        "select a from d.t where day = date '2026-01-01' "
        "union all select b from d.t where false"
    )
    assert read.columns == {"a", "b", "day"}
    assert read.days(FIRST) and not read.days(SECOND)
    assert read.days is not no_day
