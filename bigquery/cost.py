"""What a day of Footfall costs on BigQuery: measured here, written by cost_page.py.

    python -m bigquery.cost_page

Builds the demo on the emulator, then brings it up to date day by day, and works out from
every statement that was sent which columns of which days BigQuery would bill.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import re
import subprocess
import sys


from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import sqlglot
from google.cloud import bigquery
from sqlglot import exp

from bigquery import emulator, load
from bigquery.reads import (
    DIALECT, TEMPORARY, Catalog, Read, Table, name_of, picks_days, reads_of,
)

ROOT = Path(__file__).resolve().parents[1]
RAW, MARTS = "raw_cost", "footfall_cost"
EVENTS = 10_000
NODE = re.compile(r'"node_id": "([^"]+)"')
DAYS_OF_HISTORY = 365

# Rows that count days, loads or definitions: more events do not make more of them. Of all
# other tables rows grow with the events.
PER_DAY = {
    "active_persons", "channel_performance", "element_clicks", "event_accounting",
    "funnel_conversion", "event_date_ledger", "int_exchange_rates_found",
    "int_funnel_persons_counted", "int_funnel_waits_measured",
    "int_raw_rows_by_load", "load_contents_ledger", "load_ledger", "retention_cohorts",
    "session_conversion",
}
FIXED = {
    "data_horizon", "increment_marks", "int_channel_transitions_counted",
    "int_products_purchased", "int_products_reviewed", "int_products_viewed",
    "int_removal_effects_found", "int_traffic_sources_classified",
    "int_transition_matrices_inverted", "int_user_agents_classified", "products", "raw_tables",
}
# BigQuery bills at least this for each table of a query.
LEAST_BYTES = 10 * 2**20


@dataclass(frozen=True)
class Run:
    """What one dbt command sent, by node, and the tables as it left them; `nodes` are the models
    and seeds by their tables."""

    sent: list[tuple[str, str]]
    catalog: Catalog
    bytes_of: dict[str, dict[str, float]]
    nodes: dict[str, dict]

    @functools.cached_property
    def reads(self) -> list[tuple[str, list[Read]]]:
        return [(node, reads_of(sql, self.catalog)) for node, sql in self.sent]


@dataclass(frozen=True)
class Rehearsal:
    """The first build, and a day's run some days later."""

    first: Run
    day: Run
    daily_tests: frozenset[str]
    events: int
    events_of_day: int
    dates: tuple[dt.date, ...]


# Rehearse -----------------------------------------------------------------------------


def rehearse(service: emulator.Emulator, folder: Path) -> Rehearsal:
    """Build the demo without its last two days, then add them one by one. The last day
    brings every late event of the demo, each as late as it was: with millions of events
    a day, every lateness there is comes every day."""
    command("-m", "demo", "--events", str(EVENTS), "--out", str(folder))
    events = folder / "raw" / "events"
    connection = duckdb.connect()
    connection.execute(
        f"create table events as select * from read_parquet('{events}/*.parquet')"
    )
    (first, last), = connection.execute(
        "select min(cast(loaded_at as date)), max(cast(loaded_at as date)) from events"
    ).fetchall()
    shift = f"date '{last}' - cast(loaded_at as date)"
    connection.execute(f"""
        update events set {', '.join(
            f"{name} = {name} + to_days(cast({shift} as integer))"
            for name in ('occurred_at', 'sent_at', 'received_at', 'loaded_at')
        )}
        where cast(loaded_at as date)
            > cast(received_at - (coalesce(sent_at, received_at) - occurred_at) as date)
            and occurred_at > loaded_at - interval 60 days
    """)
    client = load.connect(service.project, None, service.endpoint)
    for dataset in [item.dataset_id for item in client.list_datasets()]:
        if dataset.startswith(MARTS):
            client.delete_dataset(dataset, delete_contents=True)
    runs = []
    for days_left in (2, 1, 0):
        for file in events.iterdir():
            file.unlink()
        connection.execute(
            f"copy (select * from events where loaded_at < date '{last}' - {days_left} + 1)"
            f" to '{events}/events.parquet' (format parquet)"
        )
        load.load_folder(folder / "raw", client, RAW, replace=True)
        left_out = ["unit_test", "test"] if days_left else ["unit_test"]
        runs.append(run_dbt(service, client, folder, *left_out))
    (count, of_day), = connection.execute(
        f"select count(*), count(*) filter (where loaded_at >= date '{last}') from events"
    ).fetchall()
    listed = dbt(
        service, folder, "ls", "--quiet", "--selector", "daily", "--resource-type", "test",
        "--output", "json", "--output-keys", "unique_id",
    )
    daily_tests = frozenset(json.loads(line)["unique_id"] for line in listed.splitlines())
    days = (last - first).days + 1
    dates = tuple(first + dt.timedelta(days=number) for number in range(days))
    return Rehearsal(runs[0], runs[2], daily_tests, count, of_day, dates)


def command(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=os.environ | environment,
        capture_output=True, text=True,
    )
    if done.returncode:
        said = (done.stdout + done.stderr)[-3000:]
        raise SystemExit(f"{' '.join(arguments)} failed:\n{said}")
    return done.stdout


def dbt(service: emulator.Emulator, folder: Path, *arguments: str) -> str:
    (folder / "profiles.yml").write_text((ROOT / "profiles.example.yml").read_text())
    return command(
        "-m", "dbt.cli.main", *arguments, "--target", "emulator", "--profiles-dir",
        str(folder), "--target-path", str(folder), "--log-path", str(folder),
        "--vars", json.dumps({"raw_schema": RAW}),
        FOOTFALL_EMULATOR=service.endpoint, FOOTFALL_PROJECT=service.project,
        FOOTFALL_DATASET=MARTS,
    )


