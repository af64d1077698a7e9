"""Every model, data test and unit test, on nasty input, under three engines."""

from __future__ import annotations

import json
import re

import nasty
import pytest
from conformance import Engines
from project import BUILT_MODELS, ROOT, Project
from warehouse import difference

# Two empty tables agree about nothing, except where a first build gives no row.
EMPTY_AT_FIRST: dict[str, str] = {}
OF_WEEKS = (
    "int_person_periods_flagged+", "int_funnel_waits_measured+", "int_funnel_persons_counted+",
)
RUNS = ("first", "increment", "other_week")


@pytest.fixture(scope="module")
def engines(tmp_path_factory, emulator, googlesql) -> Engines:
    project = Project(tmp_path_factory.mktemp("conformance"), emulator=emulator)
    project.variables = dict(nasty.VARIABLES)
    project.define_all(nasty.DEFINITIONS)
    return Engines(project, googlesql)


@pytest.fixture(scope="module")
def runs(engines) -> dict[str, dict]:
    """The tables of every model after each of three runs: a full build, an increment, and
    the models that know of weeks, with weeks that begin on another day."""
    held = {}
    engines.project.write_raw(**nasty.first_load())
    engines.build()
    held["first"] = {model: engines.tables(model) for model in BUILT_MODELS}
    engines.project.write_raw(**nasty.second_load())
    engines.build()
    held["increment"] = {model: engines.tables(model) for model in BUILT_MODELS}
    # Nothing is new, so what stands before the models of weeks may stay as it is.
    checks = engines.project.folder / "macros" / "increments" / "checks.sql"
    text = checks.read_text()
    assert "{%- do check_selection() -%}" in text
    checks.write_text(text.replace("{%- do check_selection() -%}", ""))
    engines.build("--select", *OF_WEEKS, week_starts_on="monday")
    of_weeks = sorted(
        unique_id.split(".")[-1] for unique_id in engines.project.results("duckdb")
    )
    held["other_week"] = {model: engines.tables(model) for model in of_weeks}
    return held


def test_no_model_is_left_out(engines, runs):
    for target in ("duckdb", "emulator"):
        assert sorted(engines.project.nodes("model", target)) == BUILT_MODELS


def test_bigquery_takes_every_statement_that_dbt_sent(engines, runs):
    models = {node for node in engines.answers if node.startswith("model.")}
    assert models
    assert not engines.refused


@pytest.mark.parametrize("model", BUILT_MODELS)
def test_a_model_holds_the_same_rows_on_three_engines(runs, model, record_property):
    problems, counts = [], []
    for run in RUNS:
        tables = runs[run].get(model)
        if tables is None:
            continue
        for engine in ("emulator", "GoogleSQL"):
            problem = difference(tables["DuckDB"], tables[engine], "DuckDB", engine)
            if problem:
                problems.append(f"{run}: {problem}")
        counts.append([len(rows.rows) for rows in tables.values()])
        if run == "increment" or model not in EMPTY_AT_FIRST:
            assert model == "increment_marks" or tables["DuckDB"].rows, f"{run} gives no row"
    record_property("conformance", [model, counts, len(problems)])
    assert not problems, "\n".join(problems)


def test_weeks_begin_on_both_days(runs):
    for model in (name.removesuffix("+") for name in OF_WEEKS):
        assert runs["increment"][model]["DuckDB"].rows != runs["other_week"][model]["DuckDB"].rows


def test_contracts_of_marts_hold_on_bigquery(engines, runs):
    """The emulator builds without contracts, so nothing else compares their types."""
    same = {"bigint": "int64", "boolean": "bool"}
    problems = {}
    for name, node in engines.project.nodes("model", "emulator").items():
        if not node["path"].startswith("marts/"):
            continue
        # A query's columns know no precision; the table's, which it fills, do.
        declared = {c: told["data_type"].split("(")[0] for c, told in node["columns"].items()}
        promised = {column: same.get(type_, type_) for column, type_ in declared.items()}
        built = engines.types(name)
        wrong = {c: (promised.get(c), built.get(c)) for c in promised | built
                 if promised.get(c) != built.get(c)}
        if wrong:
            problems[name] = wrong
    assert not problems


# Tests of dbt ---------------------------------------------------------------------------


def test_data_tests_count_the_same_failures(engines, runs):
    counted = {}
    for target in ("duckdb", "emulator"):
        # Nasty input may break a claim; it must break it alike.
        engines.project.dbt("test", "--select", "test_type:data", target=target, expect=None,
                            week_starts_on="monday")
        counted[target] = failures(engines.project, target)
    engines.follow()
    counted["GoogleSQL"] = {
        node: results[-1].dicts()[0]["failures"]
        for node, results in engines.answers.items() if node.startswith("test.")
    }
    assert len(counted["duckdb"]) > 100
    assert None not in counted["duckdb"].values()
    assert counted["emulator"] == counted["duckdb"]
    assert counted["GoogleSQL"] == counted["duckdb"]
    assert not engines.refused


