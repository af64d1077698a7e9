"""One scenario for each way in which other packages fail people, by the package's name.

All scenarios share one raw log, which comes in six daily loads; each has devices of its own.
What is asserted holds after the increments, which also equal a full refresh.
"""

from __future__ import annotations

import datetime as dt

import pytest
from project import Project
from test_increments import assert_equals_full_refresh, run_models

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
MONDAY = dt.datetime(2026, 3, 2)
RUNS = 6


def event(device, at, *, load, name="page_viewed", user=None, **changes):
    """A row that becomes visible in the load of a day, counted from the Monday."""
    event.number += 1
    return load, {
        "event_id": f"e{event.number}", "event_name": name, "occurred_at": at,
        "received_at": at + 5 * dt.timedelta(seconds=1),
        "loaded_at": max(at, MONDAY + load * DAY) + 10 * MINUTE,
        "anonymous_id": device, "user_id": user, "platform": "web",
        "page_url": "https://shop.example/home",
    } | changes


event.number = 0


def at(day: int, clock: str = "12:00") -> dt.datetime:
    hours, minutes = clock.split(":")
    return MONDAY + day * DAY + dt.timedelta(hours=int(hours), minutes=int(minutes))


def rows() -> list[tuple[int, dict]]:
    found = []
    add = lambda *args, **more: found.append(event(*args, **more))  # noqa: E731
    # Every day a visit, and half of it comes a day late.
    for day in range(5):
        add("segment", at(day, "09:00"), load=day, user="sue" if day == 3 else None)
        add("segment", at(day, "09:10"), load=day + 1)
        add("segment", at(day, "20:00"), load=day)
    for day in range(5):
        add("amplitude-1", at(day, "08:00"), load=day, user="amy")
        add("amplitude-2", at(day, "18:00"), load=day, user="amy")
    # Two come back in the second month, one does not.
    for number in range(3):
        add(f"mixpanel-{number}", at(-40), load=0)
        if number:
            add(f"mixpanel-{number}", at(0), load=1)
    # The step that happens most is not the first one.
    add("volume", at(0, "10:00"), load=0, name="cart_opened")
    add("volume", at(0, "10:05"), load=0, name="checkout_paid")
    for minute in range(5):
        add("volume", at(0, f"10:1{minute}"), load=1, name="checkout_paid")
    # Three start, one of them comes back; ten others only come and go.
    for number in range(3):
        add(f"starter-{number}", at(0), load=0, name="trial_started")
    add("starter-0", at(1), load=1)
    for number in range(10):
        add(f"passer-{number}", at(0), load=0)
        add(f"passer-{number}", at(1), load=1)
    add("too-slow", at(0), load=0, name="cart_opened")
    add("too-slow", at(3), load=3, name="checkout_paid")
    # Over the midnight of Seoul, which is 15:00 UTC, and over that of UTC.
    for clock in ("14:50", "15:05"):
        add("ga4-seoul", at(1, clock), load=1)
    add("ga4-utc", at(1, "23:50"), load=2)
    add("ga4-utc", at(2, "00:05"), load=2)
    # A campaign in the middle of a visit.
    add("campaign", at(1, "10:00"), load=1)
    add("campaign", at(1, "10:05"), load=1,
        page_url="https://shop.example/home?utm_source=mail&utm_medium=email")
    # Five days late, in the middle of a visit.
    add("snowplow-late", at(0, "10:00"), load=0)
    add("snowplow-late", at(0, "10:40"), load=0)
    add("snowplow-late", at(0, "10:20"), load=5)
    # A kiosk that never pauses, for four days: its second day is the first that it goes
    # through, and ends with a cut.
    for quarter in range(4 * 96):
        moment = at(0, "00:00") + quarter * 15 * MINUTE
        add("snowplow-kiosk", moment, load=min(4, (moment - MONDAY).days))
    # Months without a name, then somebody signs in.
    add("snowplow-identity", at(-90), load=0)
    add("snowplow-identity", at(-60), load=0)
    add("snowplow-identity", at(4), load=4, user="ida")
    add("snowplow-no-agent", at(2), load=2, user_agent=None)
    # A shared tablet: nobody signs in on day 1, and bob's visit of day 4 begins without a
    # name. That ann used it on day -20 becomes known last: day 1 is hers, bob's visit his.
    add("shared", at(1, "10:00"), load=1)
    add("shared", at(4, "10:00"), load=4)
    add("shared", at(4, "10:10"), load=4, user="bob")
    add("shared", at(-20, "10:00"), load=5, user="ann")
    # A retry of one event around midnight, and a clock that runs years ahead.
    add("retry", at(2, "23:59"), load=2, event_id="retried")
    add("retry", at(2, "23:59"), load=3, event_id="retried", received_at=at(3, "00:30"))
    add("ahead", at(2000), load=1, received_at=at(1))
    add("loaded-ahead", at(1), load=1, loaded_at=dt.datetime(2099, 1, 1))
    add("after", at(5), load=5)
    return found


@pytest.fixture(scope="module")
def increments(tmp_path_factory) -> Project:
    project = Project(tmp_path_factory.mktemp("increments"))
    project.variables = {"reporting_timezone": "Asia/Seoul"}
    project.define("retentions", [
        {"retention_name": "monthly", "description": "Months", "cohort_rule": "first_ever",
         "period": "month", "mode": "on", "max_periods": 2},
        {"retention_name": "trial", "description": "Trial", "start_event": "trial_started",
         "cohort_rule": "first_ever", "period": "day", "mode": "on", "max_periods": 2},
    ])
    project.define("funnels", [{
        "funnel_name": "paid", "description": "Paid", "step_order": "ordered",
        "window_seconds": 86400,
    }])
    project.define("funnel_steps", [
        {"funnel_name": "paid", "step_number": 1, "step_name": "cart", "event_name": "cart_opened"},
        {"funnel_name": "paid", "step_number": 2, "step_name": "paid", "event_name": "checkout_paid"},
    ])
    log = rows()
    for run in range(RUNS):
        project.write_raw(events=[row for load, row in log if load <= run])
        run_models(project)
    return project