def run_dbt(
    service: emulator.Emulator, client: bigquery.Client, folder: Path, *left_out: str
) -> Run:
    before = dt.datetime.now(dt.UTC)
    dbt(service, folder, "build", "--exclude-resource-type", *left_out)
    jobs = sorted(
        (job for job in client.list_jobs(max_results=100_000)
         if job.job_type == "query" and job.created >= before),
        key=lambda job: job.created,
    )
    sent = [(named[1], job.query) for job in jobs if (named := NODE.search(job.query))]
    nodes = json.loads((folder / "manifest.json").read_text())["nodes"]
    datasets = sorted({RAW, *(node["schema"] for node in nodes.values() if is_table(node))})
    catalog, bytes_of = measured(client, datasets, [sql for _, sql in sent])
    tables = {table_of(node): node for node in nodes.values() if is_table(node)}
    return Run(sent, catalog, bytes_of, tables)


def is_table(node: dict) -> bool:
    return node["resource_type"] in ("model", "seed")


def table_of(node: dict) -> str:
    """Dataset and name, as statements and catalog have them."""
    return f"{node['schema']}.{node['alias']}"


def measured(
    client: bigquery.Client, datasets: list[str], statements: list[str]
) -> tuple[Catalog, dict[str, dict[str, float]]]:
    """Every table with its columns, and the bytes of each column as BigQuery counts them:
    2 and the text's own for a text, 16 for NUMERIC, 1 for BOOL, else 8; 0 for null."""
    made = {}
    for sql in statements:
        for statement in sqlglot.parse(sql, dialect=DIALECT) if "create " in sql.lower() else []:
            if isinstance(statement, exp.Create):
                made[name_of(statement.find(exp.Table))] = statement
    catalog, bytes_of = {}, {}
    for dataset in datasets:
        for item in client.list_tables(dataset):
            name = f"{dataset}.{item.table_id}"
            table = client.get_table(item.reference)
            columns = {field.name: field.field_type for field in table.schema}
            days = table.time_partitioning and table.time_partitioning.field
            if table.table_type == "VIEW":
                catalog[name] = Table(columns, None, made[name].expression.sql(DIALECT))
                continue
            catalog[name] = Table(columns, days)
            sums = [
                f"sum(byte_length({name}) + 2)" if kind == "STRING"
                else f"{ {'NUMERIC': 16, 'BOOLEAN': 1, 'BOOL': 1}.get(kind, 8) } * count({name})"
                for name, kind in columns.items()
            ]
            row = next(iter(client.query(f"select {', '.join(sums)} from {name}").result()))
            bytes_of[name] = {
                column: float(value or 0)
                for column, value in zip(columns, row.values(), strict=True)
            }
    for name in made:
        if TEMPORARY in name:
            held = name.partition(TEMPORARY)[0]
            catalog[name], bytes_of[name] = replace(catalog[held], partitioned_by=None), bytes_of[held]
    return catalog, bytes_of


# Calculate ----------------------------------------------------------------------------


def growth(rehearsal: Rehearsal, run: Run, table: str, events_a_day: float) -> float:
    """How often the bytes that the demo has in a table are in a year of such a service."""
    node = run.nodes.get(table.partition(TEMPORARY)[0])
    if node and (node["alias"] in FIXED or node["resource_type"] == "seed"):
        return 1
    if node and node["alias"] in PER_DAY:
        return DAYS_OF_HISTORY / len(rehearsal.dates)
    if node and run is rehearsal.day:
        meta = node["config"]["meta"]
        of_persons = TEMPORARY in table and meta.get("replaced_by") == "person"
        if of_persons or "of_the_run" in meta:
            # Holds the rows of this run alone.
            return events_a_day / rehearsal.events_of_day
    return events_a_day * DAYS_OF_HISTORY / rehearsal.events


def is_whole_history(rehearsal: Rehearsal, run: Run, read: Read) -> bool:
    """True where the read grows with the number of events that there ever were."""
    a_year = growth(rehearsal, run, read.table, 1) == DAYS_OF_HISTORY / rehearsal.events
    return a_year and not picks_days(read.days)


def billed(rehearsal: Rehearsal, run: Run, read: Read, events_a_day: float) -> float:
    """The bytes that are billed for a read, on a service of that size."""
    size = sum(run.bytes_of[read.table][column] for column in read.columns)
    size *= growth(rehearsal, run, read.table, events_a_day)
    if picks_days(read.days):
        size *= sum(map(read.days, rehearsal.dates)) / DAYS_OF_HISTORY
    return max(size, LEAST_BYTES)


def statements(
    rehearsal: Rehearsal, run: Run, events_a_day: float
) -> list[tuple[str, float]]:
    """The bytes billed for each statement, by node."""
    return [
        (node, sum(billed(rehearsal, run, read, events_a_day) for read in reads))
        for node, reads in run.reads
    ]


def stored(rehearsal: Rehearsal, events_a_day: float) -> tuple[float, float]:
    """Bytes after a year: written in the last 90 days, and long-term."""
    run, recent, old = rehearsal.day, 0.0, 0.0
    for table, columns in run.bytes_of.items():
        if TEMPORARY in table:
            continue
        size = sum(columns.values()) * growth(rehearsal, run, table, events_a_day)
        node = run.nodes.get(table)
        is_kept = not node or node["config"]["materialized"] == "incremental"
        recent += size * (90 / DAYS_OF_HISTORY if is_kept else 1)
        old += size * (1 - 90 / DAYS_OF_HISTORY if is_kept else 0)
    return recent, old
