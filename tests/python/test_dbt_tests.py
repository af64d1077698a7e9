"""dbt's own tests, of the data and of single models, on both engines."""

import pytest

# Unit tests that the emulator cannot run, each with what it lacks. BigQuery can.
NOT_ON_THE_EMULATOR: dict[str, str] = {}


@pytest.fixture(params=["duckdb", "emulator"])
def target(request) -> str:
    """An engine that holds the demo: a unit test asks it for the columns of its inputs."""
    request.getfixturevalue(
        {"duckdb": "demo_on_duckdb", "emulator": "demo_on_bigquery"}[request.param]
    )
    return request.param


def test_data_tests_pass(demo, target):
    demo.dbt("test", "--select", "test_type:data", target=target)
    data_tests = {test["unique_id"] for test in demo.nodes("test", target).values()}
    assert demo.results(target) == dict.fromkeys(data_tests, "pass")


def test_unit_tests_pass(demo, target):
    left_out = NOT_ON_THE_EMULATOR if target == "emulator" else {}
    options = ["--exclude", *left_out] if left_out else []
    demo.dbt("test", "--select", "test_type:unit", *options, target=target)
    unit_tests = {
        unique_id
        for unique_id, test in demo.manifest(target)["unit_tests"].items()
        if test["name"] not in left_out
    }
    assert demo.results(target) == dict.fromkeys(unit_tests, "pass")
