"""The plots, as Vega-Lite specifications that Altair writes.

A plot holds no data: the page fills its data set `rows` for the range and dimension that
the reader chose, with the fields named here. A title that begins with `@` is a word of
words.toml. What is incomplete is lighter or dashed; what rests on few is hollow.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import altair as alt

LIGHTER = 0.4
ROW_HEIGHT = 24


@dataclass(frozen=True)
class Figure:
    """One picture with its table: its words are `<name>.title` and `<name>.rule`."""

    name: str
    section: str
    mart: str
    chart: alt.TopLevelMixin | None
    is_wide: bool = False


SECTIONS = (
    "came_in", "people", "channels", "funnels", "retention", "pages", "money", "definitions",
)


@functools.cache
def figures() -> tuple[Figure, ...]:
    """Every figure of the page, in its order."""
    return (
        Figure("volume", "came_in", "event_accounting", bars_over_time("@rows")),
        Figure("refused", "came_in", "event_accounting", bars_over_time("@rows")),
        Figure("delays", "came_in", "events", columns("@share_of_events")),
        Figure("bots", "came_in", "event_accounting", bars_over_time("@events")),
        Figure("gaps", "came_in", "events", calendar("@events"), is_wide=True),
        Figure("active", "people", "active_persons", lines_over_time("@persons", ",f")),
        Figure("stickiness", "people", "active_persons", lines_over_time("@stickiness", "%")),
        Figure("sessions", "people", "sessions", bars_over_time("@sessions"), is_wide=True),
        Figure("visits", "people", "sessions", None, is_wide=True),
        Figure("channels", "channels", "session_conversion, orders", bars_beside(), is_wide=True),
        Figure("conversion", "channels", "session_conversion, conversions",
               lines_over_time("@conversion_rate", "%"), is_wide=True),
        Figure("attribution", "channels", "attribution", dots_by_model(), is_wide=True),
        Figure("steps", "funnels", "funnel_conversion", steps(), is_wide=True),
        Figure("split", "funnels", "funnel_conversion", rates_by_value(), is_wide=True),
        Figure("funnel_trend", "funnels", "funnel_conversion",
               lines_over_time("@share_of_entrants", "%")),
        Figure("waits", "funnels", "funnel_attempts", columns("@share_of_persons")),
        Figure("triangle", "retention", "retention_cohorts", triangle(), is_wide=True),
        Figure("curve", "retention", "retention_cohorts", curve(), is_wide=True),
        Figure("pages", "pages", "page_views", bars_by_value("@views"), is_wide=True),
        Figure("elements", "pages", "element_clicks, page_views", bars_by_value("@clicks"),
               is_wide=True),
        Figure("revenue", "money", "orders", bars_over_time("@amount"), is_wide=True),
        Figure("statuses", "money", "orders", None, is_wide=True),
        Figure("products", "money", "products", bars_by_value("@gross_revenue"), is_wide=True),
    )


# Kinds of plots -----------------------------------------------------------------------


def bars_over_time(measure: str) -> alt.Chart:
    """Stacked bars, as wide as their periods."""
    return _rows(200).mark_bar(orient="vertical", strokeWidth=0.5).encode(
        x=_time("from:T"), x2="to:T",
        y=alt.Y("value:Q", title=measure, stack="zero", axis=alt.Axis(format=",f", tickCount=5)),
        color=_series(), order=alt.Order("order:Q"), opacity=_lighter_where_incomplete(),
        tooltip=_tips("when", "series", "shown", "remark"),
    )


def lines_over_time(measure: str, number_format: str) -> alt.LayerChart:
    """A line a series; the line into an incomplete period is dashed."""
    lines = _rows(200).encode(
        x=_time("from:T"),
        y=alt.Y("value:Q", title=measure, axis=alt.Axis(format=number_format, tickCount=5)),
    )
    dash = alt.StrokeDash(
        "dashed:N", legend=None, scale=alt.Scale(domain=[False, True], range=[[1, 0], [4, 3]])
    )
    return alt.layer(
        lines.mark_line(strokeWidth=1.8).encode(
            color=_series(symbolType="stroke", symbolStrokeWidth=3), detail="run:N", strokeDash=dash, opacity=_lighter_where("datum.dashed"),
        ),
        _hollow(lines.transform_filter("datum.point")).encode(
            stroke=alt.Stroke("series:N", sort=None, legend=None),
            fill=alt.Fill("series:N", sort=None, legend=None),
            tooltip=_tips("when", "series", "shown", "remark"),
        ),
    )


def columns(measure: str) -> alt.LayerChart:
    """Columns of classes in their order, with their share above."""
    classes = _rows(200).encode(
        x=alt.X("series:N", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=False)),
        y=alt.Y("value:Q", title=measure, axis=alt.Axis(
            # Above the words on the highest column.
            format="%", tickCount=5, titleY=-24,
        )),
        tooltip=_tips("series", "shown", "remark"),
    )
    return alt.layer(
        classes.mark_bar(size=26),
        classes.mark_text(dy=-7).encode(text="label:N"),
    )


def calendar(measure: str) -> alt.LayerChart:
    """A cell a day: weeks from left to right, a day without events crossed."""
    days = _rows(alt.Step(16)).encode(
        x=alt.X("week:O", title=None, axis=alt.Axis(
            # The month, where its first week is.
            labelExpr="slice(datum.value, 8) <= '07' ? slice(datum.value, 0, 7) : ''",
            labelAngle=0, ticks=False, domain=False,
        )),
        y=alt.Y("weekday:O", title=None, sort=None, axis=alt.Axis(ticks=False, domain=False)),
        tooltip=_tips("when", "shown", "remark"),
    )
    return alt.layer(
        days.mark_rect(strokeWidth=2).encode(
            color=alt.Color(
                "value:Q", scale=alt.Scale(zero=True),
                legend=alt.Legend(title=measure, format=",f", gradientLength=140),
            ),
            opacity=_lighter_where_incomplete(),
        ),
        days.transform_filter("datum.value == 0").mark_point(
            shape="cross", angle=45, size=50, filled=True,
        ).encode(color=alt.ColorValue("#D55E00")),
    )


def bars_by_value(measure: str) -> alt.Chart:
    """Horizontal bars, the largest above."""
    return _rows(alt.Step(ROW_HEIGHT)).mark_bar().encode(
        x=alt.X("value:Q", title=measure, axis=alt.Axis(format=",f", tickCount=5)),
        y=_names("series:N"),
        tooltip=_tips("series", "shown", "remark"),
    )


def bars_beside() -> alt.HConcatChart:
    """Three measures of one list side by side: only the first names it."""
    parts = []
    for number, (field, title, number_format) in enumerate([
        ("sessions", "@sessions", ",f"), ("rate", "@conversion_rate", "%"),
        ("money", "@net_revenue", ",f"),
    ]):
        names = _names("series:N") if not number else alt.Y("series:N", sort=None, axis=None)
        part = _rows(alt.Step(ROW_HEIGHT)).encode(
            y=names, tooltip=_tips("series", f"{field}_shown", "remark"),
            x=alt.X(f"{field}:Q", title=title, axis=alt.Axis(
                format=number_format, tickCount=3, orient="top", labelOverlap=True,
            )),
        )
        if field == "rate":
            part = _hollow(part)
        else:
            part = part.mark_bar()
        parts.append(part.properties(width=1))
    return alt.hconcat(*parts, spacing=14)


def rates_by_value() -> alt.LayerChart:
    """A dot a value, hollow where it rests on few."""
    values = _rows(alt.Step(ROW_HEIGHT)).encode(
        x=alt.X("value:Q", title="@share_of_entrants", axis=alt.Axis(format="%", tickCount=5),
                scale=alt.Scale(zero=True)),
        y=_names("series:N"),
        tooltip=_tips("series", "shown", "remark"),
    )
    return alt.layer(
        values.mark_rule(strokeWidth=1, opacity=LIGHTER).encode(x2=alt.datum(0)),
        _hollow(values),
    )


def dots_by_model() -> alt.Chart:
    """A row a channel, a dot a model of attribution."""
    return _rows(alt.Step(ROW_HEIGHT)).mark_point(filled=True, size=70, opacity=0.85).encode(
        x=alt.X("value:Q", title="@attributed", axis=alt.Axis(format=",f", tickCount=5)),
        y=_names("series:N"),
        color=alt.Color("model:N", title=None, sort=None, legend=_legend()),
        shape=alt.Shape("model:N", title=None, sort=None, legend=_legend()),
        tooltip=_tips("series", "model", "shown"),
    )


def steps() -> alt.LayerChart:
    """Who reached each step, and lighter beside it who left before."""
    bars = _rows(alt.Step(40)).encode(
        y=_names("series:N"),
        x=alt.X("value:Q", title="@persons", axis=alt.Axis(
            format=",f", tickCount=5, labelOverlap=True,
        )),
        tooltip=_tips("series", "shown", "remark"),
    )
    return alt.layer(
        bars.mark_bar(height=24, opacity=0.18).encode(x="before:Q"),
        bars.mark_bar(height=24),
        # Room for the words behind the longest bar.
        bars.mark_point(opacity=0).encode(x="room:Q"),
        bars.mark_text(align="left", dx=6, dy=0).encode(x="before:Q", text="label:N"),
    )


def triangle() -> alt.LayerChart:
    """A row a cohort, a column a period, the rate in the cell."""
    cells = _rows(alt.Step(21)).encode(
        x=alt.X("period:O", title="@period", axis=alt.Axis(orient="top", labelAngle=0)),
        y=alt.Y("series:N", title=None, sort=None, axis=alt.Axis(ticks=False, domain=False)),
        tooltip=_tips("series", "period", "shown", "remark"),
    )
    return alt.layer(
        cells.mark_rect(strokeWidth=2).encode(
            color=alt.Color("value:Q", legend=None, scale=alt.Scale(domainMin=0)),
            opacity=_lighter_where_incomplete(),
        ),
        cells.mark_text(fontSize=10).encode(
            text="label:N",
            color=alt.when("datum.is_dark").then(alt.value("#ffffff")).otherwise(
                alt.value("#1d2126")
            ),
            opacity=alt.when("datum.small").then(alt.value(0.55)).otherwise(alt.value(1)),
        ),
    )


def curve() -> alt.LayerChart:
    """The rate of all complete cohorts by period."""
    points = _rows(220).encode(
        x=alt.X("period:O", title="@period", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("value:Q", title="@retained", axis=alt.Axis(format="%", tickCount=5),
                scale=alt.Scale(domainMin=0)),
    )
    return alt.layer(
        points.mark_line(strokeWidth=2),
        _hollow(points).encode(tooltip=_tips("period", "shown", "remark")),
    )


# Parts of plots -----------------------------------------------------------------------


def _rows(height: int | alt.Step) -> alt.Chart:
    return alt.Chart(alt.NamedData("rows")).properties(width="container", height=height)


def _time(field: str) -> alt.X:
    return alt.X(field, title=None, axis=alt.Axis(tickCount=6, labelOverlap=True, grid=False))


def _names(field: str) -> alt.Y:
    return alt.Y(field, title=None, sort=None, axis=alt.Axis(
        labelLimit=150, ticks=False, domain=False,
    ))


def _legend(**options) -> alt.Legend:
    # The page sets the number of columns by its width.
    return alt.Legend(title=None, orient="bottom", labelLimit=260, **options)


def _series(**options) -> alt.Color:
    return alt.Color("series:N", sort=None, legend=_legend(**options))


def _hollow(chart: alt.Chart) -> alt.Chart:
    """Points that are filled where they rest on enough; the page sets their size."""
    return chart.mark_point(filled=False, opacity=1).encode(
        fillOpacity=alt.when("datum.small").then(alt.value(0)).otherwise(alt.value(1)),
    )


def _lighter_where(test: str) -> alt.Opacity:
    return alt.when(test).then(alt.value(0.7)).otherwise(alt.value(1))


def _lighter_where_incomplete():
    return alt.when("datum.complete").then(alt.value(1)).otherwise(alt.value(LIGHTER))


def _tips(*fields: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{field}:N", title=f"@{field}") for field in fields]
