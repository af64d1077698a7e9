"""Random worlds, cut into random loads, beside random orders and definitions.

A world is a handful of devices and people within a few weeks, with everything that makes
increments hard: pauses around the timeout, equal times, sign-ins that come late, phones that
several people share, retries across midnight and with another receipt, recycled ids, ids
that are unique for a device only, rows that are refused, servers, devices that are never idle. Each world has weeks of its own, so
that a day that one of them forgot to rebuild is not rebuilt for another one's sake.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from dataclasses import dataclass, field
from pathlib import Path

START = dt.datetime(2024, 1, 10)
WEEKS_OF_A_WORLD = dt.timedelta(days=40)
MINUTE = dt.timedelta(minutes=1)
GAPS = [0, 0, 0, 1, 10, 10, 29, 30, 30, 31, 90, 600, 1400, 1440, 7000]
NAMES = ["page_viewed", "page_viewed", "product_viewed", "button_clicked", "order_placed", "odd"]
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1)"
AGENTS = [None, None, "Mozilla/5.0 Firefox/120", BOT]
PAGES = [None, "https://shop.example/a", "https://shop.example/b?utm_source=x"]
REFERRERS = [None, None, None, "https://news.example/", "https://www.google.com/", "https://t.co/"]
# Where these lead, by the committed rules.
CHANNELS = ["Direct", "Referral", "Organic Search", "Organic Social"]
DEFINITIONS = Path(__file__).resolve().parents[2] / "seeds" / "definitions"


@dataclass
class Schedule:
    """What an observer of the raw table sees: the rows at the time of each run."""

    runs: list[list[dict]]
    history: list[str] = field(default_factory=list)


def world(number: int, draw: random.Random) -> list[dict]:
    """The raw rows of one world, in no order."""
    start = START + number * WEEKS_OF_A_WORLD
    devices = [f"w{number}d{n}" for n in range(draw.randint(1, 3))]
    people = [f"w{number}p{n}" for n in range(draw.randint(1, 3))]
    rows: list[dict] = []

    def add(at: dt.datetime, device: str | None, user: str | None, **changes) -> None:
        late = draw.choice([0, 2, 2, 60, 40_000, 90_000, 700_000])
        received = at + dt.timedelta(seconds=late)
        loaded = received + draw.choice([0, 1, 5, 600]) * MINUTE
        if draw.random() < 0.4:
            loaded = loaded.replace(minute=0, second=0, microsecond=0) + 60 * MINUTE
        row = {
            "event_id": f"w{number}e{len(rows)}", "event_name": draw.choice(NAMES),
            "occurred_at": at, "sent_at": None, "received_at": received, "loaded_at": loaded,
            "anonymous_id": device, "user_id": user, "platform": "web",
            "page_url": draw.choice(PAGES), "page_referrer": draw.choice(REFERRERS),
            "element": draw.choice([None, None, "buy"]), "user_agent": None,
            "country": draw.choice([None, "KR", "DE"]), "properties": properties(number, draw),
        } | changes
        if draw.random() < 0.1:
            row["sent_at"] = at + dt.timedelta(seconds=draw.choice([0, 1, 90_000]))
        rows.append(row)
        if draw.random() < 0.15:
            again = received + draw.choice([0, 30, 1000, 4000]) * MINUTE
            rows.append(row | {
                "received_at": draw.choice([received, again]),
                "loaded_at": draw.choice([loaded, loaded, again, again - 2000 * MINUTE]),
                "page_url": draw.choice([row["page_url"], "https://shop.example/c"]),
                "sent_at": draw.choice([row["sent_at"], None, at]),
            })
        if device and draw.random() < 0.05:
            # A tracker that counts its events from one on: the same id on another device.
            rows.append(row | {"anonymous_id": draw.choice(devices), "loaded_at": draw.choice([
                loaded, received + draw.choice([0, 1000]) * MINUTE,
            ])})

    for device in devices:
        at = start + draw.choice([0, 1, 600, 1430, 1439]) * MINUTE
        stays_signed_in, user = draw.random() < 0.3, None
        agent = draw.choice(AGENTS)
        for _ in range(draw.randint(1, 25)):
            at += draw.choice(GAPS) * MINUTE + dt.timedelta(microseconds=draw.choice([0, 0, 0, 1]))
            if draw.random() < 0.3:
                user = draw.choice([None, *people])
            elif not stays_signed_in:
                user = None
            add(at, device, user, user_agent=agent)
    if draw.random() < 0.3:
        # A kiosk: never idle for days, on one of them from its midnight on.
        at = start + draw.choice([-30, 0, 700]) * MINUTE
        for _ in range(draw.randint(100, 220)):
            at += 30 * MINUTE
            add(at, f"w{number}kiosk", draw.choice([None] * 40 + people))
    for _ in range(draw.randint(0, 4)):
        at = start + dt.timedelta(minutes=draw.randint(0, 20_000))
        kind = draw.choice(["server", "user only", "refused", "refused", "recycled", "future"])
        if kind == "server":
            add(at, draw.choice([None, *devices]), draw.choice([None, *people]) or people[0],
                platform="server")
        elif kind == "user only":
            add(at, None, draw.choice(people))
        elif kind == "refused":
            add(at, draw.choice(devices), None, **draw.choice([
                {"event_id": None}, {"event_name": None}, {"occurred_at": None},
                {"anonymous_id": None, "user_id": None}, {"properties": "[1]"},
            ]))
        elif kind == "recycled":
            add(at, draw.choice(devices), None, event_id=f"w{number}e0")
        else:
            add(at, draw.choice(devices), None, received_at=at - dt.timedelta(hours=23))
    return rows


def properties(number: int, draw: random.Random) -> str | None:
    """A few well-known keys, of which an order may come twice and from anybody."""
    if draw.random() < 0.5:
        return None
    known = {
        "product_id": f"p{draw.randint(1, 3)}", "order_id": f"w{number}o{draw.randint(1, 5)}",
        "value": draw.choice([0, 1.5, 20]), "currency": draw.choice(["EUR", "KRW"]),
    }
    return json.dumps({key: known[key] for key in known if draw.random() < 0.5})


def application(events: list[dict], draw: random.Random) -> dict[str, list[dict]]:
    """The application's tables on the day of a run. They are of that day: a row may go, and
    another status may stand in it; some orders have an event that tells of them, some one
    beside them in time, some none."""
    signed_in = [row for row in events if row["user_id"] and row["occurred_at"]]
    people = sorted({row["user_id"] for row in signed_in})
    orders = {}
    for row in draw.sample(signed_in, len(signed_in) // 10):
        known = json.loads(row["properties"] or "{}")
        key = known.get("order_id", f"o{row['event_id']}")
        orders[key] = {
            "id": key, "user_id": draw.choice([row["user_id"]] * 3 + people[:1]),
            "status": draw.choice(["pending", "paid", "delivered", "cancelled", "refunded"]),
            "currency": "KRW" if key.endswith("1") else "EUR",
            "total_amount": draw.choice([10, 25]),
            "ordered_at": row["occurred_at"] + draw.choice([0, 1, 5000]) * MINUTE,
        }
    return {
        "identities": [
            {"anonymous_id": None, "other_user_id": user, "user_id": people[0], "known_at": START}
            for user in people[1:] if draw.random() < 0.1
        ],
        "users": [{"id": user, "created_at": START} for user in people if draw.random() < 0.8],
        "products": [
            {"id": f"p{n}", "name": f"Product {n}", "category": draw.choice(["a", "b"]),
             "price": 10, "currency": "EUR"} for n in (1, 2)
        ],
        "orders": list(orders.values()),
        "order_items": [
            {"id": f"i{key}", "order_id": key, "product_id": f"p{draw.randint(1, 3)}",
             "quantity": 1, "unit_price": 10} for key in orders
        ],
        "refunds": [
            {"id": f"r{key}", "order_id": key, "amount": 3,
             "refunded_at": orders[key]["ordered_at"] + MINUTE}
            for key in orders if draw.random() < 0.1
        ],
    }


def definitions(draw: random.Random) -> dict[str, list[dict]]:
    """Definitions that somebody has edited before a run, by seed: mostly one or two."""
    every = [bot_patterns, channel_rules, conversions, funnels, retentions, tracking_plan]
    edited: dict[str, list[dict]] = {}
    for edit in draw.sample(every, draw.choice([0, 1, 1, 2, len(every)])):
        edited |= edit(draw)
    # From a copy, so that worlds with a number stay those that they were.
    aside = random.Random()
    aside.setstate(draw.getstate())
    return edited | (exchange_rates(aside) if aside.random() < 0.4 else {})


def funnels(draw: random.Random) -> dict[str, list[dict]]:
    """Funnels with their steps and exclusions; a name may come back with other steps."""
    heads, steps, exclusions = [], [], []
    for name in draw.sample(["a", "b", "c", "d"], draw.choice([0, 1, 2, 2, 3, 3])):
        heads.append({
            "funnel_name": name, "description": name, "step_order": "ordered",
            "window_seconds": draw.choice([1, 60, 1800, 86_400, 2_592_000]),
            "breakdown_property": draw.choice(["", "", "currency", "page", "platform"]),
        })
        count = draw.randint(1, 4)
        for number in range(1, count + 1):
            for _ in range(draw.choice([1, 1, 2])):
                key, value = draw.choice([("", "")] * 4 + [("currency", "EUR"), ("value", "1.5")])
                steps.append({
                    "funnel_name": name, "step_number": number, "step_name": f"step {number}",
                    "event_name": draw.choice([*NAMES, "Page_Viewed", ""]),
                    "page_pattern": draw.choice(["", "", "", "/a$", "b"]),
                    "property_name": key, "property_value": value,
                })
        if count > 1 and draw.random() < 0.5:
            after = draw.randint(1, count - 1)
            exclusions.append({
                "funnel_name": name, "event_name": draw.choice(NAMES), "after_step": after,
                "before_step": draw.randint(after + 1, count),
            })
    return {"funnels": heads, "funnel_steps": steps, "funnel_exclusions": exclusions}


def conversions(draw: random.Random) -> dict[str, list[dict]]:
    return {"conversions": [
        {"conversion_name": name, "event_name": draw.choice([*NAMES, "order"]),
         "value_from": draw.choice(["", "value"])}
        for name in draw.sample(["one", "two", "three"], draw.randint(0, 3))
    ]}


def exchange_rates(draw: random.Random) -> dict[str, list[dict]]:
    """Rates of some currencies from some days on, or of none."""
    days = ["", str(START.date()), str((START + WEEKS_OF_A_WORLD).date())]
    return {"exchange_rates": [
        {"currency": currency, "valid_from": day, "rate": draw.choice(["1", "0.000667", "1.25"])}
        for currency in ("EUR", "KRW") for day in days if draw.random() < 0.4
    ]}


def retentions(draw: random.Random) -> dict[str, list[dict]]:
    return {"retentions": [
        {"retention_name": name, "description": name, "start_event": draw.choice(["", *NAMES]),
         "return_event": draw.choice(["", *NAMES]),
         "cohort_rule": draw.choice(["first_ever", "every"]),
         "period": draw.choice(["day", "week", "month"]),
         "mode": draw.choice(["on", "on_or_after"]), "max_periods": draw.randint(1, 12)}
        for name in draw.sample(["one", "two", "three"], draw.randint(0, 3))
    ]}


def channel_rules(draw: random.Random) -> dict[str, list[dict]]:
    """Rules that go, and channels that take another's name or exchange theirs."""
    rules = [rule for rule in committed("channel_rules") if draw.random() < 0.9]
    old, new = draw.sample(CHANNELS, 2)
    names = {old: new, new: draw.choice([old, new])}
    return {"channel_rules": [
        rule | {"channel": names.get(rule["channel"], rule["channel"])} for rule in rules
    ]}


