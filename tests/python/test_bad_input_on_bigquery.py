"""What a user of BigQuery sees when something is missing, as far as the emulator shows it.
docs/bigquery.md has each message with its cause."""

import os

import pytest
from project import ROOT, Project
from test_bad_input import EVENTS

RUNBOOK = (ROOT / "docs" / "bigquery.md").read_text()


@pytest.fixture(scope="module")
def project(tmp_path_factory, emulator):
    """A project of which only the check of the raw tables is built."""
    return Project(tmp_path_factory.mktemp("bad_input"), emulator=emulator)


def refusal(project: Project, **variables) -> str:
    """What a build says that ends at the check of the raw tables."""
    run = project.dbt("build", "--select", "+load_ledger", "--exclude-resource-type",
                      "unit_test", target="emulator", expect=1, **variables)
    created = {
        node.split(".")[-1] for node, status in project.results("emulator").items()
        if status == "success"
    }
    assert not created & {"raw_tables", "base_events", "stg_events", "load_ledger"}, run.tail()
    return run.output


def test_a_missing_raw_dataset_is_named(project):
    said = refusal(project)
    assert "No raw events found" in said
    assert project.raw_dataset in said and "raw_schema" in said
    assert "No raw events found" in RUNBOOK


def test_a_missing_table_of_events_is_named(project):
    project.client.create_dataset(project.raw_dataset, exists_ok=True)
    said = refusal(project)
    assert "No raw events found" in said
    assert f"`{project.raw_dataset}`.`events`" in said


def test_columns_that_are_missing_are_named(project):
    project.write_raw(events=[
        {name: row[name] for name in row if name != "anonymous_id"} for row in EVENTS
    ])
    project.load_emulator()
    said = refusal(project)
    assert "The raw table events lacks the column anonymous_id" in said
    assert f"`{project.raw_dataset}`.`events`" in said
    assert "lacks the column" in RUNBOOK


def test_events_without_a_row_are_named(project):
    project.write_raw(events=[])
    project.load_emulator()
    said = refusal(project)
    assert "The raw table events is empty" in said
    assert "is empty" in RUNBOOK


def test_no_credentials_are_told_with_the_command_that_gives_them(project, monkeypatch):
    for name, value in {
        "GOOGLE_APPLICATION_CREDENTIALS": "", "CLOUDSDK_CONFIG": str(project.folder),
        "HOME": str(project.folder), "NO_GCE_CHECK": "true",
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    run = project.dbt("build", "--select", "raw_tables", target="bigquery", expect=2)
    assert "default credentials were not found" in run.output, run.tail()
    assert "default credentials were not found" in RUNBOOK


def test_every_message_of_the_runbook_says_where_it_comes_from():
    rows = [
        line for line in RUNBOOK.partition("## Messages")[2].splitlines()
        if line.startswith("| `")
    ]
    assert len(rows) >= 10
    assert not [row for row in rows if row.rstrip(" |").rsplit("| ", 1)[1] not in ("seen", "Google")]
