"""What a statement in BigQuery's SQL reads: of each table which columns and which days.

BigQuery bills the columns that a query needs of a table, whole, or for the partitions that
constants pick. sqlglot resolves names, opens views, and drops columns that nobody asks for,
as BigQuery does.

    catalog = {"raw.events": Table({"event_id": "STRING", "loaded_at": "TIMESTAMP"}, "loaded_at")}
    reads_of("select event_id from raw.events", catalog)
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope

DIALECT = "bigquery"
FIRST_DAY = "0001-01-01"
TEMPORARY = "__dbt_tmp"
# True for the days that a condition takes; None instead of one: there is no condition.
Days = Callable[[dt.date], bool]


def every_day(day: dt.date) -> bool:
    return True


def no_day(day: dt.date) -> bool:
    return False


@dataclass(frozen=True)
class Table:
    """A table by its columns and types; of a view, its SQL."""

    columns: dict[str, str]
    partitioned_by: str | None = None
    view: str | None = None


Catalog = dict[str, Table]


@dataclass(frozen=True)
class Read:
    """Columns of a table, on some days or, without, on all of them."""

    table: str
    columns: frozenset[str]
    days: Days | None


# Conditions ---------------------------------------------------------------------------


def conjuncts(condition: exp.Expression | None) -> list[exp.Expression]:
    if condition is None:
        return []
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        return conjuncts(condition.left) + conjuncts(condition.right)
    return [condition]


def is_constant(expression: exp.Expression) -> bool:
    return not list(expression.find_all(exp.Column, exp.Subquery, exp.Select))


def day_of(constant: exp.Expression) -> dt.date:
    """The day of a constant date or timestamp."""
    return dt.date.fromisoformat(constant.find(exp.Literal).this[:10])


def bounds(condition: exp.Expression, column: str | None, table: str | None = None) -> Days | None:
    """The days of the column that the condition names by constants: every_day where it
    says that it wants them all, None where it says nothing of them."""
    condition = condition.unnest()
    if isinstance(condition, exp.Or):
        parts = [
            _all_of([bounds(c, column, table) for c in conjuncts(part)])
            for part in condition.flatten()
        ]
        # `is null or is not null`, and `is null or between`.
        return every_day if every_day in parts else _any_of(parts)
    if isinstance(condition, exp.Not):
        return every_day if bounds(condition.this, column, table) is no_day else None
    if isinstance(condition, exp.Boolean):
        return None if condition.this else no_day
    named = condition.this if isinstance(condition.this, exp.Column) else None
    if named is None or named.name != column or table not in (None, named.table):
        return None
    if isinstance(condition, exp.Is):
        # The partition of nulls holds no day.
        return no_day
    constants = [
        part for part in condition.iter_expressions() if part is not condition.this
    ]
    if condition.args.get("query") or not all(map(is_constant, constants)):
        return None
    if any(FIRST_DAY in part.sql() for part in constants) and isinstance(condition, exp.GTE):
        return every_day
    days = [day_of(part) for part in constants]
    if isinstance(condition, (exp.In, exp.EQ)):
        return frozenset(days).__contains__
    if isinstance(condition, exp.Between):
        return lambda day: days[0] <= day <= days[1]
    if isinstance(condition, exp.GTE):
        return lambda day: day >= days[0]
    if isinstance(condition, exp.LT):
        return lambda day: day < days[0]
    return None


def picks_days(days: Days | None) -> bool:
    """True where less than the whole table is read."""
    return days not in (None, every_day)


def _all_of(parts: list[Days | None]) -> Days | None:
    """The days that all conditions take."""
    picked = [part for part in parts if picks_days(part)]
    if not picked:
        return every_day if every_day in parts else None
    return picked[0] if len(picked) == 1 else lambda day: all(part(day) for part in picked)


def _any_of(parts: list[Days | None]) -> Days | None:
    """The days that one of several readers takes."""
    if None in parts or every_day in parts:
        return None if None in parts else every_day
    return lambda day: any(part(day) for part in parts)


# Statements ---------------------------------------------------------------------------


def reads_of(sql: str, catalog: Catalog) -> list[Read]:
    """What the statements read; of a table that they change rows of, every column."""
    found: dict[str, list[Read]] = defaultdict(list)
    for statement in sqlglot.parse(sql, dialect=DIALECT):
        for read in _reads(statement, catalog):
            found[read.table].append(read)
    return [
        Read(table, frozenset().union(*(read.columns for read in reads)),
             _any_of([read.days for read in reads]))
        for table, reads in found.items()
    ]


def _reads(statement: exp.Expression, catalog: Catalog) -> Iterator[Read]:
    if isinstance(statement, exp.Merge):
        conditions = [
            condition for when in statement.args["whens"].expressions
            if when.args.get("source") for condition in conjuncts(when.args.get("condition"))
        ]
        changed = _changed(statement.this, conditions, catalog)
        yield changed
        for read in _selected(statement.args["using"].this, catalog):
            # dbt first writes the new rows into a table that holds those days alone.
            yield replace(read, days=changed.days) if TEMPORARY in read.table else read
    elif isinstance(statement, (exp.Delete, exp.Update)):
        where = statement.args.get("where")
        yield _changed(statement.this, conjuncts(where and where.this), catalog)
    elif isinstance(statement, exp.Create) and statement.kind == "VIEW":
        return
    elif isinstance(statement, (exp.Create, exp.Insert)):
        if isinstance(statement.expression, exp.Query):
            yield from _selected(statement.expression, catalog)
    elif isinstance(statement, exp.Query):
        yield from _selected(statement, catalog)


def _changed(table: exp.Table, conditions: list, catalog: Catalog) -> Read:
    name = name_of(table)
    column = catalog[name].partitioned_by
    days = _all_of([bounds(c, column) for c in conditions]) if column else None
    return Read(name, frozenset(catalog[name].columns), days)


def name_of(table: exp.Table) -> str:
    return f"{table.db}.{table.name}"


def opened(query: exp.Query, catalog: Catalog) -> exp.Query:
    """The query with each view replaced by what stands behind it."""
    def open_view(node: exp.Expression) -> exp.Expression:
        if not isinstance(node, exp.Table) or not node.db or not catalog[name_of(node)].view:
            return node
        view = sqlglot.parse_one(catalog[name_of(node)].view, dialect=DIALECT)
        return opened(view, catalog).subquery(alias=node.alias_or_name, copy=False)

    return query.transform(open_view)


def _selected(query: exp.Expression, catalog: Catalog) -> Iterator[Read]:
    schema: dict[str, dict] = defaultdict(dict)
    for name, table in catalog.items():
        dataset, _, bare = name.partition(".")
        schema[dataset][bare] = table.columns
    query = opened(query.unnest().copy(), catalog)
    for table in query.find_all(exp.Table):
        table.set("catalog", None)
    query = qualify(
        query, schema=dict(schema), dialect=DIALECT, validate_qualify_columns=False,
        quote_identifiers=False, identify=False,
    )
    query = query.transform(_array_walked)
    query = pushdown_projections(query, schema=dict(schema), dialect=DIALECT)
    scopes = list(traverse_scope(query))
    readers = _readers(scopes)
    for scope in scopes:
        for alias, (_, source) in scope.selected_sources.items():
            if not isinstance(source, exp.Table) or not source.db:
                continue
            table = catalog[name_of(source)]
            columns = frozenset(column.name for column in scope.source_columns(alias))
            days = table.partitioned_by and _days(scope, alias, table.partitioned_by, readers)
            yield Read(name_of(source), columns & set(table.columns), days or None)


def _array_walked(node: exp.Expression) -> exp.Expression:
    """A subquery over the parts of a value, such as one that decodes a text, reads the columns
    that the value is made from. sqlglot takes `unnest` for what multiplies rows, and would keep
    it in a column that nobody asks for."""
    source = node.this.args.get("from_") if isinstance(node, exp.Subquery) else None
    if not source or not isinstance(source.this, exp.Unnest):
        return node
    return exp.func("concat", exp.Literal.string(""), *source.this.find_all(exp.Column))


def _readers(scopes: list[Scope]) -> dict[int, list[tuple[Scope, str | None]]]:
    """Who selects from a subquery, and by which name; None for a branch of a union."""
    readers = defaultdict(list)
    for scope in scopes:
        for alias, (_, source) in scope.selected_sources.items():
            if isinstance(source, Scope):
                readers[id(source)].append((scope, alias))
        for branch in scope.union_scopes or []:
            readers[id(branch)].append((scope, None))
    return readers


def _days(scope: Scope, alias: str | None, column: str | None, readers: dict) -> Days | None:
    """The days that this query, or all those that select from it, take of a column."""
    select = scope.expression
    if not isinstance(select, exp.Select):
        return _days_of_readers(scope, column, readers)
    where = select.args.get("where")
    own = _all_of([bounds(c, column, alias) for c in conjuncts(where and where.this)])
    if own:
        return own
    # A condition reaches through a query that only picks rows and columns.
    if any(select.args.get(part) for part in ("group", "limit", "qualify", "distinct")):
        return None
    # That of a subquery in a column, such as one that decodes a text, is its own.
    if any(node.find_ancestor(exp.Select) is select
           for node in select.find_all(exp.Window, exp.AggFunc)):
        return None
    passed_on = [
        item.alias_or_name for item in select.selects
        if isinstance(item.unalias(), exp.Column)
        and item.unalias().name == column and item.unalias().table == alias
    ]
    # `where false` needs no column to say that no row is wanted.
    return _all_of([_days_of_readers(scope, name, readers) for name in passed_on or [None]])


def _days_of_readers(scope: Scope, column: str | None, readers: dict) -> Days | None:
    found = readers[id(scope)]
    return _any_of([_days(reader, alias, column, readers) for reader, alias in found]) if found else None
