"""A database that another program holds: one sentence of dbt's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
from project import ROOT


def show(folder: Path, database: Path) -> subprocess.CompletedProcess:
    """Ask dbt for one row, by the profile that everybody begins with."""
    shutil.copy(ROOT / "profiles.example.yml", folder / "profiles.yml")
    return subprocess.run(
        [
            sys.executable, "-m", "dbt.cli.main", "show", "--inline", "select 1 as one",
            "--profiles-dir", str(folder), "--target-path", str(folder / "target"),
            "--log-path", str(folder / "logs"),
        ],
        cwd=ROOT, text=True, capture_output=True,
        env=os.environ | {"FOOTFALL_DB": str(database)},
    )


def test_a_database_that_another_program_holds_is_one_sentence(tmp_path):
    path = tmp_path / "held.duckdb"
    with duckdb.connect(path):
        held = show(tmp_path, path)
    assert held.returncode == 2
    assert f"The database {path} is open in" in held.stdout
    assert str(os.getpid()) in held.stdout
    assert "Traceback" not in held.stdout + held.stderr
    for database in (path, tmp_path / "none.duckdb"):
        assert show(tmp_path, database).returncode == 0


def test_make_build_makes_no_demo_data_for_raw_tables_of_ones_own():
    def planned(**environment: str) -> str:
        return subprocess.run(
            ["make", "--dry-run", "--always-make", "build"], cwd=ROOT, text=True,
            env={k: v for k, v in os.environ.items() if k != "FOOTFALL_RAW"} | environment,
            capture_output=True, check=True,
        ).stdout

    assert "-m demo" in planned()
    assert "-m demo" not in planned(FOOTFALL_RAW="/raw/of/ones/own")
