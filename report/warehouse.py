"""Opens the database that a target of profiles.yml names, for reading alone.

Queries are Ibis expressions; the engine's own client runs what Ibis writes for it. Results
are small, so rows come over BigQuery's ordinary interface and need no storage client.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import ibis
import yaml
from google.api_core import exceptions as api_exceptions
from google.auth import exceptions as auth_exceptions
from google.cloud import bigquery
from jinja2.nativetypes import NativeEnvironment

from bigquery import load

# The client would repeat a first call that fails for ten minutes.
RETRY_SECONDS = 20
# Where dbt_project.yml puts tables: in the target's schema, or beside it under this name.
MARTS, INTERMEDIATE, DEFINITIONS = "", "intermediate", "definitions"


class ReportError(Exception):
    """What went wrong and what to do, in words for the person at the prompt."""


@dataclass
class Table:
    """Rows as they came, with the names of their columns."""

    columns: tuple[str, ...]
    rows: list[tuple]

    def dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


class DuckDb:
    """A database file, opened so that others may read it at the same time."""

    dialect, catalog = "duckdb", None

    def __init__(self, path: str, schema: str):
        self.schema, self.name = schema, path
        if not os.path.exists(path):
            raise ReportError(f"There is no database {path}. Make it with `make build`.")
        try:
            self.connection = duckdb.connect(path, read_only=True)
        except duckdb.IOException as error:
            # Costs the import of dbt, so only where there is something to explain.
            from tools.database_is_free import problem_of

            problem = problem_of(path, {"access_mode": "READ_ONLY"})
            raise ReportError(problem or f"The database {path} cannot be opened: {error}") from None
        except duckdb.Error as error:
            raise ReportError(f"The database {path} cannot be opened: {error}") from None
        self.connection.execute("set TimeZone = 'UTC'")
        self.version = f"DuckDB {duckdb.__version__}"

    def tables(self, schema: str) -> set[str]:
        return {name for (name,) in self.connection.execute(
            "select table_name from information_schema.tables where table_schema = ?", [schema]
        ).fetchall()}

    def columns(self, schema: str, table: str) -> list[str]:
        return [name for (name,) in self.connection.execute(
            "select column_name from information_schema.columns "
            "where table_schema = ? and table_name = ? order by ordinal_position",
            [schema, table],
        ).fetchall()]

    def rows(self, sql: str) -> Table:
        try:
            result = self.connection.execute(sql)
        except duckdb.Error as error:
            raise ReportError(f"{self.name} did not answer: {error}") from None
        return Table(tuple(column[0] for column in result.description), result.fetchall())


class BigQuery:
    """A dataset of the service, or of the emulator where `endpoint` is given."""

    dialect = "bigquery"

    def __init__(self, target: dict[str, Any]):
        self.catalog, self.schema = target["project"], target["dataset"]
        self.name = f"{self.catalog}.{self.schema}"
        self.version = "BigQuery"
        self.most_bytes = target.get("maximum_bytes_billed")
        try:
            self.client = load.connect(
                target["project"], target.get("location"), target.get("api_endpoint")
            )
        except auth_exceptions.GoogleAuthError as error:
            raise ReportError(
                f"No one is signed in to Google ({error}). Run "
                "`gcloud auth application-default login`."
            ) from None

    def tables(self, schema: str) -> set[str]:
        try:
            return {table.table_id for table in self.client.list_tables(
                f"{self.catalog}.{schema}",
                retry=load.DEFAULT_RETRY.with_timeout(RETRY_SECONDS),
            )}
        except api_exceptions.NotFound:
            return set()
        except (api_exceptions.GoogleAPIError, auth_exceptions.GoogleAuthError) as error:
            raise ReportError(f"{self.name} did not answer: {error}") from None

    def columns(self, schema: str, table: str) -> list[str]:
        return [
            field.name
            for field in self.client.get_table(f"{self.catalog}.{schema}.{table}").schema
        ]

    def rows(self, sql: str) -> Table:
        settings = bigquery.QueryJobConfig(labels={"application": "footfall_report"})
        if self.most_bytes:
            settings.maximum_bytes_billed = int(self.most_bytes)
        try:
            result = self.client.query(sql, job_config=settings).result()
            return Table(
                tuple(field.name for field in result.schema), [row.values() for row in result]
            )
        except (api_exceptions.GoogleAPIError, auth_exceptions.GoogleAuthError) as error:
            raise ReportError(f"{self.name} did not answer: {error}") from None


class Warehouse:
    """The marts and what stands beside them, in one database."""

    def __init__(self, engine: DuckDb | BigQuery):
        self.engine = engine
        self._tables: dict[str, set[str]] = {}
        if not self.has("sessions"):
            raise ReportError(
                f"There are no marts in {engine.name}, schema {engine.schema}. "
                "Make them with `make build`, or `dbt build` and the target."
            )

    def has(self, name: str, layer: str = MARTS) -> bool:
        """Whether a table was built; False too where there is no such schema."""
        if layer not in self._tables:
            self._tables[layer] = self.engine.tables(self._schema(layer))
        return name in self._tables[layer]

    def columns(self, name: str, layer: str = MARTS) -> list[str]:
        """The columns of a table, none of one that was not built."""
        return self.engine.columns(self._schema(layer), name) if self.has(name, layer) else []

    def table(self, name: str, columns: dict[str, str], layer: str = MARTS) -> ibis.Table:
        """A table to ask, with the columns that are asked."""
        return ibis.table(
            columns, name=name, database=self._schema(layer), catalog=self.engine.catalog
        )

    def read(self, question: ibis.Table) -> Table:
        return self.engine.rows(str(ibis.to_sql(question, dialect=self.engine.dialect)))

    def _schema(self, layer: str) -> str:
        return f"{self.engine.schema}_{layer}" if layer else self.engine.schema


def open_warehouse(project: Path, target: str | None = None) -> Warehouse:
    """The database of a target of profiles.yml, of the default target where none is named."""
    name, settings = read_target(project, target)
    if settings["type"] == "duckdb":
        path = project / settings["path"]
        return Warehouse(DuckDb(os.path.relpath(path), settings.get("schema", "main")))
    if settings["type"] == "bigquery":
        return Warehouse(BigQuery(settings))
    raise ReportError(
        f"The target {name} is of type {settings['type']}; the report reads duckdb and bigquery."
    )


def read_target(project: Path, target: str | None) -> tuple[str, dict[str, Any]]:
    """A target with its variables of the environment filled in, as dbt would."""
    folders = [Path(os.environ.get("DBT_PROFILES_DIR") or project), project, Path.home() / ".dbt"]
    found = next((folder for folder in folders if (folder / "profiles.yml").exists()), None)
    if found is None:
        raise ReportError("There is no profiles.yml. `make report` writes it.")
    profile = yaml.safe_load((found / "profiles.yml").read_text())[read_project(project)["profile"]]
    name = target or profile["target"]
    if name not in profile["outputs"]:
        raise ReportError(
            f"profiles.yml has no target {name}; it has {_listed(profile['outputs'])}."
        )
    jinja = NativeEnvironment()
    jinja.globals["env_var"] = _environment_variable
    jinja.filters["as_number"] = jinja.filters["as_native"] = jinja.filters["as_bool"] = (
        lambda value: yaml.safe_load(str(value))
    )
    return name, {
        key: str(jinja.from_string(value).render()) if isinstance(value, str) else value
        for key, value in profile["outputs"][name].items()
    }


def read_project(project: Path) -> dict[str, Any]:
    """dbt_project.yml."""
    return yaml.safe_load((project / "dbt_project.yml").read_text())


def _environment_variable(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ReportError(f"profiles.yml wants the environment variable {name}, which is not set.")
    return value


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
