"""Attribution against the definitions in plain Python, and money of several currencies."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from project import Project
from test_oracles import visit

CHANNELS = ["one", "two", "three", "four", "five"]
NAMES = ["order_placed", "lead_sent"]
START = dt.datetime(2026, 3, 1, 12)


def random_visits(draw: random.Random) -> list[dict]:
    """Persons who come by some channels, and convert in some of their visits."""
    rows = []
    for person in range(150):
        at = START + dt.timedelta(minutes=person)
        for _ in range(draw.randint(1, 8)):
            at += dt.timedelta(days=draw.choice([1, 3, 10, 40]))
            source = draw.choice([*CHANNELS, *CHANNELS[:2], None])
            rows.append(visit(f"p{person}", at, {"source": source} if source else None))
            for name in NAMES:
                if draw.random() < 0.15:
                    rows.append(visit(f"p{person}", at + dt.timedelta(minutes=1), None, name))
    return rows


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> dict[str, list[dict]]:
    project = Project(tmp_path_factory.mktemp("attribution"))
    project.write_raw(events=random_visits(random.Random(5)))
    project.define("channel_rules", [
        {"priority": number, "channel": name, "rule_name": name, "source_pattern": name}
        for number, name in enumerate(CHANNELS)
    ] + [{"priority": 99, "channel": "Direct", "rule_name": "direct"}])
    project.define("conversions", [
        {"conversion_name": name, "event_name": name} for name in NAMES
    ])
    warehouse = project.build()
    names = ("sessions", "touchpoints", "attribution", "removal_effects", "conversions")
    return {name: warehouse.table(name).dicts() for name in names}


def touches_of(tables: dict, name: str) -> dict[str, list[dict]]:
    found = defaultdict(list)
    for row in sorted(tables["touchpoints"], key=lambda row: row["touch_index"]):
        if row["conversion_name"] == name:
            found[row["conversion_id"]].append(row)
    return found


def paths_of(tables: dict, name: str) -> tuple[list[list[str]], list[list[str]]]:
    """The channels of converting paths, and of the person's other visits in runs."""
    touches = touches_of(tables, name)
    touching = {row["session_id"] for path in touches.values() for row in path}
    by_person = defaultdict(list)
    for session in sorted(tables["sessions"], key=lambda row: row["session_number"]):
        by_person[session["person_id"]].append(session)
    others = []
    for sessions in by_person.values():
        last = None
        for session in sessions:
            if session["session_id"] in touching:
                last = None
                continue
            if last is None or session["started_at"] - last > dt.timedelta(days=30):
                others.append([])
            others[-1].append(session["channel"])
            last = session["started_at"]
    return [[row["channel"] for row in path] for path in touches.values()], others


def probability(paths: tuple, without: str | None = None) -> float:
    """Of ever converting in the first-order chain; whoever comes to `without` is lost."""
    counts = Counter()
    for found, end in zip(paths, ("won", "lost"), strict=True):
        for path in found:
            counts.update(itertools.pairwise(["start", *path, end]))
    states = sorted({state for state, _ in counts} - {without})
    leaving = Counter()
    for (state, _), count in counts.items():
        leaving[state] += count
    chain = np.array([[counts[a, b] / leaving[a] for b in states] for a in states])
    won = np.array([counts[a, "won"] / leaving[a] for a in states])
    return np.linalg.solve(np.eye(len(states)) - chain, won)[states.index("start")]


@pytest.mark.parametrize("name", NAMES)
def test_removal_effects_are_those_of_chains_without_the_channel(tables, name):
    paths = paths_of(tables, name)
    assert all(map(len, paths))
    found = {
        row["channel"]: float(row["removal_effect"]) for row in tables["removal_effects"]
        if row["conversion_name"] == name
    }
    assert len(found) == len(CHANNELS) + 1
    whole = probability(paths)
    wanted = {channel: 1 - probability(paths, channel) / whole for channel in found}
    assert found == pytest.approx(wanted, abs=1e-9)


