"""dbt's own tests, of the data and of single models, on DuckDB and the demo. On BigQuery they
run in test_conformance.py, on nasty input and under two engines."""


def test_data_tests_pass(demo, demo_on_duckdb):
    demo.dbt("test", "--select", "test_type:data")
    data_tests = {test["unique_id"] for test in demo.nodes("test").values()}
    assert demo.results() == dict.fromkeys(data_tests, "pass")


def test_unit_tests_pass(demo, demo_on_duckdb):
    demo.dbt("test", "--select", "test_type:unit")
    unit_tests = set(demo.manifest()["unit_tests"])
    assert demo.results() == dict.fromkeys(unit_tests, "pass")
