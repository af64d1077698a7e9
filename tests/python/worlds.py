"""Random worlds, cut into random loads.

A world is a handful of devices and people within a few weeks, with everything that makes
increments hard: pauses around the timeout, equal times, sign-ins that come late, phones that
several people share, retries across midnight and with another receipt, recycled ids, rows
that are refused, servers, devices that are never idle. Each world has weeks of its own, so
that a day that one of them forgot to rebuild is not rebuilt for another one's sake.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

START = dt.datetime(2024, 1, 10)
WEEKS_OF_A_WORLD = dt.timedelta(days=40)
MINUTE = dt.timedelta(minutes=1)
GAPS = [0, 0, 0, 1, 10, 10, 29, 30, 30, 31, 90, 600, 1400, 1440, 7000]
NAMES = ["page_viewed", "page_viewed", "product_viewed", "button_clicked", "order_placed", "odd"]
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1)"


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
            "page_url": draw.choice([None, "https://shop.example/a", "https://shop.example/b?utm_source=x"]),
            "element": draw.choice([None, None, "buy"]), "user_agent": None, "properties": None,
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

    for device in devices:
        at = start + draw.choice([0, 1, 600, 1430, 1439]) * MINUTE
        stays_signed_in, user = draw.random() < 0.3, None
        agent = draw.choice([None, None, "Mozilla/5.0 Firefox/120", BOT])
        for _ in range(draw.randint(1, 25)):
            at += draw.choice(GAPS) * MINUTE + dt.timedelta(microseconds=draw.choice([0, 0, 0, 1]))
            if draw.random() < 0.3:
                user = draw.choice([None, *people])
            elif not stays_signed_in:
                user = None
            add(at, device, user, user_agent=agent)
    if draw.random() < 0.3:
        # A kiosk: never idle for days.
        at = start + draw.choice([0, 700]) * MINUTE
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
