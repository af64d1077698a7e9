"""Where a tool answers otherwise than BigQuery: the one list of what is excused.

Each is the smallest example, with the answer that BigQuery's manual or evaluator gives, the
tool's own, and why it is no matter of our SQL. test_macros.py asks all three engines: an
entry that has become untrue fails there. Model input keeps clear of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Difference:
    macro: str
    text: str
    right: Any
    wrong: dict[str, Any]
    reason: str


LENIENT = "DuckDB's JSON reader, also the emulator's, takes more than JSON"

DIFFERENCES = [
    Difference("is_json_object", '{"a":1e999}', False, {"DuckDB": True, "emulator": True},
               LENIENT + ": a number too large for a double."),
    Difference("is_json_object", '{"a":1,}', False, {"emulator": True},
               LENIENT + "; on DuckDB our macro looks again."),
    Difference("is_json_object", '{"a":NaN}', False, {"emulator": True},
               LENIENT + "; on DuckDB our macro looks again."),
    Difference("is_json_object", '\ufeff{"a":1}', True, {"DuckDB": False, "emulator": False},
               "GoogleSQL skips a byte order mark before JSON."),
    Difference("json_property", '{"k":1e300}', "1e+300", {"DuckDB": "1e300", "emulator": "1e300"},
               "The two write numbers beyond a double's digits in their own way."),
    Difference("as_decimal", "1_000", None, {"DuckDB": Decimal(1000), "emulator": Decimal(1000)},
               "DuckDB reads an underscore between digits as none."),
    Difference("lowered", "\u0130", "i\u0307", {"DuckDB": "i", "emulator": "i"},
               "DuckDB lowers letter by letter, GoogleSQL by all of Unicode's rules."),
    Difference("lowered", "ΣΑΣ", "σας", {"DuckDB": "σασ", "emulator": "σασ"},
               "The same; a sigma at the end of a word is another letter."),
]