def credits(tables: dict, model: str) -> dict[str, list[Decimal]]:
    found = defaultdict(list)
    for row in sorted(tables["attribution"], key=lambda row: row["touch_index"]):
        if row["attribution_model"] == model:
            found[row["conversion_id"]].append(row["credit"])
    return found


def shapley_by_definition(paths: list[list[str]]) -> dict[str, Fraction]:
    """A set of channels wins each conversion whose channels are all in it; a channel has
    the mean, over all orders of coming, of what is won by its coming."""
    channels = sorted(set(itertools.chain.from_iterable(paths)))
    wins = Counter(frozenset(path) for path in paths)
    worth = {
        frozenset(members): sum(count for path, count in wins.items() if path <= set(members))
        for size in range(len(channels) + 1)
        for members in itertools.combinations(channels, size)
    }
    shares, orders = defaultdict(Fraction), list(itertools.permutations(channels))
    for order in orders:
        for place, channel in enumerate(order):
            before = frozenset(order[:place])
            shares[channel] += Fraction(worth[before | {channel}] - worth[before], len(orders))
    return shares


@pytest.mark.parametrize("name", NAMES)
def test_shapley_is_the_mean_over_all_orders_of_channels(tables, name):
    found = defaultdict(Decimal)
    for row in tables["attribution"]:
        if (row["conversion_name"], row["attribution_model"]) == (name, "shapley"):
            found[row["channel"]] += row["credit"]
    wanted = shapley_by_definition(paths_of(tables, name)[0])
    assert {channel: float(share) for channel, share in found.items()} == pytest.approx(
        {channel: float(share) for channel, share in wanted.items()}, abs=1e-6
    )


def weights(tables: dict, name: str, model: str, path: list[dict]) -> list[float]:
    channels = [row["channel"] for row in path]
    last = path[-1]["touched_at"]
    count = len(path)
    effects = {
        row["channel"]: float(row["removal_effect"]) for row in tables["removal_effects"]
        if row["conversion_name"] == name
    }
    if model == "first_touch":
        return [1, *[0] * (count - 1)]
    if model == "last_touch":
        return [*[0] * (count - 1), 1]
    if model == "last_non_direct":
        chosen = max([n for n in range(count) if channels[n] != "Direct"], default=count - 1)
        return [int(n == chosen) for n in range(count)]
    if model == "position_based" and count > 2:
        return [0.4, *[0.2 / (count - 2)] * (count - 2), 0.4]
    if model == "time_decay":
        return [0.5 ** ((last - row["touched_at"]) / dt.timedelta(days=7)) for row in path]
    if model == "markov":
        return [effects[channel] / channels.count(channel) for channel in channels]
    if model == "shapley":
        return [1 / channels.count(channel) for channel in channels]
    return [1] * count


@pytest.mark.parametrize("model", [
    "first_touch", "last_touch", "last_non_direct", "linear", "position_based", "time_decay",
    "markov", "shapley",
])
def test_credits_are_the_shares_of_the_weights_and_sum_to_one(tables, model):
    found = credits(tables, model)
    assert set(found) == {row["conversion_id"] for row in tables["conversions"]}
    assert {sum(own) for own in found.values()} == {1}
    for name in NAMES:
        for conversion, path in touches_of(tables, name).items():
            own = weights(tables, name, model, path)
            wanted = [weight / sum(own) for weight in own]
            assert list(map(float, found[conversion])) == pytest.approx(wanted, abs=1e-8)


# Money ------------------------------------------------------------------------------------


def order(number: int, **changes) -> dict:
    return {
        "id": f"o{number}", "user_id": "ann", "status": "paid", "currency": "EUR",
        "total_amount": 100, "ordered_at": START + dt.timedelta(days=number),
    } | changes


ORDERS = [
    order(1), order(2, currency="usd"), order(3, currency="USD", total_amount=Decimal("33.33")),
    order(4, currency="KRW", total_amount=9900), order(5, currency=None, total_amount=7),
    order(6, user_id=None, total_amount=50), order(7, user_id="never here", total_amount=20),
    order(8, total_amount=-5), order(9, total_amount=0), order(10, total_amount=30),
    order(11, currency="KRW", status="cancelled"),
]
RATES = [
    {"currency": "EUR", "rate": "1"},
    {"currency": "USD", "valid_from": "2026-03-01", "rate": "0.92"},
    {"currency": "USD", "valid_from": "2026-03-04", "rate": "0.95"},
]