def select(project: Project, sql: str) -> list[tuple]:
    return project.duckdb.query(sql).rows


def test_all_tables_equal_a_full_refresh(increments, tmp_path):
    reference = Project(tmp_path, raw=increments.raw)
    reference.variables = increments.variables
    for seed in ("retentions", "funnels", "funnel_steps"):
        name = f"seeds/definitions/{seed}.csv"
        (reference.folder / name).write_text((increments.folder / name).read_text())
    run_models(reference)
    assert_equals_full_refresh(increments, reference)


def test_segment_renumbers_sessions_and_loses_late_page_views(increments):
    assert select(increments, """
        select session_number, page_view_count, person_id from sessions
        where anonymous_id = 'segment' order by started_at
    """) == [(number, 2 if number % 2 else 1, "sue") for number in range(1, 11)]


def test_amplitude_counts_many_first_sessions_for_a_person(increments):
    assert select(increments, """
        select count(*), count(distinct session_number), max(session_number),
               sum(case when session_number = 1 then 1 else 0 end)
        from sessions where person_id = 'amy'
    """) == [(10, 10, 10, 1)]


def test_mixpanel_shows_everybody_as_new_in_every_month(increments):
    cohorts = select(increments, """
        select cohort_start, period_number, cohort_size, retained_count
        from retention_cohorts
        where retention_name = 'monthly' and cohort_start = date '2026-01-01'
        order by period_number
    """)
    assert cohorts == [
        (dt.date(2026, 1, 1), 0, 3, 3),
        (dt.date(2026, 1, 1), 1, 3, 0),
        (dt.date(2026, 1, 1), 2, 3, 2),
    ]


def test_mixpanel_orders_steps_by_volume(increments):
    assert select(increments, """
        select last_step_number, is_completed from funnel_attempts where person_id = 'volume'
    """) == [(2, True)]


def test_mjirv_ignores_the_start_event_of_a_retention(increments):
    assert select(increments, """
        select cohort_size, retained_count, round(retention_rate, 2) from retention_cohorts
        where retention_name = 'trial' and period_number = 1
    """) == [(3, 1, 0.33)]


def test_mjirv_has_no_window_in_its_funnel(increments):
    assert select(increments, """
        select last_step_number from funnel_attempts where person_id = 'too-slow'
    """) == [(1,)]


def test_universal_analytics_splits_sessions_at_campaigns(increments):
    assert select(increments, """
        select event_count, utm_source from sessions where anonymous_id = 'campaign'
    """) == [(2, "mail")]


@pytest.mark.parametrize("device", ["ga4-seoul", "ga4-utc"])
def test_velir_ga4_splits_sessions_at_midnight(increments, device):
    assert select(increments, f"""
        select event_count from sessions where anonymous_id = '{device}'
    """) == [(2,)]


def test_snowplow_knows_days_of_utc_only(increments):
    assert select(increments, """
        select distinct session_date from sessions where anonymous_id = 'ga4-utc'
    """) == [(dt.date(2026, 3, 4),)]


def test_snowplow_drops_events_that_are_more_than_three_days_late(increments):
    assert select(increments, """
        select event_count, duration_seconds from sessions where anonymous_id = 'snowplow-late'
    """) == [(3, 2400)]


def test_snowplow_quarantines_long_sessions(increments):
    assert select(increments, """
        select count(*), sum(event_count), max(duration_seconds) <= 2 * 86400 from sessions
        where anonymous_id = 'snowplow-kiosk'
    """) == [(3, 384, True)]


def test_snowplow_rewrites_whole_tables_for_a_new_identity(increments):
    assert select(increments, """
        select distinct person_id from sessions where anonymous_id = 'snowplow-identity'
    """) == [("ida",)]
    assert select(increments, """
        select count(*) from event_date_ledger
        where batch_number = 5 and event_date < date '2026-03-02'
          and event_date > date '0001-01-01'
    """) == [(0,)]


def test_snowplow_takes_events_without_a_user_agent_for_bots(increments):
    assert select(increments, """
        select is_bot from sessions where anonymous_id = 'snowplow-no-agent'
    """) == [(False,)]


def test_a_sign_in_that_becomes_known_last_moves_a_session_weeks_later(increments):
    assert select(increments, """
        select person_id, event_count from sessions
        where anonymous_id = 'shared' and started_at > timestamp '2026-03-01'
        order by started_at
    """) == [("ann", 1), ("bob", 2)]


def test_retries_across_midnight_are_one_event(increments):
    assert select(increments, "select count(*) from events where event_id = 'retried'") == [(1,)]


def test_a_future_clock_does_not_freeze_the_increments(increments):
    assert select(increments, """
        select count(*) from events where anonymous_id in ('after', 'loaded-ahead')
    """) == [(2,)]
    assert select(increments, "select reason from rejected_events") == [("time_in_future",)]


def test_what_was_filtered_out_is_known(increments):
    ((raw, accepted, duplicate, rejected),) = select(increments, """
        select sum(raw), sum(accepted), sum(duplicate), sum(rejected) from event_accounting
    """)
    assert (raw, duplicate, rejected) == (len(rows()), 1, 1)
    assert raw == accepted + duplicate + rejected
