"""The report: what it shows is what the marts hold, in both languages, on both engines, and
nothing is fetched. Where a Chromium is installed the page is drawn, and its figures are read
back from what it shows."""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from html.parser import HTMLParser

import duckdb
import googlesql
import pytest
import yaml
from project import ROOT, Project

from report import charts, marts, page, warehouse

FROM, TO = "2026-04-05", "2026-05-20"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


def run_report(project: Project, *arguments: str, **environment: str):
    return subprocess.run(
        [sys.executable, "-m", "report", "--project", str(project.folder), *arguments],
        cwd=ROOT, env=os.environ | project._environment() | environment,
        capture_output=True, text=True,
    )


def written(project: Project, folder, target: str = "duckdb", *arguments: str):
    """The page of a project, as a file."""
    out = folder / f"{target}.html"
    run = run_report(project, "--target", target, "--out", str(out), *arguments)
    assert run.returncode == 0, run.stderr
    return out


def embedded(file) -> dict:
    """The data in the page, its tables as lists of rows."""
    text = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', file.read_text(), re.DOTALL
    )[1]
    data = json.loads(text)
    data["tables"] = {name: unpacked(columns) for name, columns in data["tables"].items()}
    return data


def unpacked(columns: dict) -> list[dict]:
    values = []
    for column in columns.values():
        if isinstance(column, list):
            values.append(column)
        elif "texts" in column:
            values.append([None if at < 0 else column["texts"][at] for at in column["at"]])
        else:
            values.append(column.get("money") or column.get("flags") or [])
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]


