"""Loading a raw folder into BigQuery: types, partitions, and what goes wrong."""

import datetime as dt
import os
import subprocess
import sys
from decimal import Decimal

import pytest
from project import ROOT, Project

from bigquery import load

EVENT = {
    "event_id": "e1",
    "event_name": "구매 😀",
    "occurred_at": dt.datetime(2024, 2, 29, 23, 59, 59, 999999),
    "received_at": dt.datetime(2024, 3, 1),
    "loaded_at": dt.datetime(2024, 3, 1, 1),
    "anonymous_id": "d1",
    "properties": '{"a": "x, \\"y\\""}',
}


@pytest.fixture
def loaded(tmp_path, emulator):
    return Project(tmp_path, emulator=emulator)


def raw_table(project, name):
    return project.client.get_table(f"{project.raw_dataset}.{name}")


def raw_rows(project, name):
    return project.bigquery.query(
        f"select * from `{project.raw_dataset}`.`{name}`"
    ).dicts()


def test_parquet_keeps_its_types_and_events_are_partitioned(loaded):
    loaded.write_raw(
        events=[EVENT],
        orders=[{"id": "o1", "total_amount": Decimal("12.34"), "ordered_at": EVENT["loaded_at"]}],
    )
    loaded.load_emulator()
    events, orders = raw_table(loaded, "events"), raw_table(loaded, "orders")
    assert {field.name: field.field_type for field in events.schema} == {
        name: "TIMESTAMP" if name.endswith("_at") else "STRING" for name in EVENT
    }
    assert events.time_partitioning.field == "loaded_at"
    assert events.clustering_fields == ["event_name", "anonymous_id"]
    assert {field.name: field.field_type for field in orders.schema}["total_amount"] == "NUMERIC"
    assert raw_rows(loaded, "events") == [EVENT]
    assert raw_rows(loaded, "orders")[0]["total_amount"] == Decimal("12.34")


def test_csv_arrives_as_text_so_that_a_bad_value_reaches_the_models(loaded):
    row = EVENT | {"occurred_at": "yesterday", "received_at": "2024-03-01 00:00:00"}
    loaded.write_raw("csv", events=[row])
    loaded.load_emulator()
    (stored,) = raw_rows(loaded, "events")
    assert stored["occurred_at"] == "yesterday"
    assert stored["loaded_at"] == EVENT["loaded_at"]
    assert stored["properties"] == EVENT["properties"]


def test_an_existing_table_stays_unless_told_otherwise(loaded):
    loaded.write_raw(events=[EVENT])
    loaded.load_emulator()
    with pytest.raises(load.LoadError, match="exists already.*--replace"):
        load.load_folder(loaded.raw, loaded.client, loaded.raw_dataset)
    assert load.load_folder(
        loaded.raw, loaded.client, loaded.raw_dataset, replace=True
    ) == {"events": 1}


def run_command(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "bigquery.load", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )


def test_a_folder_without_events_is_named(tmp_path):
    missing = run_command(tmp_path / "nowhere", "--emulator")
    assert missing.returncode == 1
    assert f"{tmp_path / 'nowhere'} does not exist" in missing.stderr
    empty = run_command(tmp_path, "--project", "p", "--emulator")
    assert empty.returncode == 1
    assert f"{tmp_path} holds no events" in empty.stderr


def test_events_without_loaded_at_are_refused(loaded):
    loaded.write_raw(events=[{"event_id": "e1"}])
    with pytest.raises(load.LoadError, match="no column loaded_at"):
        loaded.load_emulator()


def test_who_you_are_and_which_project_must_be_known(tmp_path):
    Project(tmp_path).write_raw(events=[EVENT])
    environment = {
        "HOME": str(tmp_path),
        "GOOGLE_APPLICATION_CREDENTIALS": str(tmp_path / "none.json"),
        "FOOTFALL_PROJECT": "",
    }
    unnamed = run_command(tmp_path / "raw", **environment)
    assert unnamed.returncode == 1 and "--project" in unnamed.stderr
    unknown = run_command(tmp_path / "raw", "--project", "p", **environment)
    assert unknown.returncode == 1
    assert "gcloud auth application-default login" in unknown.stderr


def test_the_command_loads_and_says_what(loaded):
    loaded.write_raw(events=[EVENT])
    done = run_command(
        loaded.raw, "--emulator", "--dataset", loaded.raw_dataset,
        FOOTFALL_EMULATOR=loaded.emulator.endpoint, FOOTFALL_PROJECT=loaded.emulator.project,
    )
    assert done.returncode == 0, done.stderr
    assert f"{loaded.raw_dataset}.events: 1 rows" in done.stdout
