"""A database that another program holds: one sentence, before dbt starts."""

import os
import subprocess
import sys

import duckdb
from project import ROOT


def run(path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "tools.database_is_free"], cwd=ROOT, text=True,
        env=os.environ | {"FOOTFALL_DB": str(path)}, capture_output=True,
    )


def test_a_database_that_another_program_holds_is_one_sentence(tmp_path):
    path = tmp_path / "held.duckdb"
    with duckdb.connect(path):
        held = run(path)
    assert held.returncode == 1
    assert f"The database {path} is open in" in held.stderr
    assert str(os.getpid()) in held.stderr
    assert len(held.stderr.splitlines()) == 1
    assert run(path).returncode == 0
    assert run(tmp_path / "none.duckdb").returncode == 0


def test_make_build_makes_no_demo_data_for_raw_tables_of_ones_own():
    def planned(**environment: str) -> str:
        return subprocess.run(
            ["make", "--dry-run", "--always-make", "build"], cwd=ROOT, text=True,
            env={k: v for k, v in os.environ.items() if k != "FOOTFALL_RAW"} | environment,
            capture_output=True, check=True,
        ).stdout

    assert "-m demo" in planned()
    assert "-m demo" not in planned(FOOTFALL_RAW="/raw/of/ones/own")
