"""Logs of real shops give the figures that are known of them, on both engines."""

from decimal import Decimal

import pytest
from project import Project, shared_data
from real_data import (
    KASKADA_LOG, ONLINE_RETAIL_SHOP, RETENTIONEERING_LOG, THELOOK_SHOP,
)

TARGETS = ["duckdb", "emulator"]


@pytest.fixture(scope="module")
def built(tmp_path_factory, emulator):
    """Builds a log once on each target and hands out its warehouse."""
    projects, warehouses = {}, {}

    def warehouse_of(log, target):
        source = shared_data(log.name)
        if source is None:
            pytest.skip(f"the data set {log.name} is not on this machine (FOOTFALL_SHARED)")
        if log.name not in projects:
            project = Project(tmp_path_factory.mktemp(log.name), emulator=emulator)
            log.write_raw(source, project.raw)
            projects[log.name] = project
        if (log.name, target) not in warehouses:
            warehouses[log.name, target] = projects[log.name].build(
                target,
                # On the emulator once, on the demo: see test_dbt_tests.py.
                data_tests=target == "duckdb",
                page_view_events=log.page_view_events,
            )
        return warehouses[log.name, target]

    return warehouse_of


@pytest.mark.parametrize("target", TARGETS)
def test_ga4_sessions_are_those_that_ga4_started_itself(built, target):
    warehouse = built(KASKADA_LOG, target)
    sessions, events = warehouse.name_of("sessions"), warehouse.name_of("events")
    assert warehouse.query(f"select count(*) as c from {events}").scalar() == 44_729
    assert warehouse.query(f"select count(*) as c from {sessions}").scalar() == 3_681
    starts = warehouse.query(
        f"""
        select start_count, count(*) as session_count
        from (
            select
                session_id,
                sum(case when event_name = 'session_start' then 1 else 0 end) as start_count
            from {events} group by session_id
        ) as counted
        group by start_count
        """
    )
    assert dict(starts.rows) == {1: 3_588, 0: 44, 2: 48, 5: 1}
    assert 3_588 / 3_681 >= 0.97


@pytest.mark.parametrize("target", TARGETS)
def test_ga4_persons_reach_each_stage_of_the_purchase(built, target):
    warehouse = built(KASKADA_LOG, target)
    persons, events = warehouse.name_of("persons"), warehouse.name_of("events")
    assert warehouse.query(f"select count(*) as c from {persons}").scalar() == 2_705
    reached = warehouse.query(
        f"select event_name, count(distinct person_id) as c from {events} group by event_name"
    )
    stages = {"view_item": 584, "add_to_cart": 105, "begin_checkout": 113, "purchase": 49}
    assert {name: count for name, count in reached.rows if name in stages} == stages


@pytest.mark.parametrize("target", TARGETS)
def test_ga4_rows_are_all_accounted_for(built, target):
    warehouse = built(KASKADA_LOG, target)
    accounting = warehouse.table("event_accounting")
    totals = {
        kind: sum(accounting.column(kind))
        for kind in ("raw", "accepted", "duplicate", "rejected")
    }
    assert totals == {"raw": 78_482, "accepted": 44_729, "duplicate": 33_753, "rejected": 0}


@pytest.mark.parametrize("target", TARGETS)
def test_synthetic_sessions_equal_the_logs_own_on_every_event(built, target):
    warehouse = built(RETENTIONEERING_LOG, target)
    theirs = RETENTIONEERING_LOG.their_sessions(shared_data(RETENTIONEERING_LOG.name))
    ours = dict(
        warehouse.query(
            f"select event_id, session_id from {warehouse.name_of('events')}"
        ).rows
    )
    assert len(theirs) == 31_106
    assert set(ours) == set(theirs)
    pairs = {(ours[event_id], theirs[event_id]) for event_id in theirs}
    assert len(pairs) == 3_605
    assert len({our for our, _ in pairs}) == len({their for _, their in pairs}) == 3_605
    sessions = warehouse.name_of("sessions")
    assert warehouse.query(f"select count(*) as c from {sessions}").scalar() == 3_605


# Counted in the files themselves. Of what was returned, all of the money went back.
@pytest.mark.parametrize(("shop", "orders", "sales", "net", "sold", "units"), [
    (THELOOK_SHOP, 12_481, 10_597, "805381.76", "919547.77", 15_359),
    (ONLINE_RETAIL_SHOP, 25_900, 22_064, "10644560.4240", "10644560.4240", 5_454_024),
], ids=lambda value: getattr(value, "name", None))
def test_a_shop_s_money_is_that_of_its_files_by_its_own_statuses(
    tmp_path, shop, orders, sales, net, sold, units
):
    source = shared_data(shop.name)
    if source is None:
        pytest.skip(f"the data set {shop.name} is not on this machine (FOOTFALL_SHARED)")
    project = Project(tmp_path)
    shop.write_raw(source, project.raw)
    project.dbt(
        "build", "--exclude-resource-type", "unit_test", "test",
        "--select", "+orders", "+products",
    )
    project.dbt("test", "--select", "assert_products_sales_are_those_of_the_lines")
    warehouse = project.duckdb
    assert warehouse.query(
        "select count(*), count(case when counts_as_sale then 1 end), sum(net_revenue), "
        "count(case when not has_known_status then 1 end) "
        f"from {warehouse.name_of('orders')} join "
        f"{warehouse.name_of('int_orders_valued')} using (order_id, net_revenue, counts_as_sale)"
    ).rows == [(orders, sales, Decimal(net), 0)]
    assert warehouse.query(
        f"select sum(gross_revenue), sum(units_sold) from {warehouse.name_of('products')}"
    ).rows == [(Decimal(sold), units)]
