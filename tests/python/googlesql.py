"""Run BigQuery statements under Google's own GoogleSQL analyzer and evaluator.

The package `zetasql` carries both as WebAssembly. This wrapper sets what BigQuery sets
(its product mode, its language features, time zone UTC), hands in tables as plain Python
rows, and returns plain Python rows.

    sql = "select id, date(seen_at, 'Asia/Seoul') as day from `p`.`d`.`visits`"
    visits = Table({"id": "string", "seen_at": "timestamp"}, [("a", datetime(2024, 1, 1))])
    GoogleSql().execute(sql, {"p.d.visits": visits}).rows

Timestamps go in and come out as naive UTC datetimes, money as Decimal, dates as date. Other
statements than selects are analyzed; reference.py makes a warehouse of that.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import importlib.metadata
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import wasmtime
import zetasql.wasi
from zetasql.core.wasm_client import WasmClient, get_tzinfo_dir
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.proto import options_pb2, simple_catalog_pb2
from zetasql.wasi._pb2.zetasql.public import type_pb2, value_pb2
from zetasql.wasi._pb2.zetasql.public import options_pb2 as public_options_pb2

EPOCH = dt.datetime(1970, 1, 1)
EPOCH_DATE = dt.date(1970, 1, 1)
NUMERIC_SCALE = 10**9
BIGNUMERIC_SCALE = 10**38

# Other names that BigQuery takes for a type and the open language does not.
TYPE_ALIASES = {
    "bigint": type_pb2.TYPE_INT64,
    "int": type_pb2.TYPE_INT64,
    "integer": type_pb2.TYPE_INT64,
    "smallint": type_pb2.TYPE_INT64,
    "tinyint": type_pb2.TYPE_INT64,
    "byteint": type_pb2.TYPE_INT64,
}

KINDS = {
    "string": type_pb2.TYPE_STRING,
    "int64": type_pb2.TYPE_INT64,
    "bigint": type_pb2.TYPE_INT64,
    "integer": type_pb2.TYPE_INT64,
    "float64": type_pb2.TYPE_DOUBLE,
    "float": type_pb2.TYPE_DOUBLE,
    "bool": type_pb2.TYPE_BOOL,
    "boolean": type_pb2.TYPE_BOOL,
    "date": type_pb2.TYPE_DATE,
    "timestamp": type_pb2.TYPE_TIMESTAMP,
    "datetime": type_pb2.TYPE_DATETIME,
    "numeric": type_pb2.TYPE_NUMERIC,
    "json": type_pb2.TYPE_JSON,
}

# Released GoogleSQL that BigQuery does not offer: a model that uses it must fail here.
# The evaluator knows the whole language; BigQuery's manual is the reference for the list.
NOT_IN_BIGQUERY = re.compile(
    "|".join(
        (
            "SPANNER_LEGACY_DDL",
            "_TEST_",
            "ENABLE_CONSTANT_EXPRESSION_IN_JSON_PATH",  # a JSONPath is a literal there
            "INLINE_LAMBDA_ARGUMENT",
            "ARRAY_FIND_FUNCTIONS",
            "ARRAY_AGGREGATION_FUNCTIONS",
            "WITH_GROUP_ROWS",
            "WITH_EXPRESSION",
            "AGGREGATE_FILTERING",
            "MULTILEVEL_AGGREGATION",
            "LATERAL_COLUMN_REFERENCES",
            "LATERAL_JOIN",
            "ENABLE_MEASURES",
            "MEASURES_TVF",
            "ROW_TYPE",
            "MAP_TYPE",
            "UUID_TYPE",
            "TOKENIZED_SEARCH",
            "TIMESTAMP_NANOS",
            "TIMESTAMP_PICOS",
            "FIRST_AND_LAST_N",
            "NULLIFZERO_ZEROIFNULL",
            "PI_FUNCTIONS",
            "ALIASES_FOR_STRING_AND_DATE_FUNCTIONS",
            "ADDITIONAL_DATE_TIME_FUNCTIONS",
            "MULTI_GROUPING_SETS",
            "LIMIT_OFFSET_EXPRESSIONS",
            "LIMIT_ALL",
            "LITERAL_CONCATENATION",
        )
    )
)
# Restrictions that BigQuery has and the "ideal" language has not.
RESTRICTED_IN_BIGQUERY = (
    "FEATURE_DISABLE_FLOAT32",
    "FEATURE_DISABLE_OUTER_JOIN_ARRAY",
)
# BigQuery functions that are not part of the open language: nothing to evaluate.
RESERVED_IN_BIGQUERY = ("QUALIFY",)


class GoogleSqlError(Exception):
    """The statement is not GoogleSQL, or failed while it ran."""


@dataclass(frozen=True)
class Table:
    """Rows of one input: column types by name, then tuples in that order."""

    columns: Mapping[str, str]
    rows: Sequence[Sequence[Any]]

    @classmethod
    def from_dicts(cls, columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]):
        """Absent keys are null."""
        return cls(columns, [tuple(row.get(name) for name in columns) for row in rows])


@dataclass(frozen=True)
class Result:
    """What came back: column types by name, then tuples in that order."""

    columns: dict[str, str]
    rows: list[tuple]

    def dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class _CachedClient(WasmClient):
    """The package's client, compiled once per environment (17 s) instead of once per
    process, and copying memory in one piece instead of byte by byte."""

    def __init__(self) -> None:
        config = wasmtime.Config()
        config.shared_memory = True
        engine = wasmtime.Engine(config)
        self.module = _compiled_module(engine)
        wasi = wasmtime.WasiConfig()
        wasi.inherit_stderr()
        wasi.preopen_dir(get_tzinfo_dir(), "/usr/share/zoneinfo")
        self.store = wasmtime.Store(engine)
        self.store.set_wasi(wasi)
        linker = wasmtime.Linker(engine)
        linker.define_wasi()
        self.instance = linker.instantiate(self.store, self.module)
        self.exports = self.instance.exports(self.store)
        self.exports["_initialize"](self.store)
        self.memory = self.exports["memory"]

    def write_bytes(self, ptr: int, data: bytes) -> None:
        ctypes.memmove(self._address(ptr), data, len(data))

    def read_bytes(self, ptr: int, size: int) -> bytes:
        return ctypes.string_at(self._address(ptr), size)

    def _address(self, ptr: int) -> int:
        return ctypes.addressof(self.memory.data_ptr().contents) + ptr


def _compiled_module(engine: wasmtime.Engine) -> wasmtime.Module:
    """The evaluator as machine code, kept inside the environment it was compiled in."""
    versions = [importlib.metadata.version(name) for name in ("zetasql", "wasmtime")]
    cache = Path(sys.prefix) / f"googlesql-{'-'.join(versions)}.compiled"
    with contextlib.suppress(OSError, wasmtime.WasmtimeError):
        return wasmtime.Module.deserialize_file(engine, str(cache))
    module = wasmtime.Module.from_file(engine, zetasql.wasi.get_wasm_path())
    with contextlib.suppress(OSError):
        unfinished = cache.with_suffix(f".{id(module)}")
        unfinished.write_bytes(module.serialize())
        unfinished.replace(cache)
    return module


class GoogleSql:
    """One loaded evaluator. Load it once and keep it: see the fixture `googlesql`."""

    def __init__(self) -> None:
        self._client = _CachedClient()
        self._language = self._bigquery_language()
        self._options = options_pb2.AnalyzerOptionsProto(
            language_options=self._language, default_timezone="UTC"
        )

    def analyze(self, sql: str, tables: Mapping[str, Table] | None = None) -> dict[str, str]:
        """Check a select and return its columns' types; raise where BigQuery would."""
        return self._prepare(sql, tables or {}, with_rows=False)[1]

    def check(self, sql: str, tables: Mapping[str, Table]) -> None:
        """Check a statement of any kind, be it a merge or the creation of a table."""
        request = service.AnalyzeRequest(options=self._options)
        request.sql_statement = self._describe(request.simple_catalog, sql, tables)
        self._call("Analyze", request, service.AnalyzeResponse)

    def parse(self, sql: str):
        """The syntax tree of one statement, whose nodes tell where in the text they are."""
        request = service.ParseRequest(sql_statement=sql, options=self._language)
        return unwrapped(self._call("Parse", request, service.ParseResponse).parsed_statement)

    def statements(self, script: str) -> Iterator[tuple[str, set[str]]]:
        """Each statement of a text, with the tables that it names."""
        rest = script.encode()
        while rest.strip():
            request = service.ExtractTableNamesFromNextStatementRequest(options=self._language)
            request.parse_resume_location.input = rest.decode()
            found = self._call(
                "ExtractTableNamesFromNextStatement",
                request,
                service.ExtractTableNamesFromNextStatementResponse,
            )
            end = found.resume_byte_position
            names = {".".join(name.table_name_segment) for name in found.table_name}
            yield rest[:end].decode().strip().removesuffix(";"), names
            rest = rest[end:]

    def execute(self, sql: str, tables: Mapping[str, Table] | None = None) -> Result:
        """Run a select over the tables, which are named as the statement names them:
        `visits`, or `project.dataset.visits` for a compiled three-part name."""
        prepared_id, columns, types = self._prepare(sql, tables or {}, with_rows=True)
        try:
            response = self._call(
                "EvaluateQuery",
                service.EvaluateQueryRequest(prepared_query_id=prepared_id),
                service.EvaluateQueryResponse,
            )
        finally:
            self._call(
                "UnprepareQuery",
                service.UnprepareQueryRequest(prepared_query_id=prepared_id),
            )
        rows = [
            tuple(_from_value(cell, kind) for cell, kind in zip(row.cell, types, strict=True))
            for row in response.content.table_data.row
        ]
        return Result(columns, rows)

    def _bigquery_language(self) -> options_pb2.LanguageOptionsProto:
        language = self._call(
            "GetLanguageOptions",
            service.LanguageOptionsRequest(maximum_features=True),
            options_pb2.LanguageOptionsProto,
        )
        feature_name = public_options_pb2.LanguageFeature.Name
        feature_value = public_options_pb2.LanguageFeature.Value
        kept = {
            feature
            for feature in language.enabled_language_features
            if not NOT_IN_BIGQUERY.search(feature_name(feature))
        }
        kept |= {feature_value(name) for name in RESTRICTED_IN_BIGQUERY}
        del language.enabled_language_features[:]
        language.enabled_language_features.extend(sorted(kept))
        language.product_mode = public_options_pb2.PRODUCT_EXTERNAL
        language.reserved_keywords.extend(RESERVED_IN_BIGQUERY)
        language.ClearField("supported_statement_kinds")  # none named: all of them
        return language

    def _prepare(self, sql: str, tables: Mapping[str, Table], with_rows: bool):
        request = service.PrepareQueryRequest(options=self._options)
        request.sql = self._describe(request.simple_catalog, sql, tables)
        if with_rows:
            for definition, table in zip(request.simple_catalog.table, tables.values()):
                _add_rows(request.table_content[definition.name].table_data, table)
        prepared = self._call("PrepareQuery", request, service.PrepareQueryResponse).prepared
        types = [column.type for column in prepared.columns]
        columns = {column.name: _type_name(column.type) for column in prepared.columns}
        return prepared.prepared_query_id, columns, types

    def _describe(self, catalog, sql: str, tables: Mapping[str, Table]) -> str:
        """Fill a catalog with the tables; give the statement as that catalog names them."""
        catalog.name = "catalog"
        catalog.builtin_function_options.language_options.CopyFrom(self._language)
        for alias, kind in TYPE_ALIASES.items():
            catalog.named_type.add(name=alias).type.type_kind = kind
        for position, (name, table) in enumerate(tables.items()):
            alias = name
            if "." in name:
                alias = f"table_{position}_{name.rsplit('.', 1)[1]}"
                sql = _rename_table(sql, name, alias)
            _add_table(catalog, alias, table)
        return sql

    def _call(self, name: str, request, response_type=None):
        arguments = () if response_type is None else (response_type,)
        try:
            return self._client.call_grpc_func(
                f"ZetaSqlLocalService_{name}", request, *arguments
            )
        except Exception as error:
            raise GoogleSqlError(str(error)) from None


