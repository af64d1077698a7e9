"""Load a raw folder into a BigQuery dataset with the official client.

The folder is the one that FOOTFALL_RAW names for DuckDB: `<table>/` with Parquet, CSV or
JSON lines, also compressed and in subfolders. Every table is created with its schema
first, `events` partitioned by the day of loaded_at, and then filled by load jobs. Works on
the real service and on the emulator alike:

    python -m bigquery.load demo/data/raw --project my-project --dataset raw
    python -m bigquery.load demo/data/raw --emulator

Columns of CSV and JSON arrive as STRING, so that a value that does not parse reaches the
models, which refuse the row with a reason, instead of failing the load. Only loaded_at, by
which events are partitioned, is a TIMESTAMP in any case.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
from google.api_core import exceptions as api_exceptions
from google.auth import exceptions as auth_exceptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery
from google.cloud.bigquery.retry import DEFAULT_RETRY

from bigquery.emulator import DEFAULT_PORT, DEFAULT_PROJECT

PARTITIONED_BY = {"events": "loaded_at"}
CLUSTERED_BY = {"events": ["event_name", "anonymous_id"]}
# One load job a file; small enough to retry, large enough to be few.
ROWS_PER_FILE = 5_000_000
# The client would repeat a failing first call for ten minutes.
RETRY_SECONDS = 60
FILE_KINDS = re.compile(r"[.](parquet|csv|json|jsonl|ndjson)([.]gz)?$")
DIRECT_TYPES = {"DATE": "DATE", "BOOLEAN": "BOOL", "FLOAT": "FLOAT64", "DOUBLE": "FLOAT64"}
INTEGER_TYPES = {
    f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "", "BIG")
} | {"INTEGER", "UINTEGER"}


class LoadError(Exception):
    """What went wrong and what to do, in words for the person at the prompt."""


@dataclass(frozen=True)
class Column:
    """One column as delivered: how DuckDB reads it and what BigQuery stores."""

    name: str
    expression: str
    bigquery_type: str


@dataclass(frozen=True)
class RawTable:
    """One folder of files."""

    name: str
    relation: str


def find_tables(folder: Path) -> list[RawTable]:
    """The raw tables of a folder; raise where there is no `events` among them."""
    if not folder.is_dir():
        raise LoadError(
            f"The raw folder {folder} does not exist. Name one that holds "
            "<table>/ with Parquet, CSV or JSON lines, or run `make demo` to make the demo data."
        )
    tables = []
    for directory in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = files_of(directory)
        if files:
            tables.append(RawTable(directory.name, relation_of(files)))
    if "events" not in {table.name for table in tables}:
        raise LoadError(
            f"The raw folder {folder} holds no events: put them into "
            f"{folder / 'events'} as Parquet, CSV or JSON lines."
        )
    return tables


def files_of(directory: Path) -> dict[str, list[Path]]:
    """The files of one table by kind, in subfolders too: what macros/cross_db/raw.sql reads."""
    files: dict[str, list[Path]] = {}
    for path in sorted(directory.rglob("*")):
        kind = FILE_KINDS.search(path.name.lower())
        if kind and path.is_file() and path.name[0] not in "._":
            name = "json" if kind[1] in ("jsonl", "ndjson") else kind[1]
            if name != "parquet" or not kind[2]:
                files.setdefault(name + (kind[2] or ""), []).append(path)
    return files


def relation_of(files: dict[str, list[Path]]) -> str:
    """The files of one table as DuckDB reads them; CSV and JSON as text throughout."""
    readers = [reader_of(kind, paths) for kind, paths in files.items()]
    if len(readers) == 1:
        return readers[0]
    return f"(select * from {' union all by name select * from '.join(readers)}) as raw_files"


def reader_of(kind: str, paths: list[Path]) -> str:
    quoted = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    settings = f"[{quoted}], hive_partitioning = false"
    if kind == "parquet":
        return f"read_parquet({settings}, union_by_name = true)"
    settings += f", compression = '{'gzip' if kind.endswith('.gz') else 'uncompressed'}'"
    if kind.startswith("csv"):
        return (
            f"read_csv({settings}, union_by_name = true, header = true, "
            "all_varchar = true, delim = ',', quote = '\"', escape = '\"')"
        )
    names = duckdb.execute(
        f"select distinct unnest(json_keys(json)) from read_json_objects({settings}) order by 1"
    ).fetchall()
    columns = ", ".join("'" + name.replace("'", "''") + "': 'VARCHAR'" for (name,) in names)
    return f"read_json({settings}, columns = {{{columns}}})"


def columns_of(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Column]:
    """The columns that the files hold, with their BigQuery types."""
    described = connection.execute(f"describe select * from {table.relation}").fetchall()
    return [
        column_for(row[0], row[1], PARTITIONED_BY.get(table.name)) for row in described
    ]


def column_for(name: str, duckdb_type: str, partition_column: str | None) -> Column:
    quoted = '"' + name.replace('"', '""') + '"'
    if name.lower() == partition_column and not duckdb_type.startswith("TIMESTAMP"):
        return Column(name, time_of(quoted), "TIMESTAMP")
    if duckdb_type.startswith("TIMESTAMP"):
        return Column(name, f"try_cast({quoted} as timestamptz)", "TIMESTAMP")
    if duckdb_type.startswith("DECIMAL"):
        return Column(name, f"cast({quoted} as decimal(38, 9))", "NUMERIC")
    if duckdb_type in INTEGER_TYPES:
        return Column(name, f"cast({quoted} as bigint)", "INT64")
    if duckdb_type in DIRECT_TYPES:
        return Column(name, quoted, DIRECT_TYPES[duckdb_type])
    if duckdb_type.startswith(("STRUCT", "MAP")) or duckdb_type.endswith("]"):
        return Column(name, f"cast(to_json({quoted}) as varchar)", "STRING")
    return Column(name, f"cast({quoted} as varchar)", "STRING")


def time_of(column: str) -> str:
    """A text or a number as a time: epochs by their size, as macros/cross_db/times.sql."""
    number = f"try_cast(trim(cast({column} as varchar)) as decimal(22, 6))"
    epochs = " ".join(
        f"when {number} between {946684800 * scale} and {4102444800 * scale} "
        f"then timezone('UTC', make_timestamp(cast({number} * {1000000 // scale} as bigint)))"
        for scale in (1, 1000, 1000000)
    )
    return f"case {epochs} else try_cast(trim(cast({column} as varchar)) as timestamptz) end"


def write_files(
    connection: duckdb.DuckDBPyConnection, table: RawTable, columns: list[Column], to: Path
) -> Iterator[Path]:
    """The table's rows as Parquet files in exactly the types of its BigQuery schema."""
    selected = ", ".join(
        f'{column.expression} as "{column.name}"' for column in columns
    )
    row_count = connection.execute(f"select count(*) from {table.relation}").fetchone()[0]
    for number, offset in enumerate(range(0, row_count, ROWS_PER_FILE)):
        part = to / f"{table.name}-{number}.parquet"
        connection.execute(
            f"copy (select {selected} from {table.relation} "
            f"limit {ROWS_PER_FILE} offset {offset}) to '{part}' (format parquet)"
        )
        yield part
        part.unlink()