def bot_patterns(draw: random.Random) -> dict[str, list[dict]]:
    patterns = [row for row in committed("bot_patterns") if draw.random() < 0.7]
    if draw.random() < 0.3:
        patterns.append({"pattern": "firefox", "category": "crawler"})
    return {"bot_patterns": patterns}


def tracking_plan(draw: random.Random) -> dict[str, list[dict]]:
    return {"tracking_plan": [
        {"event_name": name, "description": name, "owner": "web", "status": "active",
         "counts_as_activity": draw.choice(["true", "true", "false"])}
        for name in dict.fromkeys(NAMES) if draw.random() < 0.8
    ]}


def committed(seed: str) -> list[dict]:
    with (DEFINITIONS / f"{seed}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def schedule(worlds: int, runs: int, draw: random.Random) -> Schedule:
    """Every row is visible from some run on; some loads vanish again later."""
    rows = [(draw.random(), row) for n in range(worlds) for row in world(n, draw)]
    # Most rows come in the order of loading, the others at any time.
    in_order = sorted((row for _, row in rows), key=lambda row: row["loaded_at"])
    share = {id(row): place / len(in_order) for place, row in enumerate(in_order)}
    first_run = {
        id(row): min(runs - 1, int((chance if chance < 0.3 else share[id(row)] ** 0.7) * runs))
        for chance, row in rows
    }
    seen, deleted, history = [], set(), []
    for run in range(runs):
        if run and draw.random() < 0.5:
            victim = draw.choice(rows)[1]["loaded_at"].date()
            loaded = [row for _, row in rows if row["loaded_at"].date() == victim]
            gone = [row for row in loaded if first_run[id(row)] < run]
            come = [row for row in loaded if first_run[id(row)] == run]
            if draw.random() < 0.5:
                gone = draw.sample(gone, draw.randint(0, len(gone)))
            # As many deleted as added go unseen: a documented limit.
            if len(come) != len([row for row in gone if id(row) not in deleted]):
                deleted |= {id(row) for row in gone}
                history.append(f"run {run}: {len(gone)} rows of {victim} are deleted")
        visible = [row for _, row in rows if first_run[id(row)] <= run and id(row) not in deleted]
        draw.shuffle(visible)
        history.append(f"run {run}: {len(visible)} rows")
        seen.append(visible)
    return Schedule(seen, history)
