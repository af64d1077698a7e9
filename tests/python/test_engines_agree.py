"""DuckDB and BigQuery hold the same rows in every model, built from the same raw tables,
and answer alike to every analysis."""

import pytest
from project import BUILT_MODELS, ROOT
from warehouse import difference

ANALYSES = sorted(path.stem for path in (ROOT / "analyses").glob("*.sql"))

# Two empty tables agree about nothing, except where the demo gives no row.
EMPTY_ON_THE_DEMO = {
    "products_not_bought": "in so small a draw no product is looked at by enough people",
    "int_orphans_gathered": "the shop has no row that names what does not exist",
    "stg_identities": "the shop has no such table",
    "int_identity_calls": "the shop sends no such calls",
    "int_identities_gathered": "the shop says of no two ids that they are one person",
    "int_user_ids_merged": "the shop has no such table",
    "int_funnel_instants_matched": "no funnel of the demo has steps that share an event",
}


def test_no_model_is_left_out(demo, demo_on_duckdb, demo_on_bigquery):
    for target in ("duckdb", "emulator"):
        assert sorted(demo.nodes("model", target)) == BUILT_MODELS


@pytest.mark.parametrize("model", BUILT_MODELS)
def test_a_model_holds_the_same_rows_on_both_engines(
    demo, demo_on_duckdb, demo_on_bigquery, model
):
    table = demo.nodes("model")[model]["alias"]
    ours, theirs = demo_on_duckdb.content(table), demo_on_bigquery.content(table)
    assert bool(ours[1]) != (model in EMPTY_ON_THE_DEMO)
    if ours != theirs:
        # Python finds the rows, and forgives a float's last digits.
        problem = difference(
            demo_on_duckdb.table(table), demo_on_bigquery.table(table), "DuckDB", "BigQuery"
        )
        assert not problem, problem


@pytest.fixture(scope="module")
def asked(demo, demo_on_duckdb, demo_on_bigquery) -> dict[str, dict[str, str]]:
    """The SQL of every analysis, for each engine."""
    for target in ("duckdb", "emulator"):
        demo.dbt("compile", "--select", "resource_type:analysis", target=target)
    return {
        target: {
            name: node["compiled_code"] for name, node in demo.nodes("analysis", target).items()
        }
        for target in ("duckdb", "emulator")
    }


@pytest.mark.parametrize("analysis", ANALYSES)
def test_an_analysis_answers_alike_on_both_engines(
    asked, demo_on_duckdb, demo_on_bigquery, analysis
):
    ours = demo_on_duckdb.query(asked["duckdb"][analysis])
    theirs = demo_on_bigquery.query(asked["emulator"][analysis])
    assert bool(ours.rows) != (analysis in EMPTY_ON_THE_DEMO)
    problem = difference(ours, theirs, "DuckDB", "BigQuery")
    assert not problem, problem