def create_table(
    client: bigquery.Client, dataset: str, table: RawTable, columns: list[Column], replace: bool
) -> bigquery.Table:
    """An empty table with its schema, partitions and clusters."""
    reference = f"{client.project}.{dataset}.{table.name}"
    definition = bigquery.Table(
        reference,
        schema=[
            bigquery.SchemaField(column.name, column.bigquery_type) for column in columns
        ],
    )
    if table.name in PARTITIONED_BY:
        definition.time_partitioning = bigquery.TimePartitioning(
            field=PARTITIONED_BY[table.name]
        )
        delivered = {column.name for column in columns}
        definition.clustering_fields = [
            name for name in CLUSTERED_BY[table.name] if name in delivered
        ] or None
    if replace:
        client.delete_table(reference, not_found_ok=True)
    try:
        return client.create_table(definition)
    except api_exceptions.Conflict:
        raise LoadError(
            f"The table {reference} exists already. Choose another --dataset, or say "
            "--replace to drop it and load it anew."
        ) from None


def load_folder(
    folder: Path, client: bigquery.Client, dataset: str, replace: bool = False
) -> dict[str, int]:
    """Load every table of the folder and return their row counts."""
    tables = find_tables(Path(folder))
    make_dataset(client, dataset)
    loaded = {}
    with duckdb.connect() as connection, tempfile.TemporaryDirectory() as directory:
        connection.execute("set TimeZone = 'UTC'")
        for table in tables:
            try:
                columns = columns_of(connection, table)
                require_partition_column(table, columns, folder)
                target = create_table(client, dataset, table, columns, replace)
                for part in write_files(connection, table, columns, Path(directory)):
                    load_file(client, target, part)
            except duckdb.Error as error:
                raise LoadError(f"{folder / table.name} cannot be read: {error}") from None
            loaded[table.name] = client.get_table(target.reference).num_rows
    return loaded


