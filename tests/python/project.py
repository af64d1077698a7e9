"""A private copy of the dbt project that a test may change, feed and run.

    project = Project(tmp_path)
    project.write_raw(events=[{"event_id": "e1", ...}])
    project.define("funnels", [{"funnel_name": "checkout", ...}])
    project.dbt("build")
    project.duckdb.table("sessions").dicts()
"""

from __future__ import annotations

import atexit
import contextlib
import csv
import functools
import itertools
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from warehouse import BigQuery, DuckDb, Rows

from bigquery import load
from bigquery.emulator import Emulator

ROOT = Path(__file__).resolve().parents[2]
COPIED = (
    "models", "macros", "seeds", "tests", "analyses", "snapshots", "dbt_project.yml",
    "selectors.yml",
)
NOT_COPIED = shutil.ignore_patterns("python", "__pycache__")
LOG_LINES_SHOWN = 60

ARROW_TYPES = {
    "string": pa.string(),
    "timestamp": pa.timestamp("us"),
    "numeric": pa.decimal128(38, 9),
    "bigint": pa.int64(),
    "int64": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}

# Importing dbt takes seconds. A server process imports it once and every run is forked
# from there: as clean as a process of its own, as quick as a function call.
_dbt_processes = multiprocessing.get_context("forkserver")
_dbt_processes.set_forkserver_preload(
    ["dbt.cli.main", "dbt.adapters.duckdb.impl", "dbt.adapters.bigquery.impl"]
)
_dataset_numbers = itertools.count(1)


@dataclass(frozen=True)
class Run:
    """How one dbt command ended and what it said."""

    arguments: tuple[str, ...]
    exit_code: int
    output: str

    def tail(self) -> str:
        lines = self.output.splitlines()[-LOG_LINES_SHOWN:]
        return f"dbt {' '.join(self.arguments)} ended with {self.exit_code}\n" + "\n".join(lines)


class DbtFailed(AssertionError):
    """dbt ended otherwise than the test expects."""


# The models that the database holds: those of exports stand in the text of others.
BUILT_MODELS = sorted(
    path.stem for path in (ROOT / "models").rglob("*.sql")
    if "materialized='ephemeral'" not in path.read_text()
)


