"""Read what a run built, from DuckDB or BigQuery, as plain rows that can be compared.

Rows come normalised, so that equal content is equal Python: timestamps are naive UTC,
Decimals lose their trailing zeros, floats keep 12 digits, columns and rows are sorted.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import duckdb
from google.cloud import bigquery

FLOAT_DIGITS = 12
# Each engine hashes in its own way, and rules name the code of its own macros.
OWN_TO_AN_ENGINE = {"entrant_key", "values_key", "rules"}
ROWS_SHOWN = 5
DECIMALS = {"NUMERIC", "DECIMAL"}


@dataclass(frozen=True)
class Rows:
    """Some rows with the names of their columns, in a fixed order."""

    columns: tuple[str, ...]
    rows: list[tuple]

    def dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def column(self, name: str) -> list[Any]:
        position = self.columns.index(name)
        return [row[position] for row in self.rows]

    def scalar(self) -> Any:
        """The one value of a query that returns one row of one column."""
        ((value,),) = self.rows
        return value

    def without(self, names: set[str]) -> Rows:
        kept = [place for place, name in enumerate(self.columns) if name not in names]
        return Rows(
            tuple(self.columns[place] for place in kept),
            [tuple(row[place] for place in kept) for row in self.rows],
        )

    def sorted(self) -> Rows:
        """Columns by name, rows by content."""
        order = sorted(range(len(self.columns)), key=self.columns.__getitem__)
        rows = [tuple(row[position] for position in order) for row in self.rows]
        return Rows(
            tuple(self.columns[position] for position in order), sorted(rows, key=sort_key)
        )


def sort_key(row: Sequence[Any]) -> tuple:
    """Orders rows of any content, nulls first."""
    return tuple((value is not None, str(value)) for value in row)


def normalised(value: Any) -> Any:
    """One value as both engines would give it."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    if isinstance(value, Decimal):
        value = value.normalize()
        return value if value.as_tuple().exponent <= 0 else value.quantize(Decimal(1))
    if isinstance(value, float):
        return float(f"{value:.{FLOAT_DIGITS}g}")
    if isinstance(value, list):
        return [normalised(item) for item in value]
    return value


class Warehouse(Protocol):
    """What a test needs of an engine."""

    def query(self, sql: str) -> Rows: ...

    def table_names(self) -> list[str]: ...

    def name_of(self, table: str) -> str: ...

    def table(self, name: str) -> Rows: ...

    def content(self, table: str) -> Content: ...


# The columns of a table, the number of its rows, and a text that stands for them.
Content = tuple[tuple[str, ...], int, str | None]


def _content(
    warehouse: Warehouse, table: str, kinds: Mapping[str, str], texts: Mapping[str, str],
    digest: str,
) -> Content:
    """What a table holds, in a few bytes: in whatever order its rows and columns are, the same
    for the same rows on both engines, and for others never. A value is a text behind its
    length, a number without its last zeros; a float that engines write differently makes
    equal rows look different, and nothing else does."""
    columns = sorted(set(kinds) - OWN_TO_AN_ENGINE)
    parts = []
    for column in columns:
        name = texts["name"].format(column)
        text = texts[kinds[column]].format(name)
        if kinds[column] in DECIMALS:
            text = f"case when {text} like '%.%' then rtrim(rtrim({text}, '0'), '.') else {text} end"
        text = f"coalesce({text}, 'null')"
        is_null = f"case when {name} is null then '-' else '+' end"
        length = f"cast(length({text}) as {texts['length']})"
        parts.append(f"{is_null}, {length}, ':', {text}")
    # The emulator does not take more than some 40 texts in one `concat`.
    pieces = [f"concat({', '.join(parts[n:n + 8])}) as piece_{n}" for n in range(0, len(parts), 8)]
    names = ", ".join(f"piece_{n}" for n in range(0, len(parts), 8))
    row = digest.format(f"concat({names})")
    rows = digest.format("string_agg(row_digest, ',' order by row_digest)")
    found = warehouse.query(
        f"select count(*) as row_count, {rows} "
        f"as digest from (select {row} as row_digest from "
        f"(select {', '.join(pieces)} from {warehouse.name_of(table)}) as written) as hashed"
    )
    return (tuple(columns), *found.rows[0])


