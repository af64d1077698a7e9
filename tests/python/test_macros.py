"""Every macro of macros/cross_db on hand-made edge values, with hand-written answers."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

import duckdb
import pytest
from conformance import as_rows
from project import ROOT, Project
from tool_differences import DIFFERENCES
from warehouse import normalised

SETTINGS = {
    "st_johns": {"reporting_timezone": "America/St_Johns", "week_starts_on": "sunday"},
    "lord_howe": {"reporting_timezone": "Australia/Lord_Howe", "week_starts_on": "monday"},
}
TYPES = {"string": "string", "integer": "bigint", "date": "date", "timestamp": "timestamp",
         "numeric": "numeric"}

# What returns no expression, and who covers it.
NO_EXPRESSIONS = {
    **dict.fromkeys(
        ("prepare_engine", "replaced_by_day", "replacement", "ledger",
         "get_incremental_replacement_sql", "partitioned_by_day", "stored_by_day", "filter_required",
         "bq_generate_incremental_insert_overwrite_build_sql"),
        "configuration or whole statements: test_conformance.py runs them on three engines",
    ),
    **dict.fromkeys(
        ("raw_relation", "check_raw_files", "raw_place", "demo_command", "raw_columns", "raw_folder",
         "sql_text", "raw_files", "file_reader", "problem_of_csv", "warn_of_other_files",
         "literal_path", "drop_raw_rejects", "file_paths", "warn_of_lacking_files",
         "columns_by_file", "names_by_file"),
        "finds files and tables while dbt runs: test_bad_input.py, test_raw_files.py, test_load.py",
    ),
    **dict.fromkeys(
        ("slices_of_days", "slice_of", "rows_of_a_slice"),
        "how DuckDB alone writes much: test_odd_increments.py",
    ),
    **dict.fromkeys(
        ("check_definition_files", "problem_of_definition", "problem_of_header",
         "problem_of_row", "csv_records", "is_well_formed", "path_of_seed"),
        "reads files while dbt runs: test_definition_files.py",
    ),
    **dict.fromkeys(
        ("export_relation", "export_place", "export_table", "dataset_of", "shards_of_dataset",
         "shards_that_count", "shard_of_row", "versions_of_shards", "versions_by_day",
         "delivered_fields", "relation_of_files", "export_tables"),
        "finds exports of trackers while dbt runs: test_exports.py",
    ),
    "inverted_matrices": "a recursion stands at the top of a statement: test_attribution.py",
    "struct_type": "part of empty_list",
    **dict.fromkeys(("unless_without_json", "without_zeros"), "part of json_of_column"),
    "parameter_value": "part of parameter",
    **dict.fromkeys(
        ("parameter_member", "is_member"), "part of json_members_of_parameters"
    ),
    "json_of_fields": "part of json_objects_of_list",
    **dict.fromkeys(
        ("json_pointer", "json_type_of_row", "json_value_of_row"), "part of json_property_of_row"
    ),
    "median_input": "part of median_of",
    "money_does_not_fit": "part of as_money",
    "number_with_zeros": "part of comparable_value",
    "percent_encoded_parts": "part of percent_decoded",
    **dict.fromkeys(
        ("timestamp_pattern", "loose_timestamp_pattern", "epoch_pattern", "iso_text"),
        "part of parse_timestamp",
    ),
    "epoch_microseconds": "part of epoch_timestamp",
    "exponent_pattern": "part of without_float",
    "null_texts_are_null": "part of cast_delivered",
    "white_space": "part of trimmed and is_blank",
}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@dataclass(frozen=True)
class Cases:
    """Inputs of columns a, b … with the answer to each; `sql` is Jinja over `inputs`."""

    macro: str
    types: tuple[str, ...]
    rows: list[tuple]
    call: str = ""
    select: str = "select n, {call} as answer from inputs"
    setting: str = "st_johns"
    # What the error says where the query has to stop.
    stops: str = ""

    @property
    def sql(self) -> str:
        names = ", ".join(f"'{name}'" for name in "abcd"[:len(self.types)])
        call = self.call or f"{self.macro}({names})"
        return self.select.replace("{call}", "{{ " + call + " }}")


def texts(*pairs: tuple) -> list[tuple]:
    return list(pairs)


MICROS = (
    ("2024-01-01", "2024-01-01", 0), ("2024-01-01", "2024-01-01 00:00:00.000001", 1),
    ("2024-01-01 00:00:00.000001", "2024-01-01", -1), ("2024-02-28", "2024-03-01", 172800000000),
    ("0001-01-01", "9999-12-31 23:59:59.999999", 315537897599999999),
    ("2024-03-10 05:30:00", "2024-03-10 06:30:00", 3600000000), (None, "2024-01-01", None),
)

# A list of one to three keys with values, as in GA4's export: a text, a whole number, another.
FIELDS = {"string_value": "string", "int_value": "bigint", "float_value": "double",
          "double_value": "double"}


def parameter_lists(**values: tuple[str, str]) -> str:
    """Jinja that sets `list` to keys with a value in one field, as each engine writes it."""
    ours, theirs = [], []
    for key, (field, sql) in values.items():
        fields = {
            name: sql if name == field else f"cast(null as {kind})"
            for name, kind in FIELDS.items()
        }
        inner = ", ".join(f"'{name}': {value}" for name, value in fields.items())
        ours.append("{'key': '" + key + "', 'value': {" + inner + "}}")
        inner = ", ".join(f"{value} as {name}" for name, value in fields.items())
        theirs.append(f"struct('{key}' as key, struct({inner}) as value)".replace(
            "as double)", "as float64)"
        ))
    return f"""
        {{%- set list = "[{', '.join(ours)}]" if target.type == 'duckdb'
            else "[{', '.join(theirs)}]" %}}
    """


PARAMETERS = parameter_lists(
    k=("string_value", "a"), n=("int_value", "b"), d=("double_value", "c")
)
PARAMETER_TYPES = ("string", "integer", "float")
ITEMS = """
    {%- set list = "[{'id': a, 'price': b}, {'id': 'z', 'price': null}]"
        if target.type == 'duckdb'
        else "[struct(a as id, b as price), struct('z', cast(null as float64))]" %}
"""
STRUCT = """
    {%- set column = "{'t': a, 'n': b}" if target.type == 'duckdb' else "struct(a as t, b as n)" %}
    {%- set columns = "[" ~ column ~ (
        ", {'t': 'z', 'n': null}]" if target.type == 'duckdb' else ", struct('z', null)]"
    ) %}