def failures(project: Project, target: str) -> dict[str, int]:
    file = project.folder / f"target-{target}" / "run_results.json"
    return {
        result["unique_id"]: result["failures"]
        for result in json.loads(file.read_text())["results"]
        if result["unique_id"].startswith("test.")
    }


def test_unit_tests_pass_on_the_emulator_and_under_googlesql(engines, runs):
    project = engines.project
    held, project.variables = project.variables, {}
    try:
        project.dbt("test", "--select", "test_type:unit", target="emulator")
        results = project.results("emulator")
    finally:
        project.variables = held
    unit_tests = set(project.manifest("emulator")["unit_tests"])
    assert results == dict.fromkeys(unit_tests, "pass")
    # dbt also asks for the columns of every input, thousands of times.
    engines.follow(holding="actual_or_expected")
    assert not engines.refused
    compared = {
        node: results[-1] for node, results in engines.answers.items()
        if node.startswith("unit_test.")
    }
    assert set(compared) == unit_tests
    problems = {}
    for node, result in compared.items():
        sides: dict[str, list] = {"actual": [], "expected": []}
        for row in result.dicts():
            sides[row.pop("actual_or_expected")].append(tuple(map(str, row.values())))
        if sorted(sides["actual"]) != sorted(sides["expected"]):
            problems[node] = sides
    assert not problems


# Faults put in on purpose ---------------------------------------------------------------

FAULTS = {
    # A function of DuckDB's, which the emulator passes on to the DuckDB that it is.
    "bigquery__days_between(earlier, later)":
        "list_sum([date_diff({{ later }}, {{ earlier }}, day)])",
    # An absent key is an empty text instead of null.
    "bigquery__nested_json_property(json, keys)":
        "coalesce(json_value(parse_json({{ json }}, wide_number_mode => 'round'), "
        "'$.\"{{ keys | last }}\"'), '')",
    # The week of BigQuery's date_trunc begins on Sunday, whatever the variable says.
    "bigquery__week_start(date)":
        "cast(date_trunc({{ date }}, week) as date)",
}


@pytest.fixture(scope="module")
def faulty(engines, runs, tmp_path_factory) -> dict[str, dict]:
    """What each engine answers to three models, each with one of the faults."""
    project = Project(tmp_path_factory.mktemp("faults"), emulator=engines.project.emulator)
    project.database = engines.project.database
    project.raw = engines.project.raw
    project.dataset, project.raw_dataset = engines.project.dataset, engines.project.raw_dataset
    project.variables = engines.project.variables | {"week_starts_on": "monday"}
    project.define_all(nasty.DEFINITIONS)
    for signature, body in FAULTS.items():
        replaced = [plant(path, signature, body)
                    for path in (project.folder / "macros/cross_db").glob("*.sql")]
        assert sum(replaced) == 1, signature
    models = ("retention_cohorts", "int_product_events", "int_person_periods_flagged")
    compiled: dict[str, dict[str, str]] = {model: {} for model in models}
    for target in ("duckdb", "emulator"):
        project.dbt("compile", "--full-refresh", "--select", *models, target=target)
        folder = project.folder / f"target-{target}" / "compiled"
        for model in models:
            (file,) = folder.rglob(f"{model}.sql")
            compiled[model][target] = file.read_text()
    return {model: engines.ask(sql) for model, sql in compiled.items()}


def plant(path, signature: str, body: str) -> bool:
    text = path.read_text()
    macro = re.compile(
        r"(\{% macro " + re.escape(signature) + r" -?%\}).*?(\{%-? endmacro %\})", re.DOTALL
    )
    changed = macro.sub(lambda found: found[1] + body + found[2], text)
    path.write_text(changed)
    return changed != text


def telling(answers: dict) -> dict[str, str]:
    """How each engine of BigQuery differs from DuckDB, or fails."""
    return {
        engine: answer if isinstance(answer, str)
        else difference(answers["DuckDB"], answer, "DuckDB", engine)
        for engine, answer in answers.items() if engine != "DuckDB"
    }


def test_a_function_that_bigquery_lacks_is_told_by_googlesql_alone(faulty):
    told = telling(faulty["retention_cohorts"])
    assert told["emulator"] == ""
    assert "list_sum" in told["GoogleSQL"].lower()


def test_a_wrong_null_rule_is_told_by_the_emulator_and_googlesql(faulty):
    told = telling(faulty["int_product_events"])
    assert "product_id" in told["emulator"]
    assert "product_id" in told["GoogleSQL"]


def test_a_wrong_week_start_is_told_by_googlesql(faulty):
    told = telling(faulty["int_person_periods_flagged"])
    assert "period_start" in told["GoogleSQL"]
    assert told["emulator"] == ""