@pytest.fixture(scope="module")
def report(demo, demo_on_duckdb, tmp_path_factory):
    return written(demo, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def tables(report):
    return embedded(report)["tables"]


def sums(rows, keys, *measures):
    """Measures added up by keys, without those that are all 0."""
    found = defaultdict(lambda: [0] * len(measures))
    for row in rows:
        group = found[tuple(row[key] for key in keys)]
        for place, measure in enumerate(measures):
            group[place] += row[measure]
    return {key: group for key, group in found.items() if any(group)}


def asked(warehouse, sql, keys):
    """The answer of a query in the same form; money in the page's whole ten-thousandths."""
    def plain(value):
        if isinstance(value, dt.date):
            return value.isoformat()
        return value

    return {
        tuple(map(plain, row[:keys])): [
            int(value * page.MONEY_UNITS) if type(value).__name__ == "Decimal" else value
            for value in row[keys:]
        ]
        for row in warehouse.query(sql).rows if any(row[keys:])
    }


# What the page holds ------------------------------------------------------------------

# A table of the page, its keys and measures, and the same asked of the marts.
HELD = {
    "accounting": (
        ["load_date"], ["raw", "accepted", "duplicate", "rejected"],
        "select load_date, raw, accepted, duplicate, rejected from event_accounting",
    ),
    "delays": (
        ["date"], ["events"], "select event_date, count(*) from events group by event_date",
    ),
    "active": (
        ["date"], ["daily", "weekly", "monthly"],
        "select activity_date, daily_active, weekly_active, monthly_active from active_persons",
    ),
    "conversions": (
        ["date", "conversion"], ["conversions", "outside"],
        "select conversion_date, conversion_name, count(*), count(*) - count(session_id) "
        "from conversions group by 1, 2",
    ),
    "order_statuses": (
        ["date", "currency", "status"], ["orders", "charged", "refunded", "net"],
        "select order_date, currency, status, count(*), sum(total_amount), "
        "sum(refunded_amount), sum(net_revenue) from orders group by 1, 2, 3",
    ),
    "retention": (
        ["retention", "start", "period"], ["size", "retained", "is_complete"],
        "select retention_name, cohort_start, period_number, cohort_size, retained_count, "
        "cast(is_complete as integer) from retention_cohorts",
    ),
    "funnel_waits": (
        ["funnel", "date"], ["persons"],
        "select funnel_name, attempt_date, count(*) from funnel_attempts "
        "where is_best and is_completed group by 1, 2",
    ),
    "pages": (
        ["date"], ["views", "entrances", "exits", "dwells"],
        "select view_date, count(*), count(case when is_entrance then 1 end), "
        "count(case when is_exit then 1 end), count(dwell_seconds) from page_views "
        "where not is_bot group by 1",
    ),
    "elements": (
        ["date"], ["clicks", "clicking"],
        "select click_date, sum(click_count), sum(clicking_session_count) "
        "from element_clicks group by 1",
    ),
}


@pytest.mark.parametrize("name", HELD)
def test_the_page_holds_what_the_marts_hold(tables, demo_on_duckdb, name):
    keys, measures, sql = HELD[name]
    held = sums(tables[name], keys, *measures)
    assert held
    assert held == asked(demo_on_duckdb, sql, len(keys))


@pytest.mark.parametrize("dimension", marts.DIMENSIONS)
def test_sessions_of_every_dimension_are_those_of_the_mart(tables, demo_on_duckdb, dimension):
    rows = [row for row in tables["sessions"] if row["dimension"] == dimension]
    held = sums(rows, ["date", "value"], "sessions", "engaged", "first_visits", "page_views")
    sql = (
        f"select session_date, coalesce({dimension}, '(not set)'), count(*), "
        "count(case when is_engaged then 1 end), count(case when session_number = 1 then 1 end), "
        "sum(page_view_count) from sessions where not is_bot group by 1, 2"
    )
    # The values beyond the largest are one: compared as a whole.
    named = {key[1] for key in held} - {marts.OTHER}
    expected = asked(demo_on_duckdb, sql, 2)
    assert {key: value for key, value in held.items() if key[1] in named} == {
        key: value for key, value in expected.items() if key[1] in named
    }
    assert sum(value[0] for value in held.values()) == sum(
        value[0] for value in expected.values()
    )


@pytest.mark.parametrize("dimension", ["channel", "platform"])
def test_sales_and_conversion_of_every_dimension_are_those_of_the_marts(
    tables, demo_on_duckdb, dimension
):
    rows = [row for row in tables["orders"] if row["dimension"] == dimension]
    assert sums(rows, ["date", "currency", "value"], "orders", "charged", "net") == asked(
        demo_on_duckdb,
        f"select order_date, currency, coalesce({dimension}, case when session_id is null then "
        "'(no session)' else '(not set)' end), count(*), sum(total_amount), sum(net_revenue) "
        "from orders where counts_as_sale group by 1, 2, 3", 3,
    )
    rows = [row for row in tables["session_conversion"] if row["dimension"] == dimension]
    assert sums(rows, ["date", "conversion", "value"], "sessions", "converting") == asked(
        demo_on_duckdb,
        f"select session_date, conversion_name, {dimension}, sum(session_count), "
        "sum(converting_session_count) from session_conversion group by 1, 2, 3", 3,
    )


def test_no_channel_is_hidden_among_others_in_one_mart_and_named_in_another(
    demo, demo_on_duckdb, tmp_path
):
    project = copied(demo, tmp_path)
    channels = ", ".join(f"('Channel {number:02}')" for number in range(20))
    with duckdb.connect(str(project.database)) as connection:
        connection.execute(
            "insert into orders by name select 'x' || channel as order_id, channel, 'EUR' as "
            "currency, true as counts_as_sale, date '2026-06-01' as order_date, 's' as session_id, "
            f"1 as total_amount, 1 as net_revenue from (values {channels}) as named (channel)"
        )
    rows = embedded(written(project, tmp_path))["tables"]["orders"]
    named = {row["value"] for row in rows if row["dimension"] == "channel"}
    assert len(named) > 20 and marts.OTHER not in named


def test_funnels_are_those_of_the_mart(tables, demo_on_duckdb):
    held = {
        (row["funnel"], row["grain"], row["start"], row["dimension"], row["value"], row["step"]):
        [row["persons"], row["from_start"], row["median_seconds"], row["is_complete"]]
        for row in tables["funnels"]
    }
    expected = {
        (*row[:2], row[2].isoformat(), *row[3:6]): list(row[6:])
        for row in demo_on_duckdb.query(
            "select funnel_name, period_grain, period_start, dimension, dimension_value, "
            "step_number, person_count, conversion_from_start, median_seconds_from_previous, "
            "cast(is_complete as integer) from funnel_conversion "
            "where dimension = 'all' or period_grain in ('all', 'month')"
        ).rows
    }
    assert set(held) == set(expected)
    for key, row in held.items():
        assert row == pytest.approx(expected[key], abs=1e-5), key


def test_products_are_those_of_the_mart(tables, demo_on_duckdb):
    held = [
        [row["product"], row["viewers"], row["cart_adds"], row["purchases"], row["gross"]]
        for row in tables["products"]
    ]
    # Two products may have one name.
    expected = [list(row) for row in demo_on_duckdb.query(
        "select coalesce(product_name, product_id), viewer_count, cart_add_count, "
        "purchase_count, cast(gross_revenue * 10000 as bigint) from products"
    ).rows]
    assert [row for row in held if row not in expected] == []
    assert len(held) >= marts.MOST_PRODUCTS


def test_attribution_is_that_of_the_mart(tables, demo_on_duckdb):
    held = {}
    for row in tables["attribution"]:
        held[row["model"]] = held.get(row["model"], 0) + row["value"]
    expected = dict(demo_on_duckdb.query(
        "select attribution_model, cast(sum(attributed_value) * 10000 as bigint) "
        "from attribution group by 1"
    ).rows)
    assert len(expected) == 8
    assert held == expected


def test_what_is_not_among_the_largest_is_one_row_and_not_lost(tables):
    pages = {(row["host"], row["page"]) for row in tables["pages"]}
    assert len(pages) == marts.MOST_PAGES + 1
    assert (marts.OTHER, marts.OTHER) in pages


def test_an_earlier_past_than_asked_for_is_left_out(demo, demo_on_duckdb, tmp_path):
    data = embedded(written(demo, tmp_path, "duckdb", "--days", "10"))
    assert data["facts"]["first_date"] == "2026-06-21"
    assert {row["date"] for row in data["tables"]["sessions"]} <= {
        f"2026-06-{day}" for day in range(21, 31)
    }


def assert_equal_rows(ours: list[dict], theirs: list[dict], name: str) -> None:
    """The same rows in whatever order; floats are sums, whose order is the engine's."""
    def ordered(rows):
        return sorted(rows, key=lambda row: [
            str(value) for _, value in sorted(row.items()) if not isinstance(value, float)
        ])

    assert len(ours) == len(theirs) > 0, name
    for one, another in zip(ordered(ours), ordered(theirs), strict=True):
        assert one == pytest.approx(another, abs=1e-5), name


def test_both_engines_give_the_same_page(demo, demo_on_bigquery, tables, tmp_path):
    other = embedded(written(demo, tmp_path, "emulator"))["tables"]
    assert set(other) == set(tables)
    for name, rows in tables.items():
        assert_equal_rows(rows, other[name], name)


class GoogleEngine:
    """Google's evaluator over the marts of a DuckDB file."""

    dialect, catalog, schema, name, version = "bigquery", "p", "d", "p.d", "GoogleSQL"
    types = {  # noqa: RUF012
        "VARCHAR": "string", "BIGINT": "bigint", "DOUBLE": "float64", "BOOLEAN": "boolean",
        "DATE": "date", "TIMESTAMP": "timestamp", "DECIMAL": "numeric",
    }

    def __init__(self, googlesql, database):
        self.googlesql, self.connection = googlesql, duckdb.connect(str(database), read_only=True)

    def tables(self, schema):
        return {table for (table,) in self.connection.execute(
            "select table_name from information_schema.tables where table_schema = ?",
            [schema.replace("d", "main", 1)],
        ).fetchall()}

    def columns(self, schema, table):
        place = f"{schema.replace('d', 'main', 1)}.{table}"
        return [row[0] for row in self.connection.execute(f"describe {place}").fetchall()]

    def rows(self, sql):
        tables = {}
        for schema, table in set(re.findall(r"`p`\.`(\w+)`\.`(\w+)`", sql)):
            place = f"{schema.replace('d', 'main', 1)}.{table}"
            # Only the columns that the question names: others may be large.
            columns = {
                row[0]: self.types[row[1].split("(")[0]]
                for row in self.connection.execute(f"describe {place}").fetchall()
                if f"`{row[0]}`" in sql or table == "event_accounting"
            }
            content = self.connection.execute(
                f"select {', '.join(columns)} from {place}"
            ).fetchall()
            tables[f"p.{schema}.{table}"] = googlesql.Table(columns, content)
        result = self.googlesql.execute(sql, tables)
        return warehouse.Table(tuple(result.columns), result.rows)


def test_google_reads_every_question_as_duckdb_does(googlesql_engine, tables):
    found = marts.read(warehouse.Warehouse(googlesql_engine), 400)
    for name, table in found.items():
        assert_equal_rows(unpacked(page.packed(table)), tables[name], name)


@pytest.fixture
def googlesql_engine(request, demo, demo_on_duckdb):
    return GoogleEngine(request.getfixturevalue("googlesql"), demo.database)


# Words, and what is fetched -----------------------------------------------------------


def words() -> dict[str, dict[str, str]]:
    return page.read_words({})


def used_words() -> set[str]:
    """Names of words that templates, scripts and plots ask for."""
    template = (ROOT / "report/page.html").read_text()
    scripts = "".join(path.read_text() for path in (ROOT / "report").glob("*.js"))
    used = set(re.findall(r'data-word="([\w.]+)"', template))
    used |= set(re.findall(r'\bword\("([\w.]+)"', scripts))
    used |= {f"section.{section}" for section in charts.SECTIONS}
    used |= {f"{figure.name}.{part}" for figure in charts.figures() for part in ("title", "rule")}
    used |= {f"dimension.{dimension}" for dimension in marts.DIMENSIONS}
    used |= {f"delay.{name}" for name in marts.DELAYS} | {f"wait.{name}" for name in marts.WAITS}
    used |= {f"{kind}.{grain}" for kind in ("grain", "start_of", "since") for grain in page.GRAINS}
    for figure in charts.figures():
        if figure.chart is not None:
            used |= {
                f"column.{name}"
                for name in re.findall(r'"@(\w+)"', json.dumps(figure.chart.to_dict()))
                # Named by the unit of the retention.
                if name != "period"
            }
    return used


def test_every_word_is_there_in_both_languages():
    english, korean = (words()[language] for language in page.LANGUAGES)
    assert set(english) == set(korean)
    assert not used_words() - set(english)
    for name, text in english.items():
        assert text.strip() and korean[name].strip(), name
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(
            re.findall(r"\{\w+\}", korean[name])
        ), name


def test_no_word_is_left_over():
    sources = "".join(
        path.read_text() for path in (ROOT / "report").iterdir()
        if path.suffix in (".js", ".html", ".py")
    )
    used = used_words()
    left_over = [
        name for name in words()["en"]
        if name.split(".")[0] not in ("reason", "bot") and name not in used
        # In a list of names that the page goes through, or as a field with a suffix.
        and not re.search(rf"\b{name.split('.')[-1].removesuffix('_shown')}\b", sources)
    ]
    assert not left_over


def test_every_reason_and_sort_of_bot_has_a_word(tables):
    english = words()["en"]
    for column in tables["accounting"][0]:
        kind, _, name = column.partition("_")
        if kind in ("rejected", "bot") and name:
            assert f"{'reason' if kind == 'rejected' else 'bot'}.{name}" in english


def test_the_lineage_shows_every_mart_of_the_report():
    there = {path.stem for path in (ROOT / "models/marts").rglob("*.sql")}
    named = {mart for figure in charts.figures() for mart in figure.mart.split(", ")}
    # The model that makes the table `conversions` has another name.
    named = {"conversions_mart" if mart == "conversions" else mart for mart in named}
    # Shown where it is built.
    assert named - there <= {"attribution"}
    (exposure,) = yaml.safe_load((ROOT / "models/marts/exposures.yml").read_text())["exposures"]
    shown = {re.fullmatch(r"ref\('(\w+)'\)", text)[1] for text in exposure["depends_on"]}
    assert shown == named & there


def test_nothing_is_fetched(report):
    class Loaded(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found = []

        def handle_starttag(self, tag, attributes):
            for name, value in attributes:
                if name in ("src", "srcset", "href", "data", "action", "poster") and value:
                    self.found.append(value)

    parser = Loaded()
    text = report.read_text()
    parser.feed(text)
    assert parser.found
    assert all(value.startswith(("#", "data:")) for value in parser.found)
    assert "@import" not in text and not re.search(r"url\(\s*[\"']?http", text)
    # Nor could a script: the page tells the browser to refuse.
    assert "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval';" in text


# What the page shows ------------------------------------------------------------------


class Shown(HTMLParser):
    """The cells of each figure's table, the cards, and the sentences that stand for nothing."""

    def __init__(self):
        super().__init__()
        self.figure = self.cell = None
        self.tables, self.cards, self.texts = defaultdict(list), {}, []
        self.hidden, self.drawn, self.plots = set(), None, set()

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "html":
            self.drawn = found.get("data-drawn")
        if tag == "figure":
            self.figure = found["data-figure"]
            if "hidden" in found:
                self.hidden.add(self.figure)
        if tag == "tr" and self.figure:
            self.tables[self.figure].append({})
        if tag == "td" and self.figure:
            self.tables[self.figure][-1][found["data-column"]] = found.get("data-value")
        if tag == "svg" and self.figure:
            self.plots.add(self.figure)
        if "data-card" in found:
            self.cards[found["data-card"]] = found.get("data-value")

    def handle_endtag(self, tag):
        if tag == "figure":
            self.figure = None

    def handle_data(self, text):
        self.texts.append(text.strip())


def drawn(file, folder, **choices: str) -> Shown:
    """The page as Chromium draws it; nothing that it says of an error is let pass."""
    query = "&".join(f"{name}={value}" for name, value in choices.items())
    run = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
            f"--user-data-dir={folder / 'browser'}", "--virtual-time-budget=60000",
            "--dump-dom", f"file://{file}?{query}",
        ],
        capture_output=True, text=True, timeout=180,
    )
    said = [line for line in run.stderr.splitlines() if ":CONSOLE" in line]
    assert not [line for line in said if "fit-y" not in line], "\n".join(said)
    shown = Shown()
    shown.feed(run.stdout)
    assert shown.drawn
    for rows in shown.tables.values():
        rows[:] = [row for row in rows if row]
    return shown