"""

CASES = [
    Cases("parameter", PARAMETER_TYPES, [
        ("v", 1, 0.5, "v"), ("", 1, 0.5, ""), (None, 1, 0.5, None), ("한국", 1, 0.5, "한국"),
    ], select=PARAMETERS + "select n, {{ parameter(list, 'k') }} as answer from inputs"),
    Cases("parameter", PARAMETER_TYPES, [
        ("v", 1, 0.5, "1"), ("v", -7, 0.5, "-7"), ("v", None, 0.5, None),
        ("v", 9007199254740993, 0.5, "9007199254740993"),
    ], select=PARAMETERS + "select n, {{ parameter(list, 'n') }} as answer from inputs"),
    Cases("parameter", PARAMETER_TYPES, [
        ("v", 1, 0.5, None),
    ], select=PARAMETERS + "select n, {{ parameter(list, 'absent') }} as answer from inputs"),
    Cases("json_members_of_parameters", PARAMETER_TYPES, [
        ("v", 1, 0.5, '"k":"v","n":1,"d":0.5'), (None, None, 2.0, '"k":null,"n":null,"d":2'),
        ('a"b', 1, -1.25, '"k":"a\\"b","n":1,"d":-1.25'),
    ], select=PARAMETERS
        + "select n, {{ json_members_of_parameters(list) }} as answer from inputs"),
    Cases("json_members_of_parameters", PARAMETER_TYPES, [
        ("v", 1, 0.5, '"n":1'),
    ], select=PARAMETERS + "select n, {{ json_members_of_parameters(list, ['k', 'd']) }}"
        " as answer from inputs"),
    Cases("first_of_list", ("string", "float"), [
        ("x", 1.5, "x"), (None, 1.5, None),
    ], select=ITEMS + "select n, {{ first_of_list(list, 'id') }} as answer from inputs"),
    Cases("json_objects_of_list", ("string", "float"), [
        ("x", 1.5, '{"id":"x","price":"1.5"},{"id":"z"}'), (None, 3.0, '{"price":"3"},{"id":"z"}'),
    ], select=ITEMS + "select n, {{ json_objects_of_list(list, {'id': 'string', "
        "'price': 'double'}) }} as answer from inputs"),
    Cases("empty_list", ("string",), [("x", None)], select="""
        {%- set list = empty_list({'id': 'string', 'v.a': 'double', 'v.b': 'bigint'}) %}
        select n, {{ first_of_list(list, 'id') }} as answer from inputs"""),
    Cases("number_text", ("float",), [
        (1.0, "1"), (1.5, "1.5"), (-0.25, "-0.25"), (366.7, "366.7"), (None, None),
    ]),
    Cases("joined_texts", ("string", "string"), [
        ("a", "b", "a-b"), (None, "b", "b"), ("a", None, "a"), (None, None, ""), ("", "b", "-b"),
    ], call="joined_texts(['a', 'b'], '-')"),
    Cases("json_text", ("string",), [
        ("a", '"a"'), ('"', '"\\""'), ("", '""'), ("\\", '"\\\\"'), ("한", '"한"'), (None, None),
    ]),
    Cases("json_member", ("string",), [("a", '"k":"a"'), (None, None)],
          call="json_member('k', 'a')"),
    Cases("json_of_members", ("string", "string"), [
        ('"a":1', '"b":2', '{"a":1,"b":2}'), (None, '"b":2', '{"b":2}'), (None, None, "{}"),
    ], call="json_of_members(['a', 'b'])"),
    Cases("json_member_of_column", ("string",), [("a", '"a":"a"'), (None, None)],
          call="json_member_of_column('a', 'VARCHAR')"),
    Cases("json_member_of_column", ("numeric",), [(Decimal("1.50"), '"a":1.5'), (None, None)],
          call="json_member_of_column('a', 'DOUBLE')"),
    Cases("decimal_text", ("numeric",), [
        (Decimal("1.50"), "1.5"), (Decimal("20.00"), "20"), (Decimal(100), "100"),
        (Decimal("0.5"), "0.5"), (None, None),
    ]),
    Cases("json_objects", ("string",), [
        ('{"items": [{"x": 1}, 2]}', "2"), ('{"products": "[{\\"x\\": 1}]"}', "1"),
        ('{"items": [], "products": [1, 2, 3]}', "3"), ('{"items": "a [text]"}', None),
        ('{"items": 5}', None), ("{}", None), (None, None),
    ], select="select n, cast({{ 'array_length(' ~ json_objects('a', ['items', 'products']) ~ ')' }}"
              " as string) as answer from inputs"),
    Cases("is_without_elements", ("string",), [('{"a": [1]}', False), ('{"a": []}', True),
                                               (None, True)],
          call="is_without_elements(json_objects('a', ['a']))"),
    Cases("rows_of_lists", ("string",), [('{"a": [5]}', "51"), ('{"a": [{"b":1}]}', '{"b":1}1')],
          select="select n, element || cast(number as string) as answer from ({{ rows_of_lists("
                 "'(select n, ' ~ json_objects('a', ['a']) ~ ' as list from inputs)', 'list',"
                 " 'element', 'number') }}) as exploded"),
    Cases("nested_json_property", ("string",), [
        ('{"page": {"the url": "/a"}}', "/a"), ('{"page": {"the url": {"x": 1}}}', None),
        ('{"page": "/a"}', None), ('{"the url": "/a"}', None), ('{"page": {"the url": 1.5}}', "1.5"),
        (None, None),
    ], call="nested_json_property('a', ['page', 'the url'])"),
    Cases("json_member_around", ("string",), [('"a":1', '"k":{"a":1}'), (None, None)],
          call="json_member_around('k', '{', 'a', '}')"),
    Cases("json_members_of_object", ("string",), [
        ('{"a":{"b":1}}', '"a":{"b":1}'), (' { "a": 1 } ', '"a": 1'), ("{}", None), (None, None),
    ]),
    Cases("json_of_column", ("string", "float"), [
        ("a", 120.0, '{"t":"a","n":120}'), ("b 1.0]", 12.5, '{"t":"b 1.0]","n":12.5}'),
        ('"2.50}', 0.05, '{"t":"\\"2.50}","n":0.05}'), (None, None, '{"t":null,"n":null}'),
    ], select=STRUCT + "select n, {{ json_of_column(column, 'STRUCT') }} as answer from inputs"),
    Cases("json_of_column", ("string", "float"), [
        ("a", 3.0, '[{"t":"a","n":3},{"t":"z","n":null}]'),
    ], select=STRUCT + "select n, {{ json_of_column(columns, 'STRUCT[]') }} as answer from inputs"),
    Cases("json_of_column", ("string",), texts(
        ('[{"a": 1.0}]', '[{"a": 1.0}]'), ("[]", None), ("", None), ("null", None), (None, None),
    ), call="json_of_column('a', '{text}')"),
    Cases("first_json_object", ("string",), texts(
        ('[{"a":1},{"a":2}]', '{"a":1}'), ('{"a":1}', '{"a":1}'), ("[]", None), ("[null]", None),
        ("[1]", "1"), ('"a"', None), ("null", None), ("[{", None), ("", None), (None, None),
    )),
    Cases("in_utc", ("timestamp",), [
        (at("2022-03-01 09:00:00"), at("2022-03-01 00:00:00")), (None, None),
    ], call="in_utc('a', 'Asia/Seoul')"),
    Cases("is_json_object", ("string",), texts(
        ("{}", True), (' \t\r\n{"a":1} ', True), ("[]", False), ("null", False), ("1", False),
        ('"{}"', False), ("", False), (" ", False), ("{", False), ("{}{}", False),
        ("{'a':1}", False), ('{"a":01}', False), ('{"a":"x,]"}', True),
        ('{"a":[":nan"]}', True), ('{"a":"\\",}"}', True), (None, None),
        ('{"a":' * 400 + "1" + "}" * 400, True), ('{"한":"국"}', True), ('{"a":1,"a":2}', True),
    )),
    Cases("json_property", ("string",), texts(
        ('{"k":"v"}', "v"), ('{"k":null}', None), ('{"x":1}', None), ("{}", None),
        ('{"k":""}', None), ('{"k":" "}', " "),
        ('{"k":{"a":1}}', None), ('{"k":[1]}', None), ('{"k":true}', "true"), ('{"k":7}', "7"),
        ('{"k":10.50}', "10.5"), ('{"k":1.0}', "1.0"), ('{"k":-0}', "0"), ('{"k":1e2}', "100.0"),
        ('{"k":12345678901234567890}', "12345678901234567890"), ('{"k":"한국"}', "한국"),
        ('{"k":"\\ud55c\\ud83d\\uded2"}', "한🛒"), ('{"k":"\\"\\\\/\\n"}', '"\\/\n'),
        ('{"k":1,"k":2}', "1"), ('{"K":1}', None), ('{"x":{"k":1}}', None),
        ('{"x":"\\"k\\":1"}', None), (None, None),
    ), call="json_property('a', 'k')"),
    Cases("json_property_of_row", ("string", "string"), [
        ('{"k":"v"}', "k", "v"), ('{"k":10.50}', "k", "10.5"), ('{"a b":1}', "a b", "1"),
        ('{"a.b":1}', "a.b", "1"), ('{"k":{}}', "k", None), ('{"k":null}', "k", None),
        ('{"k":1}', None, None), (None, "k", None), ('{"한":"국"}', "한", "국"),
        ('{"k":1,"k":2}', "k", "1"), ("{}", "k", None),
        ('{"k":""}', "k", None), ('{"a\\"b":1}', 'a"b', "1"), ('{"a\\\\b":1}', "a\\b", "1"),
        ('{"a/b":1}', "a/b", "1"), ('{"~1":1,"/":2}', "~1", "1"), ('{"*":1,"k":2}', "*", "1"),
        ('{"0":1}', "0", "1"), ("{\"it's\":1}", "it's", "1"),
        ('{"a":{"b":1}}', "a.b", "1"), ('{"a":{"b":{"c":"x"}}}', "a.b.c", "x"),
        ('{"a.b":1,"a":{"b":2}}', "a.b", "1"), ('{"a":1}', "a.b", None), ('{"a":{"b":[1]}}', "a.b", None),
    ]),
    Cases("json_list_has", ("string", "string", "string"), [
        ('{"k":["x","y"]}', "k", "y", True), ('{"k":[2.50]}', "k", "2.5", True),
        ('{"a":{"k":["x"]}}', "a.k", "x", True), ('{"k":["x"]}', "k", "z", False),
        ('{"k":"x"}', "k", "x", False), ('{"k":[]}', "k", "x", False), ("{}", "k", "x", False),
    ]),
    Cases("json_object_text", ("string", "string"), [
        ("x", None, '{"p":"x","q":null}'), ("", "한국 🛒", '{"p":"","q":"한국 🛒"}'),
        ('"', "\\", '{"p":"\\"","q":"\\\\"}'), ("\n", "\t", '{"p":"\\n","q":"\\t"}'),
        ("/", "<&>", '{"p":"/","q":"<&>"}'), ("\x01", "e\u0301", '{"p":"\\u0001","q":"e\u0301"}'),
    ], call="json_object_text({'p': 'a', 'q': 'b'})"),
    Cases("as_decimal", ("string",), texts(
        ("1", Decimal(1)), ("-0", Decimal(0)), ("0.00005", Decimal("0.0001")),
        ("-0.00005", Decimal("-0.0001")), ("0.000049999", Decimal(0)), ("1e3", Decimal(1000)),
        ("99999999999999.9999", Decimal("99999999999999.9999")), (" 7 ", Decimal(7)),
        ("99999999999999.99994", Decimal("99999999999999.9999")), ("99999999999999.99995", None),
        ("-99999999999999.99995", None), ("100000000000000", None), ("1e300", None),
        ("1e-300", Decimal(0)), ("NaN", None), ("inf", None), ("1,000", None), ("x", None),
        ("", None), (".5", Decimal("0.5")), ("5.", Decimal(5)), ("+5", Decimal(5)), (None, None),
    )),
    Cases("as_money", ("string",), texts(
        ("99999999999999.99994", Decimal("99999999999999.9999")), ("-0.00005", Decimal("-0.0001")),
        ("0.000049999", Decimal(0)), (None, None),
    ), call=(
        "as_money('cast(a as numeric(38, 9))') if target.type == 'duckdb' "
        "else as_money('cast(a as numeric)')"
    )),
    Cases("comparable_value", ("string",), texts(
        ("19.90", "19.9"), ("19.9", "19.9"), ("2.0", "2"), ("2", "2"), ("20", "20"), ("-0.50", "-0.5"),
        ("100.00", "100"), ("0042", "0042"), ("00.50", "00.50"), ("1.2.30", "1.2.30"), ("TRUE", "true"),
        ("True", "true"), ("FALSE", "false"), ("truest", "truest"), (".50", ".50"), ("10.0x", "10.0x"),
        ("", ""), ("EUR", "EUR"), (None, None),
    )),
    Cases("letters_apart", ("string", "string"), [
        ("kitten", "sitting", 3), ("a", "a", 0), ("", "abc", 3), (None, "a", None),
    ]),
    Cases("property_keys", ("string",), [
        ('{"k":1}', "a b, k, x, y"), ('{"a b" : {}}', ...), ('{"x":{"y":1}}', ...), ("{}", ...),
        (None, ...),
    ], select=(
        "select (select min(n) from inputs) as n, "
        "string_agg(property_name, ', ' order by property_name) as answer from "
        "(select distinct property_name from ({call}) as found) as keys"
    ), call="property_keys('(select a as properties, a as normalized_event_name from inputs)')"),
    Cases("as_money", ("string",), texts(("99999999999999.99995", None)), call=(
        "as_money('cast(a as numeric(38, 9))') if target.type == 'duckdb' "
        "else as_money('cast(a as numeric)')"
    ), stops="A sum of money is"),
    Cases("raise_error", ("string",), texts(("Two rows.", None)), stops="Two rows."),
    Cases("as_factor", ("string",), texts(
        ("1", Decimal(1)), ("0.000667", Decimal("0.000667")), ("1e-3", Decimal("0.001")),
        ("0.0000000005", Decimal("0.000000001")), ("0.00000000049", Decimal(0)),
        ("-0.0000000005", Decimal("-0.000000001")), ("999999999.999999999", Decimal("999999999.999999999")),
        ("1000000000", None), ("1,5", None), ("x", None), ("", None), (None, None),
    )),
    Cases("as_factor", ("integer", "integer"), [
        (1, 3, Decimal("0.333333333")), (2, 3, Decimal("0.666666667")), (1, 1024, Decimal("0.000976563")),
        (10**15, 10**15 + 1, Decimal(1)), (0, 7, Decimal(0)), (None, 7, None),
    ], call="as_factor(divided('a', 'b'))"),
    Cases("money_times", ("string", "string"), [
        ("100.00", "0.92", Decimal(92)), ("10.01", "0.333333333", Decimal("3.3367")),
        ("0.0001", "0.5", Decimal("0.0001")), ("-0.0001", "0.5", Decimal("-0.0001")),
        # Nine places first: 0.0000499999999 is 0.00005, and that is 0.0001.
        ("0.0001", "0.499999999", Decimal("0.0001")), ("0.0001", "0.49999", Decimal(0)),
        ("0.1234", "0.000405186", Decimal("0.0001")),
        ("99999999999999.9999", "1", Decimal("99999999999999.9999")),
        ("5", None, None), (None, "5", None),
    ], call="money_times(as_decimal('a'), as_factor('b'))"),
    Cases("money_times", ("string", "string"), [("99999999999999", "2", None)],
          call="money_times(as_decimal('a'), as_factor('b'))", stops="A sum of money is"),
    Cases("median_of", ("string", "integer"), [
        ("odd", 3, 2.0), ("odd", 1, ...), ("odd", 2, ...), ("even", 1, 1.5), ("even", 2, ...),
        ("nulls", None, 5.0), ("nulls", 5, ...), ("none", None, None),
        ("far", -(10**15), 0.5), ("far", 10**15 + 1, ...),
    ], select=(
        "select min(n) as n, {call} as answer from ("
        "select *, {{ median_input('b', 'a') }} as b_input from inputs) as with_input group by a"
    ), call="median_of('b_input')"),
    *(
        Cases(macro, ("string", "string", "integer"), rows, select=(
            "select min(n) as n, {call} as answer from inputs group by a"
        ), call=f"{macro}('b', 'c')")
        for macro, rows in {
            "value_at_first": [
                ("a", "x", 2, "y"), ("a", "y", 1, ...), ("b", None, 1, None), ("b", "x", 2, ...),
                ("c", "x", None, "y"), ("c", "y", 9, ...), ("d", "x", None, None),
            ],
            "value_at_last": [
                ("a", "x", 2, "x"), ("a", "y", 1, ...), ("b", None, 9, None), ("b", "x", 2, ...),
                ("c", "x", None, "y"), ("c", "y", 9, ...), ("d", "x", None, None),
            ],
        }.items()
    ),
    Cases("divided", ("integer", "integer"), [
        (1, 4, 0.25), (-7, 2, -3.5), (0, 3, 0.0), (6, 3, 2.0), (1, 3, 0.333333333333),
        (9007199254740993, 1, 9007199254740992.0), (None, 2, None), (2, None, None),
    ]),
    Cases("contains_text", ("string", "string"), [
        ("a/b", "/", True), ("a_b", "%", False), ("aXb", "a_b", False), ("a", "A", False),
        ("한국", "국", True), ("", "a", False), ("a", "ab", False), (None, "a", None),
        ("a", None, None),
    ]),
    Cases("whole_numbers_to", ("string",), [("", 3)], select=(
        "select min(inputs.n) as n, count(distinct numbers.n) - 1 as answer "
        "from inputs cross join ({{ whole_numbers_to(3) }}) as numbers "
        "where numbers.n between 0 and 3"
    )),
    Cases("hashed_number", ("string",), [
        ("", 955282973525019424), ("a", 57446577476672362), ("3:abc", 1045467851605560530),
        ("한국", 791909312628084559), (None, None),
    ]),
    Cases("rows_of_dates", ("string",), [("", 2)], select=(
        "select inputs.n, count(days.date_day) as answer from inputs cross join "
        "({{ rows_of_dates(['2026-03-01', '2028-02-29']) }}) as days group by inputs.n"
    )),
    Cases("days_of", ("date", "date"), [
        (day("2024-02-28"), day("2024-03-01"), 3), (day("2024-03-01"), day("2024-03-01"), 1),
    ], select=(
        "select inputs.n, count(distinct days.date_day) as answer from inputs inner join "
        "({{ days_of('inputs', 'a', 'b') }}) as days "
        "on days.date_day between inputs.a and inputs.b group by inputs.n"
    )),
    Cases("regexp_found", ("string", "string"), [
        ("abc", "b", True), ("abc", "^b", False), ("abc", "", True), ("", "^$", True),
        ("한국어", "국", True), ("한국어", "^.{3}$", True), ("A", "(?i)a", True), ("a\nb", "a.b", False),
        ("a+b", "[+]", True), (None, "a", None), ("a", None, None), ("caf\u00e9", "cafe", False),
    ]),
    Cases("regexp_group", ("string",), texts(
        ("k=v", "v"), ("k=", None), ("x", None), ("k=한국", "한국"), ("", None), (None, None),
        ("k=a k=b", "a k=b"),
    ), call="regexp_group('a', 'k=(.*)')"),
    Cases("regexp_replaced", ("string",), texts(
        ("a1b22c", "a#b#c"), ("1", "#"), ("abc", "abc"), ("", ""), ("국1국", "국#국"), (None, None),
        ("12 3", "# #"),
    ), call="regexp_replaced('a', '[0-9]+', '#')"),
    Cases("regexp_is_valid", ("string",), texts(
        ("a", True), ("", True), ("(", False), ("[", False), ("(?=x)", False), ("a{2}", True),
        ("*", False), ("한", True),
    )),
    Cases("percent_decoded", ("string",), texts(
        ("a+b%20c", "a b c"), ("%EC%B9%B4%ED%8E%98", "카페"), ("%f0%9f%9b%92", "🛒"), ("100%", "100%"),
        ("%zz", "%zz"), ("%E9", "%E9"), ("%E9+%C3%A9", "%E9 é"), ("%2", "%2"), ("%%41", "%A"),
        ("%C3%28", "%C3("), ("%ED%A0%80", "%ED%A0%80"), ("%C0%80", "%C0%80"),
        ("%F4%90%80%80", "%F4%90%80%80"), ("%EF%BF%BD", "\ufffd"), ("%252F", "%2F"),
        ("%2B", "+"), ("é%41", "éA"), ("\\x41", "\\x41"), ("", ""), (None, None),
    )),
    Cases("percent_decoded", ("string",), texts(
        ("/a+b%2Bc", "/a+b+c"), ("/caf%C3%A9", "/café"), ("/caf%E9", "/caf%E9"), (None, None),
    ), call="percent_decoded('a', is_plus_a_space=false)"),
    Cases("url_host", ("string",), texts(
        ("https://www.Shop.example/p", "shop.example"), ("https://shop.example.", "shop.example"),
        ("https://shop.example.:8443/p?a=1", "shop.example"), ("//shop.example/x", "shop.example"),
        ("https://user:secret@shop.example/", "shop.example"), ("shop.example", "shop.example"),
        ("www.shop.example/x", "shop.example"), ("shop.example:8080", "shop.example"),
        ("shop.example?x=1", "shop.example"), ("https://shop.example#x", "shop.example"),
        ("android-app://com.Slack/", "com.slack"), ("http://localhost:3000/", "localhost"),
        ("https://[2001:db8::1]:80/", "[2001:db8::1]"), ("/p/shop.example/x", None),
        ("index.html", None), ("cart/items", None), ("page.php?x=a.b", None), ("about:blank", None),
        ("not an address", None), ("?a=b.com", None), ("///", None), ("", None), (None, None),
    )),
    Cases("page_path", ("string",), texts(
        ("https://shop.example/caf%C3%A9/", "/café"), ("/caf%E9", "/caf%E9"),
        ("https://shop.example/a+b%20c", "/a+b c"), ("https://shop.example?q=%41", "/"),
        ("https://shop.example/#/cart", "/"), ("//shop.example/p/1/", "/p/1"),
        ("shop.example/p", "/p"), ("shop.example", "/"), ("index.html", "index.html"),
        ("https://shop.example:8443/p", "/p"), ("https://shop.example/p#x?y", "/p"),
        ("about:blank", "about:blank"), ("", "/"), (None, None),
    )),
    Cases("address_parameters", ("string",), texts(
        ("https://s.example/?utm_source=a&utm_medium=b", "a"), ("/?UTM_SOURCE=a", "a"),
        ("/?x=1&amp;utm_source=a&amp;y", "a"), ("/#utm_source=a", "a"), ("/#/r?utm_source=a", "a"),
        ("/?utm_source=&utm_source=a&utm_source=b", "a"), ("/?utm_source=%20&utm_source=a", "a"),
        ("/?utm_source=undefined&utm_source=a", "a"), ("/?utm_source=a#utm_source=b", "a"),
        ("/?ref=1?utm_source=a", "a"), ("/?utm%5Fsource=a", "a"), ("/?utm_source=a%20b+c%26", "a b c&"),
        ("/?utm_source=null", None), ("/?utm_source=+NULL%20&utm_medium=x", None),
        ("/?utm_source=%5Bobject%20Object%5D", None), ("/?utm_source=nullify", "nullify"),
        ("/?xutm_source=a&r=https%3A%2F%2Fb.example%2F%3Futm_source%3Dc", None),
        ("/utm_source=a", None), ("/?utm_medium=a", None), ("", None), (None, None),
    ), call="address_parameter(address_parameters('a'), 'utm_source')"),
    Cases("click_id_name", ("string",), texts(
        ("/?gclid=a", "gclid"), ("/?fbclid=a&GCLID=b", "gclid"), ("/?fbclid=a", "fbclid"),
        ("/?ScCid=a", "sccid"), ("/?gclid=&fbclid=b", "fbclid"), ("/?xgclid=a", None),
        ("/?utm_source=gclid", None), (None, None),
    ), call="click_id_name(address_parameters('a'))"),
    Cases("click_id_name_of_value", ("string",), texts(
        ("gclid=abc", "gclid"), ("FBCLID:abc", "fbclid"), ("EAIaIQobChMI", "gclid"),
        ("CjwKCAiA", "gclid"), ("IwAR0abc", "fbclid"), ("0AAAAA", "gbraid"),
        ("0123456789abcdef0123456789abcdef", "msclkid"), ("E.C.P.abc", "ttclid"),
        ("other=abc", None), ("abc", None), ("", None), (None, None),
    )),
    Cases("told", ("string",), texts(
        (" Google ", "Google"), ("(direct)", None), ("(Not Set)", None), ("undefined", None),
        ("NULL", None), ("nullify", "nullify"), (" ", None), ("", None), (None, None),
    )),
    Cases("is_same_site", ("string", "string"), [
        ("a.example", "a.example", True), ("m.a.example", "a.example", True),
        ("a.example", "m.a.example", True), ("ba.example", "a.example", False),
        ("a.example", "b.example", False), (None, "a", None), ("a", None, None),
    ]),
    Cases("hosts_and_parents", ("string",), texts(
        ("m.shop.co.uk", "m.shop.co.uk shop.co.uk co.uk"), ("google", "google"),
        ("a.b", "a.b"), ("1.2.3.4.5.6.7.8.9", "1.2.3.4.5.6.7.8.9 2.3.4.5.6.7.8.9 3.4.5.6.7.8.9 "
         "4.5.6.7.8.9 5.6.7.8.9 6.7.8.9 7.8.9"),
    ), select=(
        "select inputs.n, string_agg(found.parent, ' ' order by found.level) as answer "
        "from inputs inner join ({{ hosts_and_parents('inputs', 'a') }}) as found "
        "on inputs.a = found.a group by inputs.n"
    )),
    # Each engine has its own number, so that two rows are compared.
    Cases("row_fingerprint", ("string",) * 4, [
        ("a", "b", "a", "b", True), ("a", "b", "b", "a", False), ("a", None, "a", None, True),
        ("a", None, None, "a", False), ("a", None, "a", "", False), ("ab", "", "a", "b", False),
        (None, None, None, None, True), ("한", "국", "한", "국", True), ("a", "1", "a", "2", False),
    ], call="row_fingerprint(['a', 'b']) ~ ' = ' ~ row_fingerprint(['c', 'd'])"),
    Cases("trimmed", ("string",), texts(
        (" a ", "a"), ("\t\n\v\f\r a b \u00a0\u3000\u2009", "a b"), ("\u200ba", "\u200ba"),
        ("   ", ""), ("", ""), (None, None), ("가 ", "가"), ("\u0085\u1680\u2028x\u205f", "x"),
    )),
    Cases("is_blank", ("string",), [
        (" a ", False), ("\t\n\v\f\r \u00a0\u3000\u2009\u0085\u1680\u2028\u205f", True),
        ("\u200b", False), ("\n가", False), ("", True), (None, True),
    ]),
    Cases("reporting_date", ("timestamp",), [
        (at("2024-01-01 03:29:59.999999"), day("2023-12-31")), (at("2024-01-01 03:30"), day("2024-01-01")),
        (at("2024-03-11 02:29:59.999999"), day("2024-03-10")), (at("2024-03-11 02:30"), day("2024-03-11")),
        (at("2024-11-03 02:30"), day("2024-11-03")), (at("2024-11-04 03:29:59"), day("2024-11-03")),
        (at("2024-02-29 03:30"), day("2024-02-29")), (None, None),
    ]),
    Cases("reporting_date", ("timestamp",), [
        (at("2024-04-06 12:59:59"), day("2024-04-06")), (at("2024-04-06 13:00"), day("2024-04-07")),
        (at("2024-04-07 13:29:59"), day("2024-04-07")), (at("2024-04-07 13:30"), day("2024-04-08")),
        (at("2024-10-06 12:59:59"), day("2024-10-06")), (at("2024-10-06 13:00"), day("2024-10-07")),
    ], setting="lord_howe"),
    Cases("microseconds_between", ("timestamp", "timestamp"), [
        (first and at(first), last and at(last), micros) for first, last, micros in MICROS
    ]),
    Cases("add_microseconds", ("timestamp", "integer"), [
        (first and at(first), micros, last and at(last) if first else None)
        for first, last, micros in MICROS if micros is not None and micros < 10**17
    ] + [(at("2024-01-01"), None, None)]),
    Cases("add_days", ("date", "integer"), [
        (day("2024-02-28"), 1, day("2024-02-29")), (day("2023-02-28"), 1, day("2023-03-01")),
        (day("2024-01-01"), -1, day("2023-12-31")), (day("2024-01-01"), 0, day("2024-01-01")),
        (None, 1, None), (day("2024-01-01"), None, None), (day("1969-12-31"), 1, day("1970-01-01")),
    ]),
    Cases("days_between", ("date", "date"), [
        (day("2024-02-28"), day("2024-03-01"), 2), (day("2024-03-01"), day("2024-02-28"), -2),
        (day("0001-01-01"), day("9999-12-31"), 3652058), (None, day("2024-01-01"), None),
    ]),
    Cases("week_start", ("date",), [
        (day("2020-12-31"), day("2020-12-27")), (day("2021-01-02"), day("2020-12-27")),
        (day("2021-01-03"), day("2021-01-03")), (day("2024-12-30"), day("2024-12-29")),
        (day("2024-02-29"), day("2024-02-25")), (day("1970-01-01"), day("1969-12-28")), (None, None),
    ]),
    Cases("week_start", ("date",), [
        (day("2020-12-31"), day("2020-12-28")), (day("2021-01-03"), day("2020-12-28")),
        (day("2021-01-04"), day("2021-01-04")), (day("2024-12-29"), day("2024-12-23")),
        (day("2024-12-30"), day("2024-12-30")), (day("1970-01-01"), day("1969-12-29")), (None, None),
    ], setting="lord_howe"),
    Cases("month_start", ("date",), [
        (day("2024-02-29"), day("2024-02-01")), (day("2024-12-31"), day("2024-12-01")),
        (day("2024-01-01"), day("2024-01-01")), (day("1969-12-31"), day("1969-12-01")), (None, None),
    ]),
    Cases("add_months", ("date", "integer"), [
        (day("2024-01-31"), 1, day("2024-02-29")), (day("2023-01-31"), 1, day("2023-02-28")),
        (day("2024-02-29"), 12, day("2025-02-28")), (day("2024-03-31"), -1, day("2024-02-29")),
        (day("2024-12-01"), 1, day("2025-01-01")), (day("2024-01-01"), 0, day("2024-01-01")),
        (None, 1, None), (day("2024-01-01"), None, None),
    ]),
    Cases("parse_timestamp", ("string",), texts(
        ("2024-03-12T11:00:00Z", at("2024-03-12 11:00")), ("2024-03-12", at("2024-03-12")),
        ("2024-3-5 1:2:3", at("2024-03-05 01:02:03")),
        ("2024-03-12 11:00:00.123456", at("2024-03-12 11:00:00.123456")),
        ("2024-03-12 11:00:00.123456789Z", at("2024-03-12 11:00:00.123456")),
        ("2024-03-12 11:00:00.5", at("2024-03-12 11:00:00.5")),
        ("2024-03-12 11:00:00+05:45", at("2024-03-12 05:15")),
        ("2024-03-12T11:00:00-0330", at("2024-03-12 14:30")),
        ("2024-03-12 11:00:00+05", at("2024-03-12 06:00")),
        ("2024-03-12 11:00:00 UTC", at("2024-03-12 11:00")),
        ("2024-03-10 02:30:00 America/New_York", at("2024-03-10 07:30")),
        ("9999-12-31 23:59:59.999999", at("9999-12-31 23:59:59.999999")),
        *((text, at("2024-03-12 11:00")) for text in (
            "2024-03-12 11:00", " 2024-03-12T11:00:00Z\t", "2024-03-12t11:00:00z",
            "2024-03-12 11:00:00 +0000", "2024-03-12 12:00 +01:00", "2024-03-12T11:00Z",
            "2024-03-12 11:00:00 z", "2024-03-12 11:00 UTC", "2024-03-12T16:45+0545",
            "1710241200", "1710241200000", "1710241200000000", " 1710241200.0 ",
            "1.7102412E9", "1.7102412E12",
        )),
        (" 2024-03-12", at("2024-03-12")), ("2024-03-12 11:00:00.5 +0000",
                                            at("2024-03-12 11:00:00.5")),
        ("1710241200.123456", at("2024-03-12 11:00:00.123456")),
        *((text, None) for text in (
            "2024-02-30 11:00:00", "2023-02-29", "2024-03-12 24:00:00",
            "2024-03-12 23:59:60", "2024/03/12 11:00:00", "infinity", "epoch", "now", "", " ",
            "2024-03-12 11:00:00-99:00", "2024-03-12T11:00:00.Z", "20240312", None,
            "2024-03-12  11:00:00", "10000-01-01 00:00:00", "1710241200 UTC", "-1710241200",
        )),
    )),
    Cases("epoch_timestamp", ("integer",), [
        (946684799, None), (946684800, at("2000-01-01")), (4102444800, at("2100-01-01")),
        (4102444801, None), (946684799999, None), (946684800000, at("2000-01-01")),
        (4102444800001, None), (946684800000001, at("2000-01-01 00:00:00.000001")),
        (20260301, None), (20260301120000, None), (0, None), (-1, None), (2**63 - 1, None),
        (None, None),
    ]),
    Cases("timestamp_text", ("timestamp",), [
        (at("2024-02-29"), "2024-02-29T00:00:00.000000Z"),
        (at("1969-12-31 23:59:59.999999"), "1969-12-31T23:59:59.999999Z"),
        (at("9999-12-31 23:59:59.000001"), "9999-12-31T23:59:59.000001Z"), (None, None),
    ]),
    *(
        Cases("cast_delivered", ("string",), texts(*rows),
              call=f"cast_delivered('a', '{{text}}', '{declared}')")
        for declared, rows in {
            "string": (("", None), (" ", " "), ("한", "한"), (None, None), ("NULL", None),
                       ("\\N", None), ("null", "null")),
            "bigint": (("7", 7), ("-9223372036854775808", -(2**63)), ("", None), ("x", None),
                       ("9223372036854775808", None), (None, None)),
            "numeric": (("1.5", Decimal("1.5")), ("x", None), ("1e14", None), (None, None)),
            "boolean": (("true", True), ("FALSE", False), ("x", None), ("", None), (None, None)),
            "timestamp": (("2024-03-12", at("2024-03-12")), ("x", None), (None, None)),
        }.items()
    ),
    Cases("in_calendar", ("timestamp",), [
        (at("0001-01-01"), at("0001-01-01")), (at("9999-12-31 23:59:59.999999"),
                                               at("9999-12-31 23:59:59.999999")), (None, None),
    ], call="in_calendar('a') if target.type == 'duckdb' else 'a'"),
    Cases("not_in_calendar", ("timestamp",), [
        (at("0001-01-01"), False), (at("9999-12-31 23:59:59.999999"), False), (None, True),
    ]),
    Cases("delivered_text", ("string",), texts(("a", "a"), ("", ""), (None, None)),
          call="delivered_text('a', '{text}')"),
    Cases("delivered_timestamp", ("timestamp",), [
        (at("2024-01-01"), at("2024-01-01")), (None, None),
    ], call="delivered_timestamp('a', 'TIMESTAMP')"),
    Cases("clean_id", ("string",), texts(
        ("u1", "u1"), (" u1\t", "u1"), ("\u00a0u1", "u1"), ("41.0", "41"), ("41.00 ", "41"),
        ("41.", "41"), ("-7.0", "-7"), ("41.5", "41.5"), ("v1.0", "v1.0"), ("a@b.de", "a@b.de"),
        ("4.1E1", "41"), ("1.2345678E7", "12345678"), ("1.25E1", "1.25E1"), ("1e3", "1e3"),
        ("1.0E16", "1.0E16"), ("9.007199254740991E15", "9007199254740991"), ("007.0", "007"),
        ("", None), (" ", None), (None, None), ("NULL", None), (" Undefined ", None), ("0", None),
        ("0.0", None), ("0.0E1", None), ("\\N", None), ("it's", None), ("한국", "한국"),
        ("nullx", "nullx"), ("NIL", "NIL"), ("1.2.0", "1.2.0"),
    ), call="clean_id('a', ['null', 'undefined', '0', '\\\\n', \"it's\"])"),
    Cases("without_float", ("string",), texts(
        ("41.0", "41"), ("x", "x"), (" 41.0", " 41.0"), (None, None), ("1.0E2", "100"),
        ("1.0E99", "1.0E99"), ("1.0E-2", "1.0E-2"),
    )),
    Cases("unless_ignored", ("string",), texts(
        ("A", None), ("b", "b"), ("", None), (None, None),
    ), call="unless_ignored('a', ['a'])"),
    Cases("json_id", ("string",), texts(
        ('{"k":41}', "41"), ('{"k":41.0}', "41"), ('{"k":"41.00 "}', "41"), ('{"k":"p-1"}', "p-1"),
        ('{"k":4.1e1}', "41"), ('{"k":1.5}', "1.5"), ("{}", None), (None, None),
    ), call="json_id('a', 'k')"),
    Cases("text_literal", ("string",), texts(("it's \\n", True), ("it's", False), (None, None)),
          call="'(a = ' ~ text_literal(\"it's \\\\n\") ~ ')'"),
    # dbt's own macro, by which keys are made: the same hash of the same bytes.
    Cases("hash", ("string",), texts(*(
        (text, hashlib.md5(text.encode()).hexdigest())
        for text in ("", "a", "한국 🛒", "e\u0301", "\u00e9", "\\", "'", "\n")
    ), (None, None)), call="dbt.hash('a')"),
    Cases("lowered", ("string",), texts(
        ("ABC", "abc"), ("ÄÉ", "äé"), ("ＦＵＬＬ", "ｆｕｌｌ"), ("한", "한"), ("", ""), (None, None),
    ), select="select n, lower(a) as answer from inputs"),
]
CASES += [
    Cases(held.macro, ("string",), [(held.text, held)], call=next(
        cases.call for cases in CASES if cases.macro == held.macro
    ), select=next(cases.select for cases in CASES if cases.macro == held.macro))
    for held in DIFFERENCES
]


def literal(value: Any, type_: str, dialect: str) -> str:
    """A value as each engine writes it."""
    if type_ == "float":
        kind = "double" if dialect == "duckdb" else "float64"
        return f"cast({'null' if value is None else value} as {kind})"
    if value is None:
        return f"cast(null as {TYPES[type_]})"
    if isinstance(value, str):
        if dialect == "duckdb":
            return "'" + value.replace("'", "''") + "'"
        escapes = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r"}
        return "'" + "".join(escapes.get(c, c) for c in value) + "'"
    if isinstance(value, dt.datetime):
        return f"timestamp '{value.isoformat(sep=' ')}'" if dialect == "duckdb" else (
            f"timestamp '{value.isoformat(sep=' ')}+00:00'"
        )
    if isinstance(value, dt.date):
        return f"date '{value}'"
    return f"cast({value} as {TYPES[type_]})"


def with_inputs(cases: Cases, compiled: str, dialect: str) -> str:
    selects = []
    for number, row in enumerate(cases.rows):
        columns = [
            f"{literal(value, type_, dialect)} as {name}"
            for name, value, type_ in zip("abcd", row, cases.types, strict=False)
        ]
        selects.append(f"select {number} as n, {', '.join(columns)}")
    return f"with inputs as ({' union all '.join(selects)}) {compiled}"


@pytest.fixture(scope="module")
def answers(tmp_path_factory, emulator, googlesql) -> list[dict[str, list]]:
    """What each engine answers to each group of cases, in the order of its rows."""
    project = Project(tmp_path_factory.mktemp("macros"), emulator=emulator)
    project.client.create_dataset(project.dataset)
    folder = project.folder / "models" / "cases"
    folder.mkdir()
    for number, cases in enumerate(CASES):
        sql = cases.sql.replace("{text}", "' ~ ('VARCHAR' if target.type == 'duckdb' else 'STRING') ~ '")
        (folder / f"cases_{number}.sql").write_text(sql)
    compiled: dict[tuple[str, str], dict[str, str]] = {}
    for setting, variables in SETTINGS.items():
        for target in ("duckdb", "emulator"):
            names = [f"cases_{n}" for n, cases in enumerate(CASES) if cases.setting == setting]
            project.dbt("compile", "--no-populate-cache", "--select", *names, target=target,
                        **variables)
            files = (project.folder / f"target-{target}" / "compiled").rglob("cases_*.sql")
            compiled[setting, target] = {file.stem: file.read_text() for file in files}
    found = []
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for number, cases in enumerate(CASES):
            ours = with_inputs(
                cases, compiled[cases.setting, "duckdb"][f"cases_{number}"], "duckdb"
            )
            theirs = with_inputs(
                cases, compiled[cases.setting, "emulator"][f"cases_{number}"], "bigquery"
            )
            engines = {
                "DuckDB": lambda sql=ours: connection.execute(sql).fetchall(),
                "emulator": lambda sql=theirs: project.bigquery.query(sql).rows,
                "GoogleSQL": lambda sql=theirs: as_rows(googlesql.execute(sql)).rows,
            }
            found.append({engine: answered(ask) for engine, ask in engines.items()})
    return found


def answered(ask) -> list:
    """The answers in the order of the inputs, of a group under its first; or the error."""
    try:
        return [normalised(answer) for _, answer in sorted(map(tuple, ask()), key=first)]
    except Exception as error:  # each engine has errors of its own
        return [str(error)]


def first(row: tuple) -> int:
    return row[0]


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: f"{CASES[n].macro}_{n}")
def test_a_macro_gives_the_same_on_three_engines(answers, number):
    cases = CASES[number]
    rows = [row for row in cases.rows if row[-1] is not ...]
    for engine, given in answers[number].items():
        if cases.stops:
            assert len(given) == 1 and cases.stops in str(given[0]), engine
            continue
        expected = [
            row[-1].wrong.get(engine, row[-1].right) if row[-1] in DIFFERENCES else row[-1]
            for row in rows
        ]
        told = [
            f"{row[:-1]} gives {answer!r} and not {right!r}"
            for row, answer, right in zip_longest(rows, given, map(normalised, expected))
            if answer != right or type(answer) is not type(right)
        ]
        assert not told, engine + ": " + "\n".join(told)


def test_an_excused_tool_is_wrong_in_what_it_is_excused_for():
    for held in DIFFERENCES:
        assert held.reason and held.wrong
        assert held.right not in held.wrong.values(), held


def test_no_macro_is_left_out():
    text = "".join(path.read_text() for path in (ROOT / "macros/cross_db").glob("*.sql"))
    macros = {
        name for name in re.findall(r"\{% macro (\w+)\(", text)
        if not name.startswith(("duckdb__", "bigquery__", "default__"))
    }
    # Addresses are read on one way, by macros that differ on each engine.
    asked = {cases.macro for cases in CASES} - {"hash", "lowered"} - {
        name for path in ("urls", "traffic_sources")
        for name in re.findall(r"macro (\w+)\(", (ROOT / f"macros/{path}.sql").read_text())
    }
    assert asked | set(NO_EXPRESSIONS) == macros
    assert not asked & set(NO_EXPRESSIONS)
