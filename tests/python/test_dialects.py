"""Only macros/cross_db/ knows a dialect: everything else is SQL that PostgreSQL and Snowflake
would read too.

Models are rendered with each macro of cross_db as a call of an unknown function, and their
Jinja as in a first build and as in an increment.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest
import sqlglot
import yaml
from project import ROOT
from sqlglot.errors import SqlglotError

GRAMMARS = ("snowflake", "postgres")
MODELS = sorted((ROOT / "models").rglob("*.sql"))
# Functions that mean the same in PostgreSQL, Snowflake, Redshift and Spark.
PORTABLE = {
    "abs", "avg", "cast", "coalesce", "concat", "count", "dense_rank", "extract", "first_value",
    "floor", "greatest", "lag", "last_value", "lead", "least", "left", "length", "lower", "lpad",
    "max",
    "min", "nullif", "power", "rank", "regexp_replace", "repeat", "replace", "right", "round",
    "row_number", "rtrim", "substr",
    "sum", "trim", "upper",
}
# What one of them does not know, or takes for something else.
REFUSED = {
    "a named window": r"\bwindow\s+\w+\s+as\b|\bover\s+\w+",
    "qualify": r"\bqualify\b",
    "ignore nulls": r"\b(ignore|respect)\s+nulls\b",
    "is distinct from": r"\bis\s+(not\s+)?distinct\s+from\b",
    "a type of one engine": r"\b(int64|float64|varchar|struct|hugeint|datetime)\b",
    "a cast by colons": r"::",
    # Whole numbers give a whole number on PostgreSQL: `ratio` and `as_seconds` ask cross_db.
    "division": r"/",
    "all but some columns": r"\*\s*(exclude|except|replace)\s*\(",
    "a filtered aggregate": r"\bfilter\s*\(",
    # DuckDB and PostgreSQL leave a null out; on BigQuery and Snowflake the text is null.
    "a null in concat": r"\bcoalesce\s*\(\s*concat\s*\(",
    "grouping by all": r"\b(group|order)\s+by\s+all\b",
    "a join of another kind": r"\b(asof|semi|anti|lateral|unnest)\b",
}
# Before a bracket, but no functions.
WORDS = {
    "all", "and", "as", "by", "distinct", "else", "exists", "from", "in", "join", "not", "on",
    "or", "over", "select", "then", "union", "using", "values", "when", "where", "with",
}
MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\(.*?\{%-?\s*endmacro\s*-?%\}", re.DOTALL)
TEXT_OR_COMMENT = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
PROJECT = yaml.safe_load((ROOT / "dbt_project.yml").read_text())
# In an increment there is a history; macros that ask the database are not run, and answer
# with a day where nothing else stands here.
ONE_DAY = [dt.date(2026, 3, 1)]
ANSWERS = {
    "has_history": lambda: True,
    "table_of_last_run": lambda name: f"held_{name}",
    "definition_rows": lambda *arguments: [],
    "touched_dates": lambda *arguments: ONE_DAY,
    "loads_to_read": lambda *arguments: ONE_DAY,
    "dates_to_replace": lambda: ONE_DAY,
    "open_exports": lambda: ["ga4"],
    "should_full_refresh": lambda: False,
    "check_state": lambda: "",
    "check_refused_share": lambda *arguments: "",
    "met_funnel_steps": lambda: [],
    "next_batch": lambda: 1,
    "newest_batch": lambda table: 1,
    "mark_of": lambda *arguments: 1,
    "changed_loads": lambda *arguments: {"there": ONE_DAY, "gone": ONE_DAY},
}


class Returned(Exception):
    """dbt's `return` in a macro."""


class Opaque(str):
    """SQL of cross_db that nobody looks into; as settings of a model, none."""

    def keys(self):
        return ()


def macros(within: bool) -> dict[str, str]:
    """The macros of cross_db, or all others, by name."""
    return {
        found[1]: found[0]
        for path in sorted((ROOT / "macros").rglob("*.sql"))
        if (path.parent.name == "cross_db") == within
        for found in MACRO.finditer(path.read_text())
    }


def is_expression(value: object) -> bool:
    """False for arguments that are no SQL: a pattern, a list of columns."""
    try:
        return isinstance(value, str) and bool(sqlglot.parse_one(f"select {value}"))
    except SqlglotError:
        return False


