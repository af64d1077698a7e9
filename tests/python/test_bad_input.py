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


def test_a_funnel_in_an_order_that_is_not_built_is_named(project, assert_refused):
    project.define("funnels", [FUNNEL | {"step_order": "unordered"}])
    project.define("funnel_steps", steps(1, 2))
    assert_refused("funnels.csv", "spoiled")


def test_a_run_without_tests_stops_at_an_order_that_is_not_built(project):
    project.define("funnels", [FUNNEL | {"step_order": "unordered"}])
    project.define("funnel_steps", steps(1, 2))
    project.dbt("seed")
    run = project.dbt("run", "--select", "+int_funnel_events_asked", expect=1)
    assert "funnels.csv, spoiled: step_order is unordered" in run.output, run.tail()


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


def test_an_exclusion_that_is_a_step_too_is_named(project, assert_refused):
    project.define("funnels", [FUNNEL])
    project.define("funnel_steps", steps(1, 2))
    project.define("funnel_exclusions", [{
        "funnel_name": "spoiled", "event_name": "Page_Viewed ",
        "after_step": 1, "before_step": 2,
    }])
    assert_refused("funnel_exclusions.csv", "excluded in spoiled and is its step 1 too")


STATUS = {"status": "paid", "counts_as_sale": True, "is_cancelled": False}


def test_a_status_listed_in_two_spellings_is_named(project, assert_refused):
    project.define("order_statuses", [
        STATUS | {"status": "on-hold"}, STATUS | {"status": "On Hold"},
    ])
    assert_refused("order_statuses.csv", "on-hold", "are one status")


def test_a_status_that_is_sold_and_cancelled_is_named(project, assert_refused):
    project.define("order_statuses", [STATUS | {"is_cancelled": True}])
    assert_refused("order_statuses.csv, paid", "both true")


def test_an_event_name_that_is_mapped_twice_is_named(project, assert_refused):
    project.define("event_names", [
        {"event_name": "buy", "standard_name": "order_completed"},
        {"event_name": "Buy ", "standard_name": "product_viewed"},
    ])
    assert_refused("event_names.csv", "buy", "2 times")


def test_an_event_name_that_leads_on_is_named_and_forgotten_when_it_is_mended(
    project, assert_refused
):
    file = project.folder / "seeds/definitions/event_names.csv"
    mended = file.read_text()
    project.define("event_names", [
        {"event_name": "buy", "standard_name": "purchase"},
        {"event_name": "purchase", "standard_name": "order_completed"},
    ])
    assert_refused("event_names.csv: buy leads to purchase", "order_completed")
    file.write_text(mended)
    project.dbt("build", "--exclude-resource-type", "unit_test")


ORDER = {
    "id": "o1", "user_id": "u1", "status": "paid", "currency": "EUR", "total_amount": 7,
    "ordered_at": MOMENT, "updated_at": MOMENT,
}


def test_two_states_of_an_order_without_a_latest_are_named(tmp_path):
    project = Project(tmp_path)
    project.write_raw(events=EVENTS, orders=[ORDER, ORDER | {"status": "pending"}])
    run = project.dbt("build", "--exclude-resource-type", "unit_test", expect=1)
    assert "The raw table orders holds order o1 in 2 rows" in run.output, run.tail()


def test_a_status_that_nobody_explained_is_named_and_stops_nothing(tmp_path):
    project = Project(tmp_path)
    project.write_raw(events=EVENTS, orders=[ORDER, ORDER | {"id": "o2", "status": "gift"}])
    run = project.dbt("build", "--exclude-resource-type", "unit_test", expect=1)
    assert "does not explain the status gift. Its 1 orders of 7.0000" in run.output, run.tail()
    assert "SKIP=0" in run.output
    orders = project.tables()["orders"].dicts()
    assert {row["order_id"]: row["net_revenue"] for row in orders} == {"o1": 7, "o2": 0}


def test_identities_in_a_circle_are_named_and_stop_nothing(tmp_path):
    project = Project(tmp_path)
    project.write_raw(events=EVENTS, identities=[
        {"anonymous_id": None, "other_user_id": other, "user_id": user, "known_at": MOMENT}
        for other, user in (("a", "b"), ("b", "a"))
    ])
    run = project.dbt("build", "--exclude-resource-type", "unit_test", expect=1)
    assert "says of the user a that it is another" in run.output, run.tail()
    assert "SKIP=0" in run.output


