"""The emulator's own process: bqemulator, with two defects of 1.4.0 mended on the way in.

`safe.f(x)` becomes TRY(f(x)) in one pass over the statement. A later pass (a division, a
format_timestamp with fractions of a second) writes the statement out as BigQuery SQL
again, whose writer drops the TRY: then malformed JSON ends the query instead of giving
null. Allowing that writer its TRY keeps it until the statement reaches DuckDB.

An apostrophe in a comment passes for the start of a text: from there on texts are read as
code and code as texts, and the 30.25 in '12:00:30.25' becomes 30.25e0. A comment means
nothing to the emulator, so statements come without.

It also parses a statement anew in each of some fifteen passes, most of which change
nothing. Remembering the trees makes a long statement three times as quick.
"""

import functools
import gc
import re

import sqlglot
from bqemulator.cli import main
from bqemulator.sql.translator import SQLTranslator
from sqlglot.generators.bigquery import BigQueryGenerator

# A comment, or a text or quoted name, which may hold what looks like one.
COMMENT = re.compile(
    r"""(?s)('''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`)"""
    r"""|--[^\n]*|\#[^\n]*|/\*.*?\*/"""
)


def without_comments(sql: str) -> str:
    return COMMENT.sub(lambda found: found[1] or " ", sql)


def translate(self, sql: str, _translate=SQLTranslator.translate, **options):
    return _translate(self, without_comments(sql), **options)


@functools.lru_cache(maxsize=64)
def _tree(sql: str, dialect: str, _parse_one=sqlglot.parse_one):
    return _parse_one(sql, read=dialect)


def parse_one(sql, read=None, _parse_one=sqlglot.parse_one, **options):
    if options or not isinstance(read, str):
        return _parse_one(sql, read=read, **options)
    return _tree(sql, read).copy()


if __name__ == "__main__":
    BigQueryGenerator.TRY_SUPPORTED = True
    SQLTranslator.translate = translate
    sqlglot.parse_one = parse_one
    # Trees of many small objects live shortly: look for garbage less often.
    gc.set_threshold(100_000, 20, 20)
    main()