@pytest.fixture(scope="module")
def shown(report, tmp_path_factory):
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    return drawn(
        report, tmp_path_factory.mktemp("shown"), language="en", dimension="platform",
        grain="month", funnel="purchase", retention="weekly_activity", **{"from": FROM, "to": TO},
    )


BETWEEN = f"between date '{FROM}' and date '{TO}'"


@needs_chromium
def test_cards_show_what_the_marts_say_of_the_chosen_range(shown, demo_on_duckdb):
    ask = lambda sql: demo_on_duckdb.query(sql).scalar()  # noqa: E731
    cards = {name: float(value) for name, value in shown.cards.items()}
    sessions = f"sessions where not is_bot and session_date {BETWEEN}"
    sales = f"orders where counts_as_sale and order_date {BETWEEN}"
    assert cards == pytest.approx({
        "sessions": ask(f"select count(*) from {sessions}"),
        "engaged": ask(f"select avg(cast(is_engaged as integer)) from {sessions}"),
        "daily": ask(f"select avg(daily_active) from active_persons where activity_date {BETWEEN}"),
        "stickiness": ask(
            f"select avg(stickiness) from active_persons where activity_date {BETWEEN}"
        ),
        "monthly": ask(
            f"select monthly_active from active_persons where activity_date = date '{TO}'"
        ),
        "conversion": ask(
            "select sum(converting_session_count) / sum(session_count) from session_conversion "
            f"where conversion_name = 'order' and session_date {BETWEEN}"
        ),
        "orders": ask(f"select count(*) from {sales}"),
        "net": float(ask(f"select sum(net_revenue) from {sales}")) * page.MONEY_UNITS,
        "rows": ask(f"select sum(raw) from event_accounting where load_date {BETWEEN}"),
        "refused": ask(
            f"select sum(rejected) / sum(raw) from event_accounting where load_date {BETWEEN}"
        ),
    }, rel=1e-6)