def opaque(name: str, source: dict[str, str]) -> Callable[..., Opaque]:
    """A macro of cross_db, as a call with those arguments that are SQL."""
    variant = source.get(f"duckdb__{name}") or source.get(f"default__{name}") or source[name]
    body = re.sub(r"^\{%.*?%\}|\{#.*?#\}|\{%.*?%\}", "", variant, flags=re.DOTALL)
    is_select = re.match(r"\s*\(?\s*(select|with)\b", body)

    def call(*arguments, **named) -> Opaque:
        shown = ", ".join(filter(is_expression, [*arguments, *named.values()]))
        return Opaque(f"select * from {name}" if is_select else f"{name}({shown})")

    return call


def returned(value=None) -> None:
    raise Returned(value)


def environment(in_increment: bool) -> jinja2.Environment:
    """What a model's Jinja finds in dbt, without a database."""
    jinja = jinja2.Environment(
        extensions=["jinja2.ext.do"], undefined=jinja2.ChainableUndefined
    )
    cross_db = macros(within=True)
    jinja.globals |= {name: opaque(name, cross_db) for name in cross_db}
    jinja.globals |= {
        "config": lambda **settings: "", "execute": False, "is_incremental": lambda: in_increment,
        "ref": lambda name: name, "source": lambda schema, name: f"raw_{name}",
        "return": returned, "this": "this_table",
        "var": PROJECT["vars"].get, "modules": {"datetime": dt},
        "local_md5": str,
        "tojson": lambda value, **options: json.dumps(value, default=str),
        "dbt": {"hash": lambda sql: f"dbt_hash({sql})"}, "invocation_args_dict": {},
    }

    def callable_macro(name: str, text: str) -> Callable[..., object]:
        @functools.cache
        def macro() -> Callable[..., str]:
            return getattr(jinja.from_string(text).module, name)

        def call(*arguments, **named):
            if in_increment and name in ANSWERS:
                return ANSWERS[name](*arguments)
            if in_increment and "run_query(" in text:
                return ONE_DAY
            try:
                return macro()(*arguments, **named)
            except Returned as value:
                return value.args[0]

        return call

    jinja.globals |= {
        name: callable_macro(name, text) for name, text in macros(within=False).items()
    }
    return jinja


@pytest.fixture(scope="module")
def environments() -> dict[str, jinja2.Environment]:
    return {"a first build": environment(False), "an increment": environment(True)}


def complaints(sql: str, own: set[str]) -> list[str]:
    """What of the SQL is no SQL of every engine; `own` are calls of cross_db."""
    found = []
    for grammar in GRAMMARS:
        try:
            sqlglot.parse_one(sql, dialect=grammar)
        except SqlglotError as error:
            found.append(f"{grammar} does not read it: {error}")
    bare = TEXT_OR_COMMENT.sub("''", sql).lower()
    found += [what for what, pattern in REFUSED.items() if re.search(pattern, bare)]
    called = set(re.findall(r"\b([a-z]\w*)\s*\(", bare)) - set(
        re.findall(r"\b(\w+)\s+as\s+\(", bare)
    )
    return found + [f"{name}()" for name in sorted(called - PORTABLE - WORDS - own)]


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_is_sql_of_every_engine(environments, path: Path):
    own = {*macros(within=True), "dbt_hash"}
    found = {
        f"{what} in {run}"
        for run, jinja in environments.items()
        for what in complaints(jinja.from_string(path.read_text()).render(), own)
    }
    assert not found, "\n".join(sorted(found))


@pytest.mark.parametrize(("sql", "told"), [
    ("select last_value(a ignore nulls) over (order by b) as c from t", "ignore nulls"),
    ("select sum(a) over w as c from t window w as (order by b)", "a named window"),
    ("select a from t qualify row_number() over (order by a) = 1", "qualify"),
    ("select a from t where a is not distinct from b", "is distinct from"),
    ("select cast(a as int64) as a from t", "a type of one engine"),
    ("select a / b as c from t", "division"),
    ("select coalesce(concat(a, 'b'), '') as c from t", "a null in concat"),
    ("select strpos(a, 'b') as c from t", "strpos()"),
    ("select ends_with(a, 'b') as c from t", "ends_with()"),
    ("select bit_xor(a) as c from t", "bit_xor()"),
    ("select list_sum([a]) as c from t", "list_sum()"),
    ("select a from t where", "does not read it"),
])
def test_what_one_engine_knows_alone_is_told(sql, told):
    assert any(told in complaint for complaint in complaints(sql, set()))


def test_arguments_of_macros_are_looked_at(environments):
    jinja = environments["a first build"]
    sql = jinja.from_string("select {{ as_decimal('strpos(a, b)') }} as c from t").render()
    assert complaints(sql, {"as_decimal"}) == ["strpos()"]
    assert complaints("select starts_with(a, 'b / c') as d from t -- x::y", {"starts_with"}) == []
