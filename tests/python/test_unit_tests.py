"""The dbt unit tests, on both engines."""

import pytest
from project import Project


@pytest.mark.parametrize("target", ["duckdb", "emulator"])
def test_unit_tests_pass(tmp_path, demo_folder, emulator, target):
    project = Project(tmp_path, raw=demo_folder / "raw", emulator=emulator)
    if target == "emulator":
        project.load_emulator()
    # A unit test asks the warehouse for its inputs' columns: they have to exist.
    project.dbt(
        "build", "--exclude-resource-type", "unit_test", "--exclude", "test_type:data",
        target=target,
    )
    project.dbt("test", "--select", "test_type:unit", target=target)