# A figure, columns of its table, and the same rows asked of the marts.
SHOWN = {
    "volume": (
        ["value"],
        f"select unnest([sum(accepted), sum(duplicate), sum(rejected), sum(raw)]) "
        f"from event_accounting where load_date {BETWEEN}",
    ),
    "visits": (
        ["value", "sessions", "engagement_rate", "views_per_session", "mean_duration"],
        "select platform, count(*), avg(cast(is_engaged as integer)), avg(page_view_count), "
        f"avg(duration_seconds) from sessions where not is_bot and session_date {BETWEEN} "
        "group by grouping sets ((platform), ())",
    ),
    "channels": (
        ["sessions", "converting", "conversion_rate"],
        "select sum(session_count), sum(converting_session_count), "
        "sum(converting_session_count) / sum(session_count) from session_conversion "
        f"where conversion_name = 'order' and session_date {BETWEEN} "
        "group by grouping sets ((platform), ())",
    ),
    "steps": (
        ["name", "persons", "from_start", "from_previous", "median_seconds"],
        "select step_name, person_count, conversion_from_start, conversion_from_previous, "
        "median_seconds_from_previous from funnel_conversion where funnel_name = 'purchase' "
        "and period_grain = 'all' and dimension = 'all'",
    ),
    "split": (
        ["value", "rate"],
        "select dimension_value, conversion_from_start from funnel_conversion "
        "where funnel_name = 'purchase' and period_grain = 'all' and dimension = 'platform' "
        "and step_number = 4",
    ),
    "waits": (
        ["value"],
        "select count(*) filter (seconds >= low and seconds < high) from (select "
        "datediff('microsecond', started_at, last_step_at) / 1e6 as seconds from funnel_attempts "
        f"where funnel_name = 'purchase' and is_best and is_completed and attempt_date {BETWEEN}), "
        "(values (0, 60), (60, 300), (300, 900), (900, 3600), (3600, 21600), (21600, 86400), "
        "(86400, 259200), (259200, 604800), (604800, 1e9)) as classes (low, high) "
        "group by low, high",
    ),
    "curve": (
        ["period", "size", "retained", "rate"],
        "select period_number, sum(cohort_size), sum(retained_count), "
        "sum(retained_count) / sum(cohort_size) from retention_cohorts "
        "where retention_name = 'weekly_activity' and is_complete "
        f"and cohort_start between date_trunc('week', date '{FROM}') and date '{TO}' group by 1",
    ),
    "revenue": (
        ["orders", "net", "charged"],
        f"select count(*), sum(net_revenue) * {page.MONEY_UNITS}, "
        f"sum(total_amount) * {page.MONEY_UNITS} from orders where counts_as_sale "
        f"and order_date {BETWEEN} group by grouping sets ((date_trunc('month', order_date)), ())",
    ),
    "statuses": (
        ["status", "orders", "refunded"],
        f"select status, count(*), sum(refunded_amount) * {page.MONEY_UNITS} from orders "
        f"where order_date {BETWEEN} group by status",
    ),
}