class Project:
    """A copy of the project with its own raw folder, database and logs."""

    def __init__(self, folder: Path, raw: Path | None = None, emulator: Emulator | None = None):
        self.folder = folder / "project"
        self.raw = raw or folder / "raw"
        self.database = folder / "footfall.duckdb"
        self.log = self.folder / "output.log"
        self.emulator = emulator
        self.variables: dict[str, Any] = {}
        self.folder.mkdir(parents=True)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, self.folder / name, ignore=NOT_COPIED)
            elif source.exists():
                shutil.copy(source, self.folder / name)
        shutil.copy(ROOT / "profiles.example.yml", self.folder / "profiles.yml")
        number = f"{os.getpid()}_{next(_dataset_numbers)}"
        self.dataset, self.raw_dataset = f"footfall_{number}", f"raw_{number}"

    def write_raw(self, file_format: str = "parquet", **tables: Iterable[Mapping[str, Any]]) -> None:
        """Replace raw tables by these rows; columns that no row names are not delivered."""
        for table, rows in tables.items():
            directory = self.raw / table
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir(parents=True)
            write_rows(directory / f"{table}.{file_format}", table, list(rows))

    def define(self, seed: str, rows: Iterable[Mapping[str, Any]]) -> Path:
        """Replace the rows of a definition; columns that no row names stay empty."""
        path = self.folder / "seeds" / "definitions" / f"{seed}.csv"
        with path.open(newline="") as file:
            columns = next(csv.reader(file))
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def define_all(self, definitions: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        """Replace the rows of several definitions, by seed."""
        for seed, rows in definitions.items():
            self.define(seed, rows)

    def take_definitions(self, other: Project) -> None:
        """Replace all definitions by those of another project."""
        seeds = Path("seeds", "definitions")
        shutil.copytree(other.folder / seeds, self.folder / seeds, dirs_exist_ok=True)

    def dbt(
        self, *arguments: str, target: str = "duckdb", expect: int | None = 0, **variables: Any
    ) -> Run:
        """Run one dbt command; fail with its last lines when it ends otherwise than expected.
        `expect=None` takes any end."""
        process = self.start(*arguments, target=target, **variables)
        process.join()
        run = Run(arguments, process.exitcode, self.log.read_text(errors="replace"))
        if expect is not None and run.exit_code != expect:
            raise DbtFailed(run.tail())
        return run

    def start(self, *arguments: str, target: str = "duckdb", **variables: Any):
        """Start one dbt command and hand back its process, which writes to `self.log`."""
        if target == "duckdb" and not (self.folder / "target-duckdb").exists():
            shutil.copytree(_parsed(), self.folder / "target-duckdb")
        options = ["--target", target, "--target-path", f"target-{target}", "--no-use-colors"]
        # dbt's log of debugging would take longer to write than small models to build.
        options += ["--log-level-file", "none"]
        settings = {**self.variables, **variables}
        if target == "emulator":
            settings["raw_schema"] = self.raw_dataset
        if settings:
            options += ["--vars", json.dumps(settings)]
        command = (*arguments, *options)
        self.log.unlink(missing_ok=True)
        process = _dbt_processes.Process(
            target=_run_dbt, args=(command, self._environment(), str(self.folder), str(self.log))
        )
        process.start()
        return process

    def manifest(self, target: str = "duckdb") -> dict[str, Any]:
        """What dbt knows of the project since its last run on the target."""
        file = self.folder / f"target-{target}" / "manifest.json"
        return _manifest(file, file.stat().st_mtime_ns)

    def results(self, target: str = "duckdb") -> dict[str, str]:
        """How each model, seed and test of the last run on the target ended, by unique_id."""
        file = self.folder / f"target-{target}" / "run_results.json"
        return {
            result["unique_id"]: result["status"]
            for result in json.loads(file.read_text())["results"]
            if not result["unique_id"].startswith(("operation.", "exposure."))
        }

    def nodes(self, resource_type: str, target: str = "duckdb") -> dict[str, dict[str, Any]]:
        """The models that the database holds, the seeds or the data tests, by name."""
        return {
            node["name"]: node for node in self.manifest(target)["nodes"].values()
            if node["resource_type"] == resource_type
            and node["config"]["materialized"] != "ephemeral"
        }

    def tables(self) -> dict[str, Rows]:
        """Every table on DuckDB but seeds, and every mart, be it a table or a view."""
        warehouse = self.duckdb
        marts = {
            model["alias"] for model in self.nodes("model").values()
            if model["path"].startswith("marts/")
        }
        names = (marts | set(warehouse.table_names())) - self.seed_tables()
        return warehouse.tables(names)

    def seed_tables(self) -> set[str]:
        """The tables that dbt fills from CSV files of the project."""
        return {seed["alias"] for seed in self.nodes("seed").values()}

    def load_emulator(self) -> None:
        """Load the raw folder into this project's own raw dataset."""
        load.load_folder(self.raw, self.client, self.raw_dataset, replace=True)

    @property
    def client(self):
        if self.emulator is None:
            raise ValueError("This project was made without an emulator")
        return load.connect(self.emulator.project, None, self.emulator.endpoint)

    @property
    def duckdb(self) -> DuckDb:
        return DuckDb(self.database)

    @property
    def bigquery(self) -> BigQuery:
        if not (self.folder / "target-emulator" / "manifest.json").exists():
            return BigQuery(self.client, {})
        return BigQuery(self.client, {
            node["alias"]: node["schema"] for kind in ("seed", "model")
            for node in self.nodes(kind, "emulator").values()
        })

    def warehouse(self, target: str) -> DuckDb | BigQuery:
        return self.duckdb if target == "duckdb" else self.bigquery

    def build(
        self, target: str = "duckdb", data_tests: bool = True, **variables: Any
    ) -> DuckDb | BigQuery:
        """Load where that is needed, `dbt build`, and hand back the warehouse. Unit tests
        bring their own rows, so one run of them says all: see test_dbt_tests.py."""
        if target == "emulator":
            self.load_emulator()
        left_out = ["unit_test"] if data_tests else ["unit_test", "test"]
        self.dbt("build", "--exclude-resource-type", *left_out, target=target, **variables)
        return self.warehouse(target)

    def _environment(self) -> dict[str, str]:
        settings = {
            "FOOTFALL_RAW": str(self.raw),
            # The same for every copy, or dbt would take none of what it read for another.
            "FOOTFALL_DB": os.path.relpath(self.database, self.folder),
            "FOOTFALL_DATASET": self.dataset,
            "DBT_PROFILES_DIR": str(self.folder),
        }
        if self.emulator:
            settings["FOOTFALL_EMULATOR"] = self.emulator.endpoint
            settings["FOOTFALL_PROJECT"] = self.emulator.project
        return settings


def _run_dbt(command, environment: dict[str, str], folder: str, log: str) -> None:
    """The body of the forked process: dbt, its words into a file, its code as ours."""
    os.chdir(folder)
    os.environ.update(environment)
    with open(log, "w") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    result = dbtRunner().invoke(list(command))
    # A forked process ends without Python's farewell, which would have closed the
    # database and so moved the rows from its log into the file.
    DuckDBConnectionManager.close_all_connections()
    if result.exception is not None:
        print(result.exception)
    sys.stdout.flush()
    code = 0 if result.success else 2 if result.exception is not None else 1
    sys.exit(code)


@functools.lru_cache(maxsize=4)
def _manifest(file: Path, changed_at: int) -> dict[str, Any]:
    return json.loads(file.read_text())


@functools.cache
def _parsed() -> Path:
    """What dbt makes of the project's files, which takes it seconds to read: in a copy of
    the project it then reads again only those that the test changed."""
    folder = Path(tempfile.mkdtemp(prefix="footfall-parsed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    project = Project(folder)
    target = project.folder / "target-duckdb"
    # Where there is one, `start` does not ask for this.
    target.mkdir()
    project.dbt("parse")
    return target


@functools.cache
def raw_types(table: str) -> dict[str, str]:
    """The declared column types of a raw table."""
    declared = yaml.safe_load((ROOT / "models/staging/sources.yml").read_text())
    for source in declared["sources"]:
        for definition in source["tables"]:
            if definition["name"] == table:
                return {column["name"]: column["data_type"] for column in definition["columns"]}
    raise ValueError(f"No raw table {table} in models/staging/sources.yml")


def write_rows(path: Path, table: str, rows: list[Mapping[str, Any]]) -> None:
    """One file of a raw table, in the declared types, with the columns that rows name
    (without rows: all columns). A column of which a row gives a text is one of texts."""
    types = raw_types(table)
    named = set(itertools.chain.from_iterable(rows)) or set(types)
    columns = [name for name in types if name in named] + sorted(named - set(types))
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return
    texts = {name for row in rows for name, value in row.items() if isinstance(value, str)}
    fields = {
        name: ARROW_TYPES["string" if name in texts else types.get(name, "string")]
        for name in columns
    }
    arrays = {
        name: pa.array([row.get(name) for row in rows], type=kind)
        for name, kind in fields.items()
    }
    pq.write_table(pa.table(arrays), path)


def shared_data(name: str) -> Path | None:
    """A folder of data that lies outside the repository, or None where it is absent."""
    shared = Path(os.environ.get("FOOTFALL_SHARED", ROOT.parent / "shared"))
    folder = shared / "data" / name
    with contextlib.suppress(OSError):
        if folder.is_dir():
            return folder
    return None