def unwrapped(node):
    """A node of the syntax tree, without the messages that say which sort of node it is."""
    while type(node).__name__.startswith("Any"):
        node = getattr(node, node.WhichOneof("node"))
    return node


def _rename_table(sql: str, name: str, alias: str) -> str:
    """Replace `a`.`b`.`c`, `a.b.c` and bare a.b.c by a name of one part."""
    parts = [re.escape(part) for part in name.split(".")]
    quoted_each = r"\.".join(f"`{part}`" for part in parts)
    quoted_once = "`" + r"\.".join(parts) + "`"
    bare = r"(?<![\w.`])" + r"\.".join(parts) + r"(?![\w`])"
    return re.sub(f"{quoted_each}|{quoted_once}|{bare}", f"`{alias}`", sql)


def _add_table(catalog, name: str, table: Table) -> None:
    definition = catalog.table.add(name=name, serialization_id=len(catalog.table) + 1)
    for column, type_name in table.columns.items():
        definition.column.add(name=column).type.type_kind = _kind(type_name)


def _kind(type_name: str) -> int:
    base = type_name.lower().split("(")[0].strip()
    if base not in KINDS:
        raise GoogleSqlError(f"No such column type here: {type_name}. Known: {', '.join(KINDS)}")
    return KINDS[base]