def shop(project: Project) -> Project:
    project.write_raw(
        events=[
            visit("ann's phone", START, {"source": "news", "medium": "email"}),
            visit("ann's phone", START + dt.timedelta(days=1), None) | {"user_id": "ann"},
        ],
        users=[{"id": "ann", "created_at": START}, {"id": "never here", "created_at": START}],
        orders=ORDERS,
        refunds=[{"id": "r", "order_id": "o10", "amount": 45, "refunded_at": START}],
    )
    return project


def test_amounts_are_converted_and_what_has_no_rate_is_told_and_kept_apart(project):
    shop(project).define("exchange_rates", RATES)
    project.dbt("build", "--exclude-resource-type", "unit_test")
    said = project.log.read_text()
    warehouse = project.duckdb
    found = {
        row["order_id"]: row["reporting_revenue"] for row in warehouse.table("orders").dicts()
    }
    assert found == {
        "o1": 100, "o2": 92, "o3": Decimal("31.6635"), "o4": None, "o5": None, "o6": 50, "o7": 20,
        "o8": -5, "o9": 0, "o10": -15, "o11": 0,
    }
    whole = Decimal("273.6635")
    for model in {row["attribution_model"] for row in warehouse.table("attribution").dicts()}:
        rows = [
            row for row in warehouse.table("attribution").dicts()
            if row["attribution_model"] == model
        ]
        assert sum(row["attributed_value"] or 0 for row in rows) == whole
        unattributed = {row["order_id"] for row in rows if row["channel"] == "(unattributed)"}
        assert unattributed == {"o6", "o7"}
    performance = warehouse.query(
        "select attribution_model, sum(revenue), sum(orders) from channel_performance "
        "group by attribution_model"
    ).rows
    assert {row[1:] for row in performance} == {(whole, Decimal(10))}
    for sentence in (
        "no rate for 1 orders in KRW of 9900.0000 in all",
        "no rate for 1 orders in (no currency) of 7.0000 in all",
        "such as o6, name no user and match no session",
        "1 orders of -5.0000 EUR in all, such as o8, have a total_amount below zero",
        "such as o9, have a total_amount of zero",
        "1 orders of 15.0000 EUR in all, such as o10, were refunded more than they charged",
    ):
        assert sentence in said, sentence
    assert "beside orders in other currencies" not in said


def test_without_rates_nothing_is_converted_and_a_second_currency_is_told(project):
    shop(project).dbt("build", "--exclude-resource-type", "unit_test")
    said = project.log.read_text()
    orders = project.duckdb.table("orders").dicts()
    assert all(row["reporting_revenue"] == row["net_revenue"] for row in orders)
    assert "orders in KRW" in said and "beside orders in other currencies" in said
    assert "exchange_rates.csv has no rate for" not in said


@pytest.mark.parametrize(("row", "words"), [
    ({"currency": "USD", "rate": "0,92"}, "USD: rate is 0,92"),
    ({"currency": "USD", "rate": "0"}, "USD: rate is 0; give a number above 0"),
    ({"currency": "USD", "valid_from": "31.03.2026", "rate": "0.9"}, "valid_from is 31.03.2026"),
    ({"currency": "eur", "rate": "2"}, "EUR from always: there are 2 rates of that day"),
])
def test_a_rate_that_cannot_be_used_is_named(project, row, words):
    project.write_raw(events=[visit("ann's phone", START, None)])
    project.define("exchange_rates", [RATES[0], row])
    run = project.dbt("build", "--exclude-resource-type", "unit_test", "--select",
                      "+stg_exchange_rates", "assert_exchange_rates_can_be_used", expect=1)
    assert "exchange_rates.csv" in run.output and words in run.output, run.tail()
