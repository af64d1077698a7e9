"""Input that cannot be built: a message that says where and what to do, exit code 1, and
the tables of the run before untouched."""

import datetime as dt
import shutil

import pytest
from project import Project
from test_increments import OF_THE_RUN
from warehouse import Rows, assert_same_rows

MOMENT = dt.datetime(2024, 5, 1, 12)


def event(number: int, **changes) -> dict:
    """A page view of one device, a minute after the one before."""
    at = MOMENT + dt.timedelta(minutes=number)
    return {
        "event_id": f"e{number}",
        "event_name": "page_viewed",
        "occurred_at": at,
        "received_at": at,
        "loaded_at": at,
        "anonymous_id": "d1",
    } | changes


EVENTS = [event(number) for number in range(3)]


@pytest.fixture(scope="module")
def built_before(tmp_path_factory):
    """A project that was built once from good input."""
    project = Project(tmp_path_factory.mktemp("built_before"))
    project.write_raw(events=EVENTS)
    project.build(data_tests=False)
    return project


@pytest.fixture(scope="module")
def tables_before(built_before):
    """What that run left, and what every bad run has to leave."""
    return tables_but_seeds(built_before)


@pytest.fixture
def project(built_before, tables_before):
    """That project, put back after the test has spoiled it."""
    kept = built_before.folder.parent / "kept"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(built_before.raw, kept / "raw")
    shutil.copytree(built_before.folder / "seeds", kept / "seeds")
    yield built_before
    for name, place in (("raw", built_before.raw), ("seeds", built_before.folder / "seeds")):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(kept / name, place)


@pytest.fixture
def assert_refused(project, tables_before):
    """The build ends with code 1, says every word, and leaves every table as it was.
    Only the seeds are read anew: they are what the person has just edited."""

    def assert_refused(*words: str) -> None:
        run = project.dbt("build", "--exclude-resource-type", "unit_test", expect=1)
        for word in words:
            assert word in run.output, run.tail()
        assert_same_rows(tables_before, tables_but_seeds(project), "before", "after")

    return assert_refused


def tables_but_seeds(project: Project) -> dict[str, Rows]:
    """What a run promises to leave as it was."""
    return {name: rows for name, rows in project.tables().items() if name not in OF_THE_RUN}


def test_a_raw_folder_that_is_missing_is_named(project, assert_refused):
    shutil.rmtree(project.raw)
    assert_refused(str(project.raw), "make demo")


def test_a_raw_folder_that_is_empty_is_named(project, assert_refused):
    shutil.rmtree(project.raw / "events")
    assert_refused(f"{project.raw}/events", "make demo")


@pytest.mark.parametrize("columns", [["event_id"], ["occurred_at", "loaded_at", "anonymous_id"]])
def test_required_columns_that_are_missing_are_named(project, assert_refused, columns):
    rows = [{name: row[name] for name in row if name not in columns} for row in EVENTS]
    project.write_raw(events=rows)
    assert_refused("lacks the column", *columns, f"{project.raw}/events")


def test_a_required_column_of_an_application_table_is_named(project, assert_refused):
    project.write_raw(orders=[{"id": "o1", "user_id": "u1"}])
    assert_refused("lacks the column", "status", f"{project.raw}/orders")


def test_a_csv_that_does_not_parse_is_named_with_its_line(project, assert_refused):
    shutil.rmtree(project.raw / "events")
    project.write_raw("csv", events=EVENTS)
    file = project.raw / "events" / "events.csv"
    file.write_text(file.read_text() + 'e9,"page_viewed,2024-05-01\n')
    assert_refused(str(file), "line 5", "quote")


def test_a_parquet_file_that_is_none_is_named(project, assert_refused):
    file = project.raw / "events" / "events.parquet"
    file.write_text("not parquet")
    assert_refused(str(file))


def test_events_without_a_row_are_refused(project, assert_refused):
    project.write_raw(events=[])
    assert_refused("events is empty", f"{project.raw}/events")


def steps(*numbers: int) -> list[dict]:
    return [
        {
            "funnel_name": "spoiled",
            "step_number": number,
            "step_name": f"step {number}",
            "event_name": "page_viewed",
            "page_pattern": f"/{position}",
        }
        for position, number in enumerate(numbers)
    ]


FUNNEL = {
    "funnel_name": "spoiled",
    "description": "A funnel with a mistake.",
    "step_order": "ordered",
    "window_seconds": 3600,
}


def test_a_funnel_that_skips_a_number_is_named(project, assert_refused):
    project.define("funnels", [FUNNEL])
    project.define("funnel_steps", steps(1, 3))
    assert_refused("funnel_steps.csv", "spoiled")


def test_a_funnel_with_a_window_of_zero_is_named(project, assert_refused):
    project.define("funnels", [FUNNEL | {"window_seconds": 0}])
    project.define("funnel_steps", steps(1, 2))
    assert_refused("funnels.csv", "spoiled")


def test_a_step_that_is_named_twice_is_named(project, assert_refused):
    project.define("funnels", [FUNNEL])
    project.define(
        "funnel_steps", [row | {"step_name": "twice"} for row in steps(1, 2)]
    )
    assert_refused("funnel_steps.csv", "twice")


def test_a_step_given_twice_in_the_same_words_is_named(project, assert_refused):
    project.define("funnels", [FUNNEL])
    first, second = steps(1, 2)
    project.define("funnel_steps", [first, first, second])
    assert_refused("funnel_steps.csv", "spoiled")


def test_application_tables_that_are_absent_leave_their_models_empty(tables_before):
    assert len(tables_before["events"].rows) == len(EVENTS)
    assert len(tables_before["sessions"].rows) == 1
    for mart in ("orders", "products"):
        assert tables_before[mart].rows == []


def test_csv_gives_the_same_tables_as_parquet(tmp_path, tables_before):
    project = Project(tmp_path)
    project.write_raw("csv", events=EVENTS)
    project.build(data_tests=False)
    assert_same_rows(tables_before, tables_but_seeds(project), "Parquet", "CSV")