@needs_chromium
@pytest.mark.parametrize("figure", SHOWN)
def test_tables_show_what_the_marts_say_of_the_chosen_range(shown, demo_on_duckdb, figure):
    columns, sql = SHOWN[figure]

    def plain(value):
        try:
            return f"{float(value):.5g}"
        except (TypeError, ValueError):
            # A sum of all is named by the page and by nothing in the marts.
            return None if value == "Total" else value

    found = [[plain(row.get(column)) for column in columns] for row in shown.tables[figure]]
    expected = [[plain(value) for value in row] for row in demo_on_duckdb.query(sql).rows]
    assert found
    assert sorted(found, key=str) == sorted(expected, key=str)


@needs_chromium
def test_every_plot_is_drawn(shown):
    drawn_figures = {figure.name for figure in charts.figures() if figure.chart is not None}
    assert drawn_figures == shown.plots
    assert not shown.hidden


@needs_chromium
def test_the_page_speaks_korean(report, tmp_path):
    korean = drawn(report, tmp_path, language="ko", theme="dark")
    assert "퍼널" in korean.texts and "Funnels" not in korean.texts
    assert charts.figures()[0].name in korean.plots


@needs_chromium
def test_attribution_is_shown_where_it_is_built(demo, tmp_path):
    project = copied(demo, tmp_path)
    with duckdb.connect(str(project.database)) as connection:
        connection.execute("drop table attribution")
    assert drawn(written(project, tmp_path), tmp_path).hidden == {"attribution"}
    with duckdb.connect(str(project.database)) as connection:
        connection.execute(
            "create table attribution as select date '2026-06-01' as conversion_date, 'order' as "
            "conversion_name, * from (values ('Email', 'first_touch', 1, 10.5), "
            "('Email', 'linear', 0.25, 2.5), ('Direct', 'linear', 0.75, 8)) as credits "
            "(channel, attribution_model, credit, attributed_value)"
        )
    file = written(project, tmp_path)
    found = drawn(file, tmp_path, range="everything")
    assert "attribution" in found.plots
    assert found.tables["attribution"] == [
        {"channel": "Email", "first_touch": "1", "linear": "0.25"},
        {"channel": "Direct", "first_touch": "0", "linear": "0.75"},
    ]
    assert [row["value"] for row in embedded(file)["tables"]["attribution"]] == [
        80_000, 105_000, 25_000
    ]