def test_a_definition_that_meets_no_event_is_told_with_what_comes_near(tmp_path):
    project = Project(tmp_path)
    project.define("funnels", [FUNNEL | {"breakdown_property": "colour"}])
    project.define("funnel_steps", [
        {"funnel_name": "spoiled", "step_number": 1, "step_name": "a",
         "event_name": "page_viewed"},
        {"funnel_name": "spoiled", "step_number": 2, "step_name": "b",
         "event_name": "page_viewed", "property_name": "Currency", "property_value": "EUR"},
        {"funnel_name": "spoiled", "step_number": 3, "step_name": "c",
         "event_name": "page_viewed", "property_name": "currency", "property_value": "EURO"},
        {"funnel_name": "spoiled", "step_number": 4, "step_name": "d",
         "event_name": "page_view_ed"},
    ])
    project.write_raw(events=[event(n, properties='{"currency": "EUR"}') for n in range(3)])
    run = project.dbt("build", "--exclude-resource-type", "unit_test")
    for sentence in (
        "step 2 of spoiled asks for the property `Currency`, and no event `page_viewed` has "
        "it; events have `currency`. The step and those behind it are empty.",
        "step 3 of spoiled asks for the property `currency` with `EURO`, and no event "
        "`page_viewed` has it; events have `EUR` there.",
        "step 4 of spoiled asks for the event `page_view_ed`, and no event has that name; "
        "events have `page_viewed`.",
        "spoiled is broken down by `colour`, and no event of its first step has it.",
    ):
        assert sentence in run.output, run.tail()


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


@pytest.mark.parametrize(("name", "value", "remedy"), [
    ("page_view_events", "page_viewed", "give a list of event names"),
    ("hash_routes", "false", "true or false without quotes"),
    ("session_timeout_minutes", 3000, "from 1 to 1440"),
    ("session_timeout_minutes", "thirty", "from 1 to 1440"),
    ("attribution_lookback_days", -1, "from 1 to 730"),
    ("attribution_lookback_days", "a month", "from 1 to 730"),
])
def test_a_variable_that_would_be_misread_is_named(project, name, value, remedy):
    run = project.dbt("run", expect=2, **{name: value})
    said = " ".join(run.output.split())
    assert f"The variable {name} is `{value}`; give" in said and remedy in said, run.tail()
    assert "No table was touched" in said


def test_rows_of_the_application_that_come_again_are_one_and_the_latest_counts(tmp_path):
    project = Project(tmp_path)
    user = {"id": "u", "created_at": MOMENT, "country": "AT", "updated_at": MOMENT}
    product = {"id": "p", "name": "Hat", "category": "old", "price": 5, "currency": " eur",
               "updated_at": None}
    order = {"id": "o", "user_id": "u", "status": "paid", "total_amount": 5, "currency": "eur",
             "ordered_at": MOMENT}
    line = {"id": "l", "order_id": "o", "product_id": "p", "quantity": 1, "unit_price": 5}
    refund = {"id": "r", "order_id": "o", "amount": 1, "refunded_at": MOMENT}
    project.write_raw(
        events=EVENTS, order_items=[line, line], refunds=[refund, refund],
        users=[user, user, user | {"country": "DE", "updated_at": MOMENT + dt.timedelta(1)}],
        products=[product | {"category": "new", "updated_at": MOMENT}, product],
        orders=[order, order, order | {"id": "o2", "currency": "EUR"}],
    )
    run = project.dbt("build", "--exclude-resource-type", "unit_test")
    assert "ERROR=0 SKIP=0" in run.output, run.tail()
    warehouse = project.duckdb
    assert warehouse.query("select user_id, country from stg_users").rows == [("u", "DE")]
    assert warehouse.query(
        "select product_id, category, currency, gross_revenue from products"
    ).rows == [("p", "new", "EUR", 5)]
    assert warehouse.query(
        "select currency, count(*), sum(net_revenue) from orders group by currency"
    ).rows == [("EUR", 2, 9)]


def test_what_a_failing_test_found_and_left_unbuilt_is_told(tmp_path):
    project = Project(tmp_path)
    user = {"id": "u", "created_at": MOMENT, "country": "AT"}
    project.write_raw(events=EVENTS, users=[user, user | {"country": "DE"}])
    run = project.dbt("build", "--exclude-resource-type", "unit_test", expect=1)
    said = " ".join(run.output.split())
    assert "FAIL unique_stg_users_user_id, among others with these rows" in said, run.tail()
    assert "unique_field = u, n_records = 2" in said, run.tail()
    assert "NOT BUILT because of the above, and as the last run left them: " in said
    assert "persons" in said.split("as the last run left them: ")[1], run.tail()
