"""One project on three engines: DuckDB, the emulator through dbt-bigquery, and Google's
evaluator, which takes every statement that dbt sent to the emulator."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass

from googlesql import GoogleSql, GoogleSqlError, Result, Table
from project import Project
from reference import Reference
from warehouse import Rows, normalised

JOBS = 10_000
# dbt says in a comment which model or test a statement is for.
COMMENT = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """What dbt sent to BigQuery, and the id of its node: model.footfall.orders."""

    node: str
    sql: str


class Engines:
    """The project's tables on each engine, and what the evaluator refused."""

    def __init__(self, project: Project, googlesql: GoogleSql) -> None:
        self.project = project
        self.refused: dict[str, str] = {}
        self.answers: dict[str, list[Result]] = defaultdict(list)
        self._reference = Reference(googlesql, self._fetch)
        self._seen = {job.job_id for job in self._jobs()}

    def build(self, *selection: str, **variables) -> None:
        """One run on DuckDB and one on BigQuery, which the evaluator follows."""
        self.project.load_emulator()
        options = ("--exclude-resource-type", "unit_test", "test", *selection)
        for target in ("duckdb", "emulator"):
            self.project.dbt("build", *options, target=target, **variables)
        self._reference.forget_fetched()
        self.follow()

    def follow(self, holding: str = "") -> None:
        """Hand the evaluator all that dbt has sent since, or those statements that hold a
        text; keep what selects answer."""
        for statement in self._sent():
            if holding not in statement.sql:
                continue
            try:
                result = self._reference.run(statement.sql)
            except GoogleSqlError as error:
                self.refused.setdefault(statement.node, str(error))
            else:
                if result is not None:
                    self.answers[statement.node].append(result)

    def tables(self, model: str) -> dict[str, Rows]:
        """A model's rows on each engine."""
        alias = self.project.nodes("model")[model]["alias"]
        return {
            "DuckDB": self.project.duckdb.table(alias),
            "emulator": self.project.bigquery.table(alias),
            "GoogleSQL": as_rows(self._reference.table(self._full_name(model))),
        }

    def types(self, model: str) -> dict[str, str]:
        """The types of a model's columns, as BigQuery would build them."""
        return dict(self._reference.table(self._full_name(model)).columns)

    def ask(self, sql: dict[str, str]) -> dict[str, Rows | str]:
        """What each engine answers to a select, given for each target; or its error."""
        answers: dict[str, Rows | str] = {}
        for engine, ask in {
            "DuckDB": lambda: self.project.duckdb.query(sql["duckdb"]),
            "emulator": lambda: self.project.bigquery.query(sql["emulator"]),
            "GoogleSQL": lambda: as_rows(self._reference.run(sql["emulator"])),
        }.items():
            try:
                answers[engine] = ask()
            except Exception as error:  # each engine has errors of its own
                answers[engine] = str(error)
        return answers

    def _full_name(self, model: str) -> str:
        node = self.project.nodes("model", "emulator")[model]
        return f"{node['database']}.{node['schema']}.{node['alias']}"

    def _sent(self) -> list[Statement]:
        """dbt's statements since the last call, in order; ours have no comment."""
        jobs = [
            job for job in self._jobs()
            if job.job_type == "query" and job.job_id not in self._seen
        ]
        self._seen |= {job.job_id for job in jobs}
        statements = []
        for job in reversed(jobs):
            comment = COMMENT.match(job.query)
            if comment and not job.error_result:
                node = json.loads(comment[1]).get("node_id", "")
                statements.append(Statement(node, job.query[comment.end():]))
        return statements

    def _jobs(self) -> list:
        """All that the emulator was asked, the newest first."""
        return list(self.project.client.list_jobs(max_results=JOBS))

    def _fetch(self, name: str) -> Table:
        """A raw table or a seed, as the emulator holds it."""
        table = self.project.client.get_table(name)
        rows = self.project.client.query(f"select * from `{name}`").result()
        return Table(
            {field.name: field.field_type.lower() for field in table.schema},
            [tuple(row.values()) for row in rows],
        )


def as_rows(answer: Table | Result) -> Rows:
    return Rows(tuple(answer.columns), [tuple(map(normalised, row)) for row in answer.rows])