def make_dataset(client: bigquery.Client, dataset: str) -> None:
    wanted = bigquery.Dataset(f"{client.project}.{dataset}")
    if client.location:
        wanted.location = client.location
    existing = client.create_dataset(
        wanted, exists_ok=True, retry=DEFAULT_RETRY.with_timeout(RETRY_SECONDS)
    )
    if client.location and existing.location and existing.location != client.location:
        raise LoadError(
            f"The dataset {dataset} lies in {existing.location}, not in {client.location}. "
            f"Say --location {existing.location}, or choose another --dataset: one query "
            "cannot read two locations."
        )


def require_partition_column(table: RawTable, columns: list[Column], folder: Path) -> None:
    needed = PARTITIONED_BY.get(table.name)
    if needed and needed not in {column.name for column in columns}:
        raise LoadError(
            f"{folder / table.name} has no column {needed}: the moment at which a row "
            f"became visible. The columns found are {', '.join(c.name for c in columns)}."
        )


def load_file(client: bigquery.Client, target: bigquery.Table, file: Path) -> None:
    settings = bigquery.LoadJobConfig(
        source_format=bigquery.SourceFormat.PARQUET,
        write_disposition=bigquery.WriteDisposition.WRITE_APPEND,
        schema=target.schema,
        labels={"application": "footfall"},
    )
    with file.open("rb") as content:
        client.load_table_from_file(content, target, job_config=settings).result()


def connect(project: str, location: str | None, endpoint: str | None) -> bigquery.Client:
    """The official client, for the real service or for an emulator at `endpoint`."""
    if endpoint:
        return bigquery.Client(
            project=project,
            credentials=AnonymousCredentials(),
            client_options={"api_endpoint": endpoint},
        )
    return bigquery.Client(project=project, location=location)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bigquery.load",
        description="Load a raw folder into a BigQuery dataset.",
    )
    environment = os.environ.get
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(environment("FOOTFALL_RAW", "demo/data/raw")),
        help="holds <table>/ with Parquet, CSV or JSON lines (default: FOOTFALL_RAW, else the demo)",
    )
    parser.add_argument("--project", default=environment("FOOTFALL_PROJECT"))
    parser.add_argument("--dataset", default="raw", help="dbt's variable raw_schema")
    parser.add_argument("--location", default=environment("FOOTFALL_LOCATION", "US"))
    parser.add_argument(
        "--emulator",
        action="store_true",
        help="load into the emulator at FOOTFALL_EMULATOR, without an account",
    )
    parser.add_argument(
        "--replace", action="store_true", help="drop tables that exist, then load"
    )
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    endpoint = None
    if arguments.emulator:
        arguments.project = arguments.project or DEFAULT_PROJECT
        endpoint = os.environ.get("FOOTFALL_EMULATOR", f"http://127.0.0.1:{DEFAULT_PORT}")
    try:
        if not arguments.project:
            raise LoadError("Which project? Say --project, or set FOOTFALL_PROJECT.")
        client = connect(arguments.project, arguments.location, endpoint)
        loaded = load_folder(
            arguments.folder, client, arguments.dataset, arguments.replace
        )
    except LoadError as error:
        print(error, file=sys.stderr)
        return 1
    except auth_exceptions.GoogleAuthError as error:
        print(
            f"Google does not know who you are: {error}\n"
            "Run `gcloud auth application-default login`, or say --emulator.",
            file=sys.stderr,
        )
        return 1
    except (api_exceptions.GoogleAPIError, ConnectionError, OSError) as error:
        print(f"BigQuery refused: {error}", file=sys.stderr)
        return 1
    for name, row_count in loaded.items():
        print(f"{arguments.dataset}.{name}: {row_count:,} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