# What is empty, missing or held -------------------------------------------------------


def copied(demo: Project, folder) -> Project:
    project = Project(folder / "copy")
    shutil.copy(demo.database, project.database)
    return project


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Events of one day, and no table of the application."""
    project = Project(tmp_path_factory.mktemp("bare"))
    project.write_raw(events=[
        {
            "event_id": f"e{number}", "event_name": "page_viewed", "anonymous_id": "d1",
            "page_url": "https://shop.example/", **dict.fromkeys(
                ("occurred_at", "received_at", "loaded_at"),
                dt.datetime(2026, 3, 1, 12, number),
            ),
        }
        for number in range(3)
    ])
    project.build(data_tests=False)
    return project


def test_marts_without_rows_make_a_page(bare, tmp_path):
    data = embedded(written(bare, tmp_path))
    assert data["tables"]["orders"] == [] == data["tables"]["products"]
    assert [row["daily"] for row in data["tables"]["active"]] == [1]


@needs_chromium
def test_marts_without_rows_are_a_sentence(bare, tmp_path):
    found = drawn(written(bare, tmp_path), tmp_path, language="en")
    assert words()["en"]["products.empty"] in found.texts
    assert words()["en"]["revenue.empty"] in found.texts
    assert "revenue" not in found.plots
    assert "volume" in found.plots


@needs_chromium
def test_no_event_at_all_is_a_sentence(bare, tmp_path):
    project = copied(bare, tmp_path)
    with duckdb.connect(str(project.database)) as connection:
        connection.execute("delete from active_persons")
    found = drawn(written(project, tmp_path), tmp_path, language="en")
    assert words()["en"]["no_data"] in found.texts
    assert not found.plots


def refused(run) -> str:
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert len(run.stderr.splitlines()) == 1
    return run.stderr


def test_a_database_that_is_missing_is_a_sentence(project):
    assert "There is no database" in refused(run_report(project))


def test_a_database_without_marts_is_a_sentence(project):
    duckdb.connect(str(project.database)).close()
    assert "There are no marts in" in refused(run_report(project))


def test_a_file_that_is_no_database_is_a_sentence(project):
    project.database.write_text("no database")
    assert "cannot be opened" in refused(run_report(project))


def test_a_database_that_another_program_writes_is_a_sentence(project):
    with duckdb.connect(str(project.database)):
        said = refused(run_report(project))
    assert "is open in" in said and str(os.getpid()) in said


def test_a_target_that_is_not_there_is_a_sentence(project):
    assert "no target staging; it has bigquery, duckdb, emulator" in refused(
        run_report(project, "--target", "staging")
    )


def test_a_service_that_does_not_answer_is_a_sentence(project):
    said = run_report(project, "--target", "emulator", FOOTFALL_EMULATOR="http://127.0.0.1:9")
    assert "did not answer" in refused(said)
