"""Write docs/cost.md: `python -m bigquery.cost_page`, or `make cost`."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from bigquery import emulator
from bigquery.cost import (
    DAYS_OF_HISTORY, EVENTS, RAW, ROOT, Rehearsal, billed, is_whole_history, rehearse,
    statements, stored,
)

PAGE = ROOT / "docs" / "cost.md"
SIZES = (1_000_000, 10_000_000, 100_000_000)
SHOWN = 10_000_000
MODELS_SHOWN = 10
# US multi-region, on demand, US dollars. The page says that readers have to check.
PER_TEBIBYTE, PER_ACTIVE_GIBIBYTE, PER_OLD_GIBIBYTE = 6.25, 0.02, 0.01


def dollars(amount: float) -> str:
    """Two digits that count: more would pretend to be known."""
    digits = f"{amount:.2g}"
    return f"{float(digits):,.0f}" if amount >= 10 else f"{float(digits):,.2f}"


def size(amount: float) -> str:
    for unit, factor in (("TiB", 2**40), ("GiB", 2**30)):
        if amount >= factor:
            break
    return f"{float(f'{amount / factor:.2g}'):g} {unit}"


def price(amount: float) -> float:
    return amount / 2**40 * PER_TEBIBYTE


def table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def totals(rehearsal: Rehearsal, events_a_day: int) -> list[str]:
    first = statements(rehearsal, rehearsal.first, events_a_day)
    day = statements(rehearsal, rehearsal.day, events_a_day)
    models = sum(size for node, size in day if not node.startswith("test."))
    daily = sum(size for node, size in day if node in rehearsal.daily_tests)
    weekly_tests = {
        node for node, _ in day
        if node.startswith("test.") and node not in rehearsal.daily_tests
    }
    weekly = sum(size for node, size in day if node in weekly_tests)
    recent, old = stored(rehearsal, events_a_day)
    storage = (recent * PER_ACTIVE_GIBIBYTE + old * PER_OLD_GIBIBYTE) / 2**30
    month = 30 * (models + daily) + 30 / 7 * weekly
    return [
        f"{events_a_day // 1_000_000} million",
        dollars(price(sum(size for _, size in first))),
        dollars(price(models)), dollars(price(daily)), dollars(price(weekly)),
        dollars(price(month)), dollars(storage),
        size(max(amount for node, amount in day if node not in weekly_tests)),
        size(max(amount for _, amount in day)),
        size(max(amount for _, amount in first)),
    ]


def dearest(rehearsal: Rehearsal) -> list[list[str]]:
    by_model: Counter = Counter()
    for node, amount in statements(rehearsal, rehearsal.day, SHOWN):
        if node.startswith("model."):
            by_model[node.split(".")[-1]] += amount
    whole = Counter()
    for (_, model), amount in read_whole(rehearsal).items():
        whole[model] += amount
    return [
        [f"`{model}`", size(amount), dollars(price(amount)), f"{whole[model] / amount:.0%}"]
        for model, amount in by_model.most_common(MODELS_SHOWN)
    ]


def read_whole(rehearsal: Rehearsal) -> Counter:
    """The bytes of tables that models of a day's run read whole, by table and model."""
    found: Counter = Counter()
    day = rehearsal.day
    for node, reads in day.reads:
        for read in reads:
            if node.startswith("model.") and is_whole_history(rehearsal, day, read):
                dataset, _, name = read.table.partition(".")
                table_name = f"raw {name}" if dataset == RAW else name
                found[table_name, node.split(".")[-1]] += billed(rehearsal, day, read, SHOWN)
    return found


def grown(rehearsal: Rehearsal) -> list[list[str]]:
    """The tables that are read whole and matter, with their readers, the dearest first."""
    by_table, readers = Counter(), defaultdict(Counter)
    for (table_name, model), amount in read_whole(rehearsal).items():
        by_table[table_name] += amount
        readers[table_name][model] += amount
    least = by_table.total() / 200
    return [
        [f"`{name}`", size(amount),
         ", ".join(f"`{model}`" for model, part in readers[name].most_common() if part > least / 4)]
        for name, amount in by_table.most_common() if amount > least
    ]


def page(rehearsal: Rehearsal) -> str:
    rows = [totals(rehearsal, events_a_day) for events_a_day in SIZES]
    return f"""# What Footfall costs on BigQuery

Written by `make cost`; nobody edits it. US dollars, for a service with
{DAYS_OF_HISTORY} days of history.

{table(
    ["events a day", "first build", "a day's models", "a day's tests", "weekly tests",
     "a month", "storage a month"],
    [row[:7] for row in rows],
)}

- **First build**: every model over the whole year, once, without data tests.
- **A day's models** and **a day's tests**: `dbt build --selector daily`, once a day.
- **Weekly tests**: the data tests that read every event, session or step there ever was. Once
  a week, `dbt build --selector weekly` runs them with everything else.
- **A month**: thirty such days and the weekly tests.
- **Storage** is of the whole year, raw tables included.

No single query may read more than `FOOTFALL_MAXIMUM_BYTES_BILLED`; what would read more is
refused before it costs anything. It has to be above these:

{table(
    ["events a day", "largest query of a day", "of the weekly tests", "of the first build"],
    [row[:1] + row[7:] for row in rows],
)}

What people and dashboards ask of the marts comes on top. `events` refuses a query that
does not say which days it wants; the other marts are smaller.

## The dearest models of a day

At {SHOWN // 1_000_000} million events a day.

{table(["model", "reads a day", "dollars a day", "of tables read whole"], dearest(rehearsal))}

## What grows with the history

These tables are read whole in every run, for the columns that are needed: with twice the
history they cost twice as much. Everything else reads the days that changed, or tables that
do not grow with the events. A table below half a percent of these costs is left out.

{table(["read whole", "a day", "by"], grown(rehearsal))}

## How it is calculated

A demo of {EVENTS:,} events is built on the emulator, then brought up to date day by day.
Of every statement that was sent, sqlglot finds the columns that are read of each table and
the days that constants pick; of changed tables, every column of the days written counts.
Each column has the bytes that BigQuery counts (a text 2 and its own, NUMERIC 16, BOOL 1,
others 8, null 0), per event of the demo, times the events of the service.

- Prices are list prices in the US, on demand, as of 24 November 2026: {PER_TEBIBYTE} a TiB read,
  {PER_ACTIVE_GIBIBYTE} a GiB and month stored, {PER_OLD_GIBIBYTE:.2f} where a partition was not
  written for 90 days. Free tiers are not taken off. Compare them with
  <https://cloud.google.com/bigquery/pricing> for your region before you rely on a figure.
- Every table of a query counts 10 MiB at least; a column that a query reads twice, once.
- A day brings events late by as many days as any event of the demo was: each of these days
  is read and written again. A service with more lateness pays for more days.
- Clusters save something, sorting and writing cost nothing on demand: neither is counted.
- An event has {sum(rehearsal.day.bytes_of["raw_cost.events"].values()) / rehearsal.events:.0f} bytes in the raw log of the demo. Long addresses and properties make
  the raw log and `int_events_sessionized` larger in proportion.
- The demo's funnels name most of its events. Fewer make `int_funnel_events_matched` smaller,
  and the funnels with it.
- Persons, products and orders grow in proportion to the events. Whoever comes back has as
  long a history as in the demo, of {len(rehearsal.dates)} days: funnels walk it again.
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, emulator.running() as service:
        PAGE.write_text(page(rehearse(service, Path(folder))))
    print(f"{PAGE.relative_to(ROOT)} is written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
