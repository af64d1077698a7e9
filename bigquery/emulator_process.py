"""The emulator's own process: bqemulator, with five defects of 1.4.0 mended on the way in.

`safe.f(x)` becomes TRY(f(x)) in one pass over the statement. A later pass (a division, a
format_timestamp with fractions of a second) writes the statement out as BigQuery SQL
again, whose writer drops the TRY: then malformed JSON ends the query instead of giving
null. Allowing that writer its TRY keeps it until the statement reaches DuckDB.

An apostrophe in a comment passes for the start of a text: from there on texts are read as
code and code as texts, and the 30.25 in '12:00:30.25' becomes 30.25e0. A comment means
nothing to the emulator, so statements come without.

`numeric` without a precision becomes DuckDB's, which keeps three decimals; BigQuery's keeps
nine. `trim(x)` takes spaces only; BigQuery's takes all that Unicode calls white space.

Where the types of columns cannot be found out, as over the day tables of a wildcard, the
attempt leaves a half-changed statement behind; it is made on a copy here.

It also parses a statement anew in each of some fifteen passes, most of which change
nothing. Remembering the trees makes a long statement three times as quick.
"""

import functools
import gc
import re

import sqlglot
from bqemulator.cli import main
from bqemulator.sql.translator import SQLTranslator
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.generators.bigquery import BigQueryGenerator
from sqlglot.generators.duckdb import DuckDBGenerator
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

# A comment, or a text or quoted name, which may hold what looks like one.
COMMENT = re.compile(
    r"""(?s)('''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`)"""
    r"""|--[^\n]*|\#[^\n]*|/\*.*?\*/"""
)


WHITE_SPACE = "".join(map(chr, (
    *range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
    0x202F, 0x205F, 0x3000,
)))


def without_comments(sql: str) -> str:
    return COMMENT.sub(lambda found: found[1] or " ", sql)


def translate(self, sql: str, _translate=SQLTranslator.translate, **options):
    return _translate(self, without_comments(sql), **options)


def annotate_tree(tree, schema):
    try:
        qualified = qualify(tree.copy(), schema=schema, dialect="duckdb", infer_schema=True)
        return annotate_types(qualified, schema=schema)
    except SqlglotError:
        return tree


@functools.lru_cache(maxsize=64)
def _tree(sql: str, dialect: str, _parse_one=sqlglot.parse_one):
    return _parse_one(sql, read=dialect)


def parse_one(sql, read=None, _parse_one=sqlglot.parse_one, **options):
    if options or not isinstance(read, str):
        return _parse_one(sql, read=read, **options)
    return _tree(sql, read).copy()


def datatype_sql(self, expression, _datatype_sql=DuckDBGenerator.datatype_sql):
    if expression.this == exp.DataType.Type.DECIMAL and not expression.expressions:
        return "DECIMAL(38, 9)"
    return _datatype_sql(self, expression)


def trim_sql(self, expression, _trim_sql=DuckDBGenerator.trim_sql):
    if not expression.expression and not expression.args.get("position"):
        expression = expression.copy()
        expression.set("expression", exp.Literal.string(WHITE_SPACE))
    return _trim_sql(self, expression)


if __name__ == "__main__":
    DuckDBGenerator.datatype_sql = datatype_sql
    DuckDBGenerator.trim_sql = trim_sql
    BigQueryGenerator.TRY_SUPPORTED = True
    SQLTranslator.translate = translate
    SQLTranslator._annotate_tree = staticmethod(annotate_tree)
    sqlglot.parse_one = parse_one
    # Trees of many small objects live shortly: look for garbage less often.
    gc.set_threshold(100_000, 20, 20)
    main()
