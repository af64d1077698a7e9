"""What the report shows, asked of the marts and added up in the warehouse.

Each function is one table of the page: it returns an Ibis expression that both engines
run. Days are kept, since the reader chooses the range; of values without end (pages,
countries) the largest stay and the rest are one row.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence

import ibis
from ibis import _

from report.warehouse import DEFINITIONS, INTERMEDIATE, Table, Warehouse

OTHER, NOT_SET, NO_SESSION = "(other)", "(not set)", "(no session)"
DIMENSIONS = ("channel", "platform", "device_category", "country")
# Channels and platforms of several marts stand beside each other, so all of them are kept as
# far as that goes: the largest of one mart are not those of another.
MOST_CHANNELS = 40
MOST_VALUES, MOST_PAGES, MOST_ELEMENTS, MOST_PRODUCTS = 12, 40, 40, 30
HOUR, DAY = 3600, 86400
# Upper bounds in seconds, not included; the last class has none.
DELAYS = {"hour": HOUR, "day": DAY, "two_days": 2 * DAY, "week": 7 * DAY, "longer": None}
WAITS = {
    "minute": 60, "five_minutes": 300, "quarter_hour": 900, "hour": HOUR, "six_hours": 6 * HOUR,
    "day": DAY, "three_days": 3 * DAY, "week": 7 * DAY, "longer": None,
}


def read(warehouse: Warehouse, days: int) -> dict[str, Table]:
    """Every table of the page, of the last `days` days of the data."""
    active = warehouse.read(active_persons(warehouse))
    dates = [row[0] for row in active.rows]
    tables = {"active": active}
    if not dates:
        return tables
    since = max(dates) - datetime.timedelta(days=days - 1)
    active.rows = [row for row in active.rows if row[0] >= since]
    return tables | {
        name: warehouse.read(question) for name, question in questions(warehouse, since).items()
    }


def questions(warehouse: Warehouse, since: datetime.date) -> dict[str, ibis.Table]:
    """What is asked of the marts, by the name of its table in the page."""
    asked = {
        "accounting": accounting(warehouse, since),
        "delays": delays(warehouse, since),
        "sessions": sessions(warehouse, since),
        "session_conversion": session_conversion(warehouse, since),
        "conversions": conversions(warehouse, since),
        "orders": orders(warehouse, since),
        "order_statuses": order_statuses(warehouse, since),
        "funnels": funnels(warehouse, since),
        "funnel_waits": funnel_waits(warehouse, since),
        "retention": retention(warehouse, since),
        "pages": pages(warehouse, since),
        "elements": elements(warehouse, since),
        "products": products(warehouse),
        "attribution": attribution(warehouse, since),
    }
    return {name: question for name, question in asked.items() if question is not None}


# What came in -------------------------------------------------------------------------


def accounting(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Rows by fate, reason and sort of bot, by load date."""
    counts = [name for name in warehouse.columns("event_accounting") if name != "load_date"]
    table = warehouse.table(
        "event_accounting", {"load_date": "date"} | dict.fromkeys(counts, "int64")
    )
    return table.filter(table.load_date >= since).order_by("load_date")


