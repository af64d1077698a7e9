"""Writes the page: the marts' figures, the plots, the words and the scripts in one file."""

from __future__ import annotations

import datetime
import functools
import importlib.metadata
import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
import vl_convert

from report import charts, marts
from report.warehouse import Table, Warehouse, read_project

FOLDER = Path(__file__).parent
LANGUAGES = {"en": "English", "ko": "한국어"}
# Money goes into the page as whole ten-thousandths, so that sums stay exact there.
MONEY_UNITS = 10_000
# A share of fewer than this is marked.
SMALL = 30
GRAINS = ("day", "week", "month")


def write(warehouse: Warehouse, project: Path, days: int) -> str:
    """The page as text."""
    tables, definitions = marts.read(warehouse, days), marts.read_definitions(warehouse)
    facts = facts_of(warehouse, project, tables, definitions) | {"days_shown": days}
    words = read_words(facts)
    template = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=jinja2.select_autoescape(),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    ).get_template("page.html")
    return template.render(
        words=words["en"],
        languages=LANGUAGES,
        sections=charts.SECTIONS,
        figures=charts.figures(),
        dimensions=marts.DIMENSIONS,
        grains=GRAINS,
        definitions=definitions,
        facts=facts,
        style=(FOLDER / "page.css").read_text(),
        scripts=[(FOLDER / name).read_text() for name in ("data.js", "figures.js", "page.js")],
        vega=drawing_scripts(),
        data=as_script({
            "tables": {name: packed(table) for name, table in tables.items()},
            "charts": {
                figure.name: figure.chart.to_dict()
                for figure in charts.figures() if figure.chart is not None
            },
            "words": words,
            "facts": facts,
        }),
    )


def facts_of(
    warehouse: Warehouse, project: Path, tables: dict[str, Table], definitions: dict[str, Table],
) -> dict[str, Any]:
    """What the page says of its source, and the rules that it must follow itself."""
    settings = read_project(project)
    variables, rules = settings["vars"], marts.read_rules(warehouse)
    dates = [row[0] for row in tables["active"].rows]
    weeks = [row["start"] for row in _dicts(tables, "funnels") if row["grain"] == "week"]
    return {
        "first_date": _text(min(dates, default=None)),
        "last_date": _text(max(dates, default=None)),
        "source": warehouse.engine.name,
        "made_at": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "versions": [
            f"Footfall {settings['version']}",
            f"dbt {importlib.metadata.version('dbt-core')}",
            warehouse.engine.version,
        ],
        "timezone": rules.get("reporting_timezone", variables["reporting_timezone"]),
        "timeout": rules.get("session_timeout_minutes", variables["session_timeout_minutes"]),
        "page_view_events": ", ".join(
            rules.get("page_view_events", variables["page_view_events"])
        ),
        "engaged": variables["engaged_session_seconds"],
        # As the marts have it, whatever was said at their build.
        "week_starts_on": (
            f"{weeks[0]:%A}".lower() if weeks else variables["week_starts_on"]
        ),
        "small": SMALL,
        "dimensions": list(marts.DIMENSIONS),
        "delays": list(marts.DELAYS),
        "waits": list(marts.WAITS),
        "money_units": MONEY_UNITS,
        "other": marts.OTHER,
        "most_pages": marts.MOST_PAGES,
        "most_elements": marts.MOST_ELEMENTS,
        "retentions": {
            row["retention_name"]: row["period"]
            for row in _dicts(definitions, "retentions")
        },
    }


def read_words(facts: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Every word by language; `{small}` and the like are filled with facts."""
    found: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}

    def gather(part: dict, name: str) -> None:
        for key, value in part.items():
            place = f"{name}.{key}" if name else key
            if isinstance(value, dict):
                gather(value, place)
                continue
            for language, text in zip(LANGUAGES, value, strict=True):
                found[language][place] = re.sub(
                    r"\{(\w+)\}",
                    lambda match: str(facts.get(match[1], match[0])),
                    text,
                )

    gather(tomllib.loads((FOLDER / "words.toml").read_text()), "")
    return found


def packed(table: Table) -> dict[str, Any]:
    """A table column by column; texts and dates as a list of them and places in it."""
    columns = zip(*table.rows, strict=True) if table.rows else [()] * len(table.columns)
    return dict(zip(table.columns, map(_packed_column, columns), strict=True))


def _packed_column(values: tuple) -> Any:
    sample = next((value for value in values if value is not None), None)
    if isinstance(sample, str | datetime.date):
        texts = [_text(value) for value in values]
        known = sorted({text for text in texts if text is not None})
        places = {text: place for place, text in enumerate(known)} | {None: -1}
        return {"texts": known, "at": [places[text] for text in texts]}
    if isinstance(sample, Decimal):
        return {"money": [None if value is None else int(value * MONEY_UNITS) for value in values]}
    if isinstance(sample, bool):
        return {"flags": [int(bool(value)) for value in values]}
    return [round(value, 6) if isinstance(value, float) else value for value in values]


def as_script(data: Any) -> str:
    """JSON that no text in it can end."""
    return (
        json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        .replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )


@functools.cache
def drawing_scripts() -> str:
    """Vega, Vega-Lite and Vega-Embed as one text that fetches nothing."""
    return vl_convert.javascript_bundle().replace("</script", "<\\/script")


def _dicts(tables: dict[str, Table], name: str) -> list[dict[str, Any]]:
    return tables[name].dicts() if name in tables else []


def _text(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, datetime.date) else value