def _add_rows(table_data, table: Table) -> None:
    table_data.SetInParent()  # a table without rows has contents too
    kinds = [_kind(type_name) for type_name in table.columns.values()]
    for row in table.rows:
        cells = table_data.row.add().cell
        for value, kind in zip(row, kinds, strict=True):
            _fill_value(cells.add(), value, kind)


def _fill_value(cell, value: Any, kind: int) -> None:
    if value is None:
        return
    if kind == type_pb2.TYPE_STRING:
        cell.string_value = value
    elif kind == type_pb2.TYPE_INT64:
        cell.int64_value = value
    elif kind == type_pb2.TYPE_DOUBLE:
        cell.double_value = value
    elif kind == type_pb2.TYPE_BOOL:
        cell.bool_value = value
    elif kind == type_pb2.TYPE_DATE:
        cell.date_value = (value - EPOCH_DATE).days
    elif kind == type_pb2.TYPE_TIMESTAMP:
        if value.tzinfo is not None:
            value = value.astimezone(dt.UTC).replace(tzinfo=None)
        # The package's own conversion fails; seconds and nanoseconds do not.
        microseconds = (value - EPOCH) // dt.timedelta(microseconds=1)
        seconds, rest = divmod(microseconds, 1_000_000)
        cell.timestamp_value.seconds = seconds
        cell.timestamp_value.nanos = rest * 1000
    elif kind == type_pb2.TYPE_DATETIME:
        cell.datetime_value.bit_field_datetime_seconds = _pack_datetime(value)
        cell.datetime_value.nanos = value.microsecond * 1000
    elif kind == type_pb2.TYPE_NUMERIC:
        scaled = int((Decimal(value) * NUMERIC_SCALE).to_integral_exact())
        cell.numeric_value = _to_bytes(scaled)
    elif kind == type_pb2.TYPE_JSON:
        cell.json_value = value if isinstance(value, str) else json.dumps(value)
    else:
        raise GoogleSqlError(f"No values of type kind {kind} can be handed in")