def delays(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Events of a day by how long they took to arrive."""
    events = warehouse.table("events", {
        "event_date": "date", "occurred_at": "timestamp('UTC')", "loaded_at": "timestamp('UTC')",
    })
    seconds = events.loaded_at.epoch_seconds() - events.occurred_at.epoch_seconds()
    return (
        events.filter(events.event_date >= since)
        .group_by(date=events.event_date, delay=_class_of(seconds, DELAYS))
        .agg(events=_.count())
        .order_by("date", "delay")
    )


# Sessions and people ------------------------------------------------------------------


def sessions(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Sessions of people by day and each dimension on its own."""
    table = warehouse.table("sessions", {
        "session_date": "date", **dict.fromkeys(DIMENSIONS, "string"), "session_number": "int64",
        "page_view_count": "int64", "duration_seconds": "float64", "is_engaged": "boolean",
        "is_bot": "boolean",
    })
    return _by_dimension(
        table.filter(~table.is_bot, table.session_date >= since).rename(date="session_date"),
        DIMENSIONS,
        {
            "sessions": _.count(),
            "engaged": _.is_engaged.ifelse(1, 0).sum(),
            "first_visits": (_.session_number == 1).ifelse(1, 0).sum(),
            "page_views": _.page_view_count.sum(),
            "seconds": _.duration_seconds.sum(),
        },
    )


def active_persons(warehouse: Warehouse) -> ibis.Table:
    """Every date of the data with its active persons."""
    table = warehouse.table("active_persons", {
        "activity_date": "date", "daily_active": "int64", "weekly_active": "int64",
        "monthly_active": "int64", "stickiness": "float64",
    })
    return table.rename(
        date="activity_date", daily="daily_active", weekly="weekly_active",
        monthly="monthly_active",
    ).order_by("date")


# Channels -----------------------------------------------------------------------------


def session_conversion(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Sessions that convert, by day, conversion and each dimension that the mart has."""
    table = warehouse.table("session_conversion", {
        "session_date": "date", "channel": "string", "platform": "string",
        "conversion_name": "string", "session_count": "int64",
        "converting_session_count": "int64",
    })
    return _by_dimension(
        table.filter(table.session_date >= since)
        .rename(date="session_date", conversion="conversion_name"),
        ("channel", "platform"),
        {"sessions": _.session_count.sum(), "converting": _.converting_session_count.sum()},
        also=["conversion"], most=MOST_CHANNELS,
    )


def conversions(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Conversions by day, those outside sessions too."""
    table = warehouse.table("conversions", {
        "conversion_date": "date", "conversion_name": "string", "session_id": "string",
    })
    return (
        table.filter(table.conversion_date >= since)
        .group_by(date=table.conversion_date, conversion=table.conversion_name)
        .agg(conversions=_.count(), outside=_.session_id.isnull().ifelse(1, 0).sum())
        .order_by("date", "conversion")
    )


def attribution(warehouse: Warehouse, since: datetime.date) -> ibis.Table | None:
    """Credits and values by day, conversion, channel and model; None where there is no such
    mart."""
    columns = {
        "conversion_date": "date", "conversion_name": "string", "channel": "string",
        "attribution_model": "string", "credit": "decimal(18, 9)",
        "attributed_value": "decimal(18, 4)",
    }
    if not set(columns) <= set(warehouse.columns("attribution")):
        return None
    table = warehouse.table("attribution", columns)
    return (
        table.filter(table.conversion_date >= since)
        .group_by(
            date=_.conversion_date, conversion=_.conversion_name, channel=_.channel,
            model=_.attribution_model,
        )
        .agg(
            conversions=_.credit.sum().cast("float64"),
            value=ibis.coalesce(_.attributed_value.sum(), 0),
        )
        .order_by("date", "conversion", "channel", "model")
    )


# Funnels ------------------------------------------------------------------------------


def funnels(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Steps of each funnel: as a whole and by month with every dimension, by day and week
    without. Persons do not add up, so the values that are not among the largest are left out;
    `value_count` says how many there are."""
    table = warehouse.table("funnel_conversion", {
        "funnel_name": "string", "period_grain": "string", "period_start": "date",
        "dimension": "string", "dimension_value": "string", "step_number": "int64",
        "step_name": "string", "person_count": "int64", "conversion_from_start": "float64",
        "conversion_from_previous": "float64", "median_seconds_from_previous": "float64",
        "is_complete": "boolean",
    })
    ranked = (
        table.filter(table.period_grain == "all", table.step_number == 1)
        .select("funnel_name", "dimension", "dimension_value", "person_count")
    )
    split = [ranked.funnel_name, ranked.dimension]
    ranked = ranked.mutate(
        place=ibis.row_number().over(
            group_by=split, order_by=[ibis.desc(ranked.person_count), ranked.dimension_value],
        ),
        value_count=ranked.count().over(group_by=split),
    ).drop("person_count")
    kept = table.filter(
        (table.dimension == "all") | table.period_grain.isin(["all", "month"]),
        (table.period_grain == "all") | (table.period_start >= since),
    ).join(
        ranked.filter(ranked.place < MOST_VALUES),
        ["funnel_name", "dimension", "dimension_value"],
    )
    return kept.select(
        funnel=kept.funnel_name, grain=kept.period_grain, start=kept.period_start,
        dimension=kept.dimension, value=kept.dimension_value, step=kept.step_number,
        name=kept.step_name, persons=kept.person_count,
        from_start=kept.conversion_from_start, from_previous=kept.conversion_from_previous,
        median_seconds=kept.median_seconds_from_previous, is_complete=kept.is_complete,
        value_count=kept.value_count,
    ).order_by("funnel", "grain", "start", "dimension", "value", "step")


def funnel_waits(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Persons who completed a funnel, by the date of their best attempt and its length."""
    table = warehouse.table("funnel_attempts", {
        "funnel_name": "string", "attempt_date": "date", "started_at": "timestamp('UTC')",
        "last_step_at": "timestamp('UTC')", "is_best": "boolean", "is_completed": "boolean",
    })
    seconds = table.last_step_at.epoch_seconds() - table.started_at.epoch_seconds()
    return (
        table.filter(table.is_best, table.is_completed, table.attempt_date >= since)
        .group_by(funnel=table.funnel_name, date=table.attempt_date, wait=_class_of(seconds, WAITS))
        .agg(persons=_.count())
        .order_by("funnel", "date", "wait")
    )


# Retention ----------------------------------------------------------------------------


def retention(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Every cohort, period by period."""
    table = warehouse.table("retention_cohorts", {
        "retention_name": "string", "cohort_start": "date", "period_number": "int64",
        "cohort_size": "int64", "retained_count": "int64", "is_complete": "boolean",
    })
    return table.filter(table.cohort_start >= since).select(
        retention=table.retention_name, start=table.cohort_start, period=table.period_number,
        size=table.cohort_size, retained=table.retained_count, is_complete=table.is_complete,
    ).order_by("retention", "start", "period")


# Pages and buttons --------------------------------------------------------------------


def pages(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Views of the most seen pages by day."""
    table = warehouse.table("page_views", {
        "view_date": "date", "page": "string", "page_host": "string",
        "dwell_seconds": "float64", "is_entrance": "boolean", "is_exit": "boolean",
        "is_bot": "boolean",
    })
    daily = (
        table.filter(~table.is_bot, table.view_date >= since)
        .group_by(date=_.view_date, host=_host(table), page=ibis.coalesce(_.page, NOT_SET))
        .agg(
            views=_.count(),
            entrances=_.is_entrance.ifelse(1, 0).sum(),
            exits=_.is_exit.ifelse(1, 0).sum(),
            dwells=_.dwell_seconds.count(),
            dwell_seconds=ibis.coalesce(_.dwell_seconds.sum(), 0),
        )
    )
    sums = ["views", "entrances", "exits", "dwells", "dwell_seconds"]
    return _keep_largest(daily, [], ["host", "page"], "views", sums, MOST_PAGES)


def elements(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Clicks on the most used elements by day."""
    table = warehouse.table("element_clicks", {
        "click_date": "date", "page": "string", "page_host": "string", "element": "string",
        "click_count": "int64", "clicking_session_count": "int64",
    })
    daily = (
        table.filter(table.click_date >= since)
        .group_by(date=_.click_date, host=_host(table), page=_.page, element=_.element)
        .agg(clicks=_.click_count.sum(), clicking=_.clicking_session_count.sum())
    )
    return _keep_largest(
        daily, [], ["host", "page", "element"], "clicks", ["clicks", "clicking"], MOST_ELEMENTS
    )


# Products and money -------------------------------------------------------------------


def orders(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Sales by day, currency and each dimension that the mart has."""
    table = warehouse.table("orders", {
        "order_date": "date", "currency": "string", "channel": "string", "platform": "string",
        "session_id": "string", "total_amount": "decimal(18, 4)", "net_revenue": "decimal(18, 4)",
        "counts_as_sale": "boolean",
    })
    missing = table.session_id.isnull().ifelse(NO_SESSION, NOT_SET)
    return _by_dimension(
        table.filter(table.counts_as_sale, table.order_date >= since).mutate(
            date=_.order_date, currency=ibis.coalesce(_.currency, NOT_SET),
            channel=ibis.coalesce(_.channel, missing), platform=ibis.coalesce(_.platform, missing),
        ),
        ("channel", "platform"),
        {
            "orders": _.count(),
            "charged": ibis.coalesce(_.total_amount.sum(), 0),
            "net": ibis.coalesce(_.net_revenue.sum(), 0),
        },
        also=["currency"], most=MOST_CHANNELS,
    )


def order_statuses(warehouse: Warehouse, since: datetime.date) -> ibis.Table:
    """Orders of every status by day, sales or not."""
    table = warehouse.table("orders", {
        "order_date": "date", "currency": "string", "status": "string",
        "counts_as_sale": "boolean", "total_amount": "decimal(18, 4)",
        "refunded_amount": "decimal(18, 4)", "net_revenue": "decimal(18, 4)",
    })
    return (
        table.filter(table.order_date >= since)
        .group_by(
            date=_.order_date, currency=ibis.coalesce(_.currency, NOT_SET),
            status=ibis.coalesce(_.status, NOT_SET), is_sale=ibis.coalesce(_.counts_as_sale, False),
        )
        .agg(
            orders=_.count(),
            charged=ibis.coalesce(_.total_amount.sum(), 0),
            refunded=ibis.coalesce(_.refunded_amount.sum(), 0),
            net=ibis.coalesce(_.net_revenue.sum(), 0),
        )
        .order_by("date", "currency", "status")
    )


def products(warehouse: Warehouse) -> ibis.Table:
    """The most viewed products and the best sold, over the whole of the data."""
    table = warehouse.table("products", {
        "product_id": "string", "product_name": "string", "category": "string",
        "currency": "string", "view_count": "int64", "viewer_count": "int64",
        "cart_add_count": "int64", "purchase_count": "int64", "units_sold": "int64",
        "gross_revenue": "decimal(18, 4)", "review_count": "int64", "average_rating": "float64",
    })
    if warehouse.has("exchange_rates", DEFINITIONS):
        # Sales are in the reporting currency, where there is one.
        rates = warehouse.table(
            "exchange_rates", {"currency": "string", "rate": "string"}, DEFINITIONS
        )
        reporting = rates.filter(rates.rate.try_cast("float64") == 1).agg(
            reporting_currency=_.currency.upper().min()
        )
        table = table.cross_join(reporting).mutate(
            currency=ibis.coalesce(_.reporting_currency, _.currency)
        )
    ranked = table.mutate(
        by_views=ibis.row_number().over(order_by=[ibis.desc(_.viewer_count), _.product_id]),
        by_money=ibis.row_number().over(order_by=[ibis.desc(_.gross_revenue), _.product_id]),
        product_count=_.count().over(),
    )
    return ranked.filter(
        (ranked.by_views < MOST_PRODUCTS) | (ranked.by_money < MOST_PRODUCTS)
    ).select(
        product=ibis.coalesce(ranked.product_name, ranked.product_id), category=ranked.category,
        currency=ranked.currency, views=ranked.view_count, viewers=ranked.viewer_count,
        cart_adds=ranked.cart_add_count, purchases=ranked.purchase_count, units=ranked.units_sold,
        gross=ranked.gross_revenue, reviews=ranked.review_count, rating=ranked.average_rating,
        product_count=ranked.product_count, place=ranked.by_money,
    ).order_by("place").drop("place")


# Definitions --------------------------------------------------------------------------


def read_definitions(warehouse: Warehouse) -> dict[str, Table]:
    """The definitions as the warehouse holds them, which are those that the marts follow."""
    found = {}
    for name, columns in {
        "funnels": ["funnel_name", "description", "step_order", "window_seconds",
                    "breakdown_property"],
        "funnel_steps": ["funnel_name", "step_number", "step_name", "event_name", "page_pattern",
                         "property_name", "property_value"],
        "funnel_exclusions": ["funnel_name", "event_name", "after_step", "before_step"],
        "conversion_definitions": ["conversion_name", "event_name", "value_from"],
        "retentions": ["retention_name", "description", "start_event", "return_event",
                       "cohort_rule", "period", "mode", "max_periods"],
        "channel_rules": ["priority", "channel", "rule_name", "source_category", "source_pattern",
                          "medium_pattern", "campaign_pattern", "click_id_pattern"],
    }.items():
        if warehouse.has(name, DEFINITIONS):
            table = warehouse.table(name, dict.fromkeys(columns, "string"), DEFINITIONS)
            found[name] = warehouse.read(table.select(*columns))
    return found


def read_rules(warehouse: Warehouse) -> dict:
    """Time zone, timeout and page views that the event table was built by; empty where it does
    not say."""
    if not warehouse.has("increment_marks", INTERMEDIATE):
        return {}
    marks = warehouse.table(
        "increment_marks",
        {"model_name": "string", "mark_number": "int64", "rules": "string"},
        INTERMEDIATE,
    )
    found = warehouse.read(
        marks.filter(marks.model_name == "int_events_sessionized")
        .order_by(ibis.desc(marks.mark_number)).limit(1).select("rules")
    )
    return json.loads(found.rows[0][0]) if found.rows else {}


# Parts of questions -------------------------------------------------------------------


def _host(table: ibis.Table) -> ibis.Value:
    return ibis.coalesce(table.page_host, "")


def _class_of(seconds: ibis.Value, bounds: dict[str, int | None]) -> ibis.Value:
    """The first class whose bound lies above."""
    *bounded, (last, _no_bound) = bounds.items()
    return ibis.cases(*((seconds < bound, name) for name, bound in bounded), else_=last)


def _by_dimension(
    table: ibis.Table, dimensions: Sequence[str], sums: dict, also: Sequence[str] = (),
    most: int = MOST_VALUES,
) -> ibis.Table:
    """Sums by date, by one dimension after the other, each with its largest values."""
    cube = table.group_by("date", *also, *dimensions).agg(**sums)
    parts = [
        cube.group_by("date", *also, value=ibis.coalesce(cube[dimension], NOT_SET))
        .agg(**{name: cube[name].sum() for name in sums})
        .mutate(dimension=ibis.literal(dimension))
        for dimension in dimensions
    ]
    return _keep_largest(
        ibis.union(*parts), ["dimension", *also], ["value"], next(iter(sums)), list(sums),
        most,
    )


def _keep_largest(
    daily: ibis.Table, within: list[str], values: list[str], measure: str, sums: list[str],
    most: int,
) -> ibis.Table:
    """The largest values stay, by their sum over all days; the rest become one."""
    totals = daily.group_by(*within, *values).agg(total=daily[measure].sum())
    ranked = totals.mutate(place=ibis.row_number().over(
        group_by=within or None,
        order_by=[ibis.desc(totals.total), *(totals[name] for name in values)],
    ))
    largest = ranked.filter(ranked.place < most).drop("total")
    joined = daily.left_join(largest, [*within, *values], rname="largest_{name}")
    is_large = joined.place.notnull()
    keys = ["date", *within, *values]
    return (
        joined.mutate(**{name: is_large.ifelse(joined[name], OTHER) for name in values})
        .group_by(keys)
        .agg(**{name: joined[name].sum() for name in sums})
        .order_by(keys)
    )