class _Tables:
    """Reading whole tables is the same wherever the warehouse is."""

    def table(self, name: str) -> Rows:
        return self.query(f"select * from {self.name_of(name)}").sorted()


@dataclass(frozen=True)
class DuckDb(_Tables):
    """The database file of a run. Opened when something is asked: dbt needs it for itself."""

    path: Path

    def query(self, sql: str) -> Rows:
        with self._opened() as ask:
            return ask(sql)

    @contextmanager
    def _opened(self) -> Iterator[Callable[[str], Rows]]:
        """To open a file takes longer than to read a small table of it."""
        def ask(sql: str) -> Rows:
            cursor = connection.execute(sql)
            names = tuple(column[0] for column in cursor.description)
            return Rows(names, [tuple(map(normalised, row)) for row in cursor.fetchall()])

        with duckdb.connect(str(self.path), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            look_in_every_schema(connection)
            yield ask

    def tables(self, names: Iterable[str]) -> dict[str, Rows]:
        """Some tables whole, by name."""
        with self._opened() as ask:
            return {
                name: ask(f"select * from {self.name_of(name)}").sorted() for name in names
            }

    def name_of(self, table: str) -> str:
        return f'"{table}"'

    def content(self, table: str) -> Content:
        described = self.query(f"describe {self.name_of(table)}")
        kinds = dict(zip(
            described.column("column_name"),
            [kind.split("(")[0] for kind in described.column("column_type")], strict=True,
        ))
        return _content(self, table, kinds, {
            "BIGINT": "cast({} as varchar)", "INTEGER": "cast({} as varchar)",
            "DATE": "cast({} as varchar)",
            "TIMESTAMP": "cast(epoch_us({}) as varchar)", "DECIMAL": "cast({} as varchar)",
            "BOOLEAN": "cast({} as varchar)", "DOUBLE": "cast({} as varchar)", "VARCHAR": "{}", "length": "varchar", "name": '"{}"',
        }, "md5({})")

    def digests(self, names: Iterable[str]) -> dict[str, tuple]:
        """Of each table its columns, the number of its rows and the sum of a hash of each:
        whatever order they are in, the same for equal rows and next to never for others."""
        found = {}
        with self._opened() as ask:
            for name in names:
                table = self.name_of(name)
                described = ask(f"describe {table}").column("column_name")
                columns = sorted(set(described) - OWN_TO_AN_ENGINE)
                # Hashed twice: a hash of several values takes in the last by xor alone.
                hashed = ", ".join(f'"{column}"' for column in columns)
                counted = ask(f"select count(*), sum(hash(hash({hashed}))) from {table}")
                found[name] = (*columns, *counted.rows[0])
        return found

    def table_names(self) -> list[str]:
        if not self.path.exists():
            return []
        found = self.query(
            "select table_name from information_schema.tables "
            "where table_type = 'BASE TABLE'"
        )
        return sorted(found.column("table_name"))


def look_in_every_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Models lie in several schemas, under names that are each there once: find them all by
    their bare names, as those in the target's schema, which comes first."""
    schemas = connection.execute(
        "select schema_name from duckdb_schemas() "
        "where database_name = current_database() and not internal order by schema_name"
    ).fetchall()
    path = ",".join(["main", *(name for name, in schemas if name != "main")])
    connection.execute(f"set search_path = '{path}'")


@dataclass(frozen=True)
class BigQuery(_Tables):
    """The datasets of a run, on the service or on the emulator; `schemas` says in which of
    them a table lies."""

    client: bigquery.Client
    schemas: Mapping[str, str]

    def query(self, sql: str) -> Rows:
        # Once: a statement that is refused is refused again, and the client waits minutes.
        once = {"retry": None, "job_retry": None}
        result = self.client.query(sql, **once).result(**once)
        names = tuple(column.name for column in result.schema)
        return Rows(names, [tuple(map(normalised, row.values())) for row in result])

    def name_of(self, table: str) -> str:
        return f"`{self.client.project}`.`{self.schemas[table]}`.`{table}`"

    def content(self, table: str) -> Content:
        reference = self.name_of(table).replace("`", "")
        kinds = {field.name: field.field_type for field in self.client.get_table(reference).schema}
        digest = "to_hex(md5({}))"
        return _content(self, table, kinds, {
            "INTEGER": "cast({} as string)", "INT64": "cast({} as string)",
            "DATE": "cast({} as string)",
            "TIMESTAMP": "cast(unix_micros({}) as string)", "NUMERIC": "cast({} as string)",
            "BOOLEAN": "cast({} as string)", "BOOL": "cast({} as string)",
            "FLOAT": "cast({} as string)", "FLOAT64": "cast({} as string)", "STRING": "{}", "length": "string", "name": "`{}`",
        }, digest)

    def table_names(self) -> list[str]:
        return sorted(
            table.table_id
            for dataset in set(self.schemas.values())
            for table in self.client.list_tables(dataset)
            if table.table_type == "TABLE"
        )


def difference(
    expected: Rows, actual: Rows, expected_name: str = "expected", actual_name: str = "actual"
) -> str:
    """Empty where both hold the same rows, else the first rows that one of them lacks."""
    left, right = (rows.without(OWN_TO_AN_ENGINE).sorted() for rows in (expected, actual))
    if left.columns != right.columns:
        only_left = sorted(set(left.columns) - set(right.columns))
        only_right = sorted(set(right.columns) - set(left.columns))
        return f"columns differ: only {expected_name} {only_left}, only {actual_name} {only_right}"
    left_rows, right_rows = counted(left.rows), counted(right.rows)
    if left_rows == right_rows:
        return ""
    missing, surplus = left_rows - right_rows, right_rows - left_rows
    lines = [
        f"{len(left.rows)} rows {expected_name}, {len(right.rows)} rows {actual_name}; "
        f"{missing.total()} only {expected_name}, {surplus.total()} only {actual_name}"
    ]
    lines += described(left.columns, missing, surplus, expected_name)
    lines += described(left.columns, surplus, missing, actual_name)
    return "\n".join(lines)


def counted(rows: Iterable[Sequence[Any]]) -> Counter:
    return Counter(tuple(map(hashable, row)) for row in rows)


def hashable(value: Any) -> Any:
    return repr(value) if isinstance(value, (list, dict)) else value


def described(
    columns: Sequence[str], rows: Counter, others: Counter, name: str
) -> list[str]:
    """The first rows of one side, each beside the likeliest row of the other."""
    lines = []
    candidates = list(others)
    for row in sorted(rows, key=sort_key)[:ROWS_SHOWN]:
        nearest = max(candidates, key=lambda other: agreement(row, other), default=None)
        if nearest is None or agreement(row, nearest) * 2 < len(columns):
            shown = {c: v for c, v in zip(columns, row, strict=True) if v is not None}
            lines.append(f"  only {name}: {shown}")
            continue
        same = {c: a for c, a, b in zip(columns, row, nearest, strict=True) if a == b}
        differing = {
            c: (a, b) for c, a, b in zip(columns, row, nearest, strict=True) if a != b
        }
        lines.append(f"  only {name}: {differing} in the row {same}")
    return lines


def agreement(row: Sequence[Any], other: Sequence[Any]) -> int:
    return sum(a == b for a, b in zip(row, other, strict=True))


def assert_same_rows(
    expected: Rows | Mapping[str, Rows],
    actual: Rows | Mapping[str, Rows],
    expected_name: str = "expected",
    actual_name: str = "actual",
) -> None:
    """Fail with a readable difference, of one table or of every table that differs."""
    if isinstance(expected, Rows):
        expected, actual = {"rows": expected}, {"rows": actual}
    problems = {
        name: "is missing on one side"
        for name in sorted(set(expected) ^ set(actual))
    }
    for name in sorted(set(expected) & set(actual)):
        problem = difference(expected[name], actual[name], expected_name, actual_name)
        if problem:
            problems[name] = problem
    assert not problems, "\n".join(f"{name}: {text}" for name, text in problems.items())