def _from_value(cell, kind) -> Any:
    """A protobuf value as the plain Python value of its type."""
    which = cell.WhichOneof("value")
    if which is None:
        return None
    value = getattr(cell, which)
    match kind.type_kind:
        case type_pb2.TYPE_DATE:
            return EPOCH_DATE + dt.timedelta(days=value)
        case type_pb2.TYPE_TIMESTAMP:
            microseconds = value.seconds * 1_000_000 + value.nanos // 1000
            return EPOCH + dt.timedelta(microseconds=microseconds)
        case type_pb2.TYPE_DATETIME:
            moment = _unpack_datetime(value.bit_field_datetime_seconds)
            return moment.replace(microsecond=value.nanos // 1000)
        case type_pb2.TYPE_NUMERIC:
            return Decimal(_from_bytes(value)) / NUMERIC_SCALE
        case type_pb2.TYPE_BIGNUMERIC:
            return Decimal(_from_bytes(value)) / BIGNUMERIC_SCALE
        case type_pb2.TYPE_ARRAY:
            return [_from_value(item, kind.array_type.element_type) for item in value.element]
        case type_pb2.TYPE_STRUCT:
            fields = kind.struct_type.field
            return {
                field.field_name: _from_value(item, field.field_type)
                for field, item in zip(fields, value.field, strict=True)
            }
    return value


def _type_name(kind) -> str:
    if kind.type_kind == type_pb2.TYPE_ARRAY:
        return f"array<{_type_name(kind.array_type.element_type)}>"
    if kind.type_kind == type_pb2.TYPE_STRUCT:
        inner = ", ".join(
            f"{field.field_name} {_type_name(field.field_type)}"
            for field in kind.struct_type.field
        )
        return f"struct<{inner}>"
    name = type_pb2.TypeKind.Name(kind.type_kind).removeprefix("TYPE_").lower()
    return "float64" if name == "double" else name


def _to_bytes(number: int) -> bytes:
    length = max(1, (number.bit_length() + 8) // 8)
    return number.to_bytes(length, "little", signed=True)


def _from_bytes(data: bytes) -> int:
    return int.from_bytes(data, "little", signed=True)


# A datetime travels as one integer: year, month, day, hour, minute, second from the top.
_DATETIME_BITS = (("year", 26), ("month", 22), ("day", 17), ("hour", 12), ("minute", 6), ("second", 0))


def _pack_datetime(value: dt.datetime) -> int:
    return sum(getattr(value, part) << shift for part, shift in _DATETIME_BITS)


def _unpack_datetime(packed: int) -> dt.datetime:
    parts, rest = {}, packed
    for part, shift in _DATETIME_BITS:
        parts[part], rest = divmod(rest, 1 << shift)
    return dt.datetime(**parts)
