"""Households, humans, their devices, and when they come by.

A household is one human, or two who share the first one's phone. Humans are of
cohorts (the week they arrive in) and come through a source; both decide whether
they stay, how often they return and whether they buy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from enum import IntEnum

import numpy as np

from demo.arrays import Columns, pick, running_max_before, take
from demo.catalog import (
    COUNTRIES,
    DAY,
    DIRECT,
    HOUR,
    MINUTE,
    MODEL_IS_PHONE,
    MODEL_IS_WEB,
    MODELS,
    SECOND,
    SOURCES,
)

# Weight of each local hour of a day, midnight first, and of each day, Monday first.
HOUR_WEIGHT = np.array(
    [9, 5, 3, 2, 2, 3, 7, 14, 20, 24, 27, 30]
    + [36, 33, 28, 27, 29, 34, 41, 50, 58, 60, 46, 24],
    dtype=float,
)
WEEKDAY_WEIGHT = np.array([1.05, 1.0, 0.97, 0.96, 0.9, 1.05, 1.25])

SHARED_PHONE = 0.05  # share of households
ESTABLISHED = 0.30  # share of humans who were customers before the period
ESTABLISHED_DAYS = 200  # how long before the period they may have arrived
VISITS_PER_DAY = 0.16  # mean of a returning visitor; spread by a gamma distribution
TAKEOVER = 0.12  # share of visits on a shared phone that the other one follows

# Visits of one device, and of one human, are further apart than the 30 minutes that
# end a session, with room for what is decided after the visit's length is.
APART = 40 * MINUTE


class Intent(IntEnum):
    """What a visit is for. RESUME buys the basket that an earlier visit left."""

    BOUNCE = 0
    BROWSE = 1
    RESEARCH = 2
    ABANDON = 3
    BUY = 4
    SERVICE = 5
    RESUME = 6


INTENT_WEIGHT = np.array([0.27, 0.40, 0.10, 0.09, 0.08, 0.06])

# A source tells of the people it brought first, and of each visit that it brings.
BUYS = np.sqrt([source.buys for source in SOURCES])


@dataclass(frozen=True)
class Period:
    """The days simulated, and how busy each hour of them is.

    Days are UTC and count from `start`. A position in the period may be told in two
    ways: in days, or as the fraction of all activity that has gone by. Uniform
    draws of the latter have the daily and weekly rhythm in the former.
    """

    start: date
    days: int
    _hours: np.ndarray = field(init=False, repr=False)
    _gone_by: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Add up the activity of the hours; raises ValueError for under a week."""
        if self.days < 7:
            raise ValueError("a period has at least 7 days")
        weekdays = (self.start.weekday() + np.arange(self.days)) % 7
        weights = np.outer(WEEKDAY_WEIGHT[weekdays], HOUR_WEIGHT).ravel()
        gone_by = np.concatenate([[0.0], np.cumsum(weights)])
        object.__setattr__(self, "_hours", np.arange(len(gone_by)) / 24)
        object.__setattr__(self, "_gone_by", gone_by / gone_by[-1])

    @property
    def start_us(self) -> int:
        """Return the first instant, in microseconds since 1970-01-01 UTC."""
        moment = datetime(*self.start.timetuple()[:3], tzinfo=timezone.utc)
        return int(moment.timestamp()) * SECOND

    @property
    def end_us(self) -> int:
        """Return the first instant after the period."""
        return self.start_us + self.days * DAY

    def to_days(self, fractions: np.ndarray) -> np.ndarray:
        """Turn fractions of activity into days."""
        return np.interp(fractions, self._gone_by, self._hours)

    def to_fractions(self, days: np.ndarray) -> np.ndarray:
        """Turn days (clipped to the period) into fractions of activity."""
        return np.interp(days, self._hours, self._gone_by)

    def source_weights(self, column: str) -> np.ndarray:
        """Return day x source: the weights named `column` of the sources that run."""
        day = (np.arange(self.days)[:, None] + 0.5) / self.days
        begin, end = np.array([source.runs for source in SOURCES]).T
        weights = np.array([getattr(source, column) for source in SOURCES], dtype=float)
        return np.where((day >= begin) & (day < end), weights, 0.0)

    def draw_sources(
        self, generator: np.random.Generator, days: np.ndarray, column: str
    ) -> np.ndarray:
        """Draw a source for each day in `days` (clipped to the period)."""
        edges = np.cumsum(self.source_weights(column), axis=1)
        edges /= edges[:, -1:]
        row = np.clip(days.astype(np.int64), 0, self.days - 1)
        return (generator.random(len(days))[:, None] >= edges[row]).sum(axis=1)


def draw_people(
    generator: np.random.Generator, period: Period, household_count: int
) -> Columns:
    """Return humans, sorted by household; `arrival` is in days from the start.

    Negative arrivals are of established customers. `partner` is the human one shares
    a phone with, else -1; the second of two owns no primary device of their own.
    """
    shares = generator.random(household_count) < SHARED_PHONE
    size = 1 + shares
    household = np.repeat(np.arange(household_count), size)
    count = len(household)
    second = np.zeros(count, dtype=bool)
    second[np.cumsum(size)[shares] - 1] = True
    in_pair = np.repeat(shares, size)
    position = np.arange(count)
    partner = np.where(in_pair, np.where(second, position - 1, position + 1), -1)

    established = generator.random(count) < ESTABLISHED
    arrival = np.where(
        established,
        -generator.uniform(0.5, ESTABLISHED_DAYS, count),
        period.to_days(generator.random(count)),
    )
    source = period.draw_sources(generator, arrival, "new_weight")
    stays = np.array([each.stays for each in SOURCES])[source]
    # Weekly cohorts differ: quality drifts, and two weeks had a broken sign-up mail.
    week = np.floor(arrival / 7)
    cohort = 1 + 0.25 * np.sin(week * 1.3) - 0.5 * np.isin(week, (5, 6))
    stays = np.clip(stays * cohort, 0, 0.95)
    registers = np.array([each.registers for each in SOURCES])[source]
    loyal = generator.random(count) < np.where(in_pair, 0.9, stays)
    return {
        "household": household,
        "partner": partner,
        "second": second,
        "established": established,
        "arrival": arrival,
        "source": source,
        "country": pick(generator, [each.weight for each in COUNTRIES], count),
        "registers": established | in_pair | (generator.random(count) < registers),
        "stays": loyal,
        "lifetime": np.where(loyal, generator.exponential(55.0, count) + 5, 0.0),
        "visits_per_day": generator.gamma(1.6, VISITS_PER_DAY / 1.6, count),
        "buys": BUYS[source] * generator.gamma(2.0, 0.5, count),
        "favourite": generator.integers(0, 8, count),
    }


def draw_devices(generator: np.random.Generator, people: Columns) -> Columns:
    """Return devices, sorted by owner, and set `primary`, `extra_*` of the people.

    `release_lag` counts app releases. `signed_in_before` devices carried somebody's
    session into the period.
    """
    count = len(people["household"])
    own = 1 + pick(generator, [0.68, 0.26, 0.06], count) - people["second"]
    first = np.cumsum(own) - own
    people["primary"] = np.where(people["second"], first[people["partner"]], first)
    people["extra_first"] = first + ~people["second"]
    people["extra_count"] = own - ~people["second"]

    owner = np.repeat(np.arange(count), own)
    total = len(owner)
    by_link = (people["source"][owner] != DIRECT) & (generator.random(total) < 0.9)
    model = np.where(
        by_link,
        pick(generator, [each.campaign_weight for each in MODELS], total),
        pick(generator, [each.direct_weight for each in MODELS], total),
    )
    shared = np.zeros(total, dtype=bool)
    shared[people["primary"][people["second"]]] = True
    phones = np.where(MODEL_IS_PHONE & [each.direct_weight > 0 for each in MODELS])[0]
    model[shared] = generator.choice(phones, shared.sum())
    return {
        "owner": owner,
        "model": model,
        "shared": shared,
        "release_lag": pick(generator, [0.5, 0.25, 0.15, 0.1], total),
        "signed_in_before": people["established"][owner]
        & ~shared
        & (generator.random(total) < 0.5),
    }


def draw_visits(
    generator: np.random.Generator, period: Period, people: Columns, devices: Columns
) -> Columns:
    """Return planned visits, sorted by human and `start` (microseconds, UTC).

    `parent` is the row of the visit on a shared phone that this one takes over
    from, `origin` the row of the visit whose basket it buys; both else -1. The start
    of a visit that takes over is preliminary: it follows its parent's end.
    """
    count = len(people["household"])
    arrival, days = people["arrival"], period.days
    # The first visit of newcomers, then those within a lifetime, then the odd one
    # long after (resurrection).
    newcomer = np.where(arrival >= 0)[0]
    begin = np.clip(arrival, 0, days)
    end = np.clip(arrival + people["lifetime"], 0, days)
    returning = generator.poisson(people["visits_per_day"] * (end - begin))
    relapsing = np.where(
        people["stays"] & (end < days) & (generator.random(count) < 0.15), 1, 0
    )
    lower, upper = period.to_fractions(begin), period.to_fractions(end)
    human_returning = np.repeat(np.arange(count), returning)
    human_relapsing = np.repeat(np.arange(count), relapsing)
    human = np.concatenate([newcomer, human_returning, human_relapsing])
    early = generator.random(len(human_returning)) ** 1.3
    fraction = np.concatenate(
        [
            lower[newcomer],
            lower[human_returning]
            + (upper - lower)[human_returning] * early,
            upper[human_relapsing]
            + (1 - upper)[human_relapsing] * generator.random(len(human_relapsing)),
        ]
    )
    is_first = np.arange(len(human)) < len(newcomer)
    local_days = period.to_days(fraction)
    offset = np.array([each.utc_offset_hours for each in COUNTRIES])
    start = (
        period.start_us
        + (local_days * DAY).astype(np.int64)
        - offset[people["country"][human]] * HOUR
    )
    extra = np.minimum(
        (generator.random(len(human)) * people["extra_count"][human]).astype(np.int64),
        np.maximum(people["extra_count"][human] - 1, 0),
    )
    use_primary = (
        is_first
        | (people["extra_count"][human] == 0)
        | (generator.random(len(human)) < 0.7)
    )
    # Who has only the shared phone uses it; who has more, mostly too.
    device = np.where(
        use_primary, people["primary"][human], people["extra_first"][human] + extra
    )
    source = np.where(
        is_first,
        people["source"][human],
        period.draw_sources(generator, local_days, "return_weight"),
    )
    source = np.where(MODEL_IS_WEB[devices["model"][device]], source, DIRECT)
    visits = {
        "human": human,
        "device": device,
        "source": source,
        "start": start,
        "parent": np.full(len(human), -1),
    }
    visits = take(visits, np.lexsort((start, human)))
    visits = _add_takeovers(generator, people, devices, visits)
    _draw_intents(generator, people, visits)
    return visits


def _add_takeovers(
    generator: np.random.Generator, people: Columns, devices: Columns, visits: Columns
) -> Columns:
    """Let the other human take a shared phone over after some visits."""
    shared = devices["shared"][visits["device"]]
    followed = shared & (generator.random(len(shared)) < TAKEOVER)
    parent = np.where(followed)[0]
    child = take(visits, parent)
    child["human"] = people["partner"][child["human"]]
    child["start"] = child["start"] + 1
    child["source"] = np.full(len(parent), DIRECT)
    child["parent"] = parent
    # Parents stay where they are: children go below, so that row numbers hold.
    merged = {name: np.concatenate([visits[name], child[name]]) for name in visits}
    order = np.lexsort((merged["start"], merged["human"]))
    row_after = np.empty(len(order), dtype=np.int64)
    row_after[order] = np.arange(len(order))
    has_parent = merged["parent"] >= 0
    merged["parent"][has_parent] = row_after[merged["parent"][has_parent]]
    merged["is_parent"] = np.concatenate([followed, np.zeros(len(parent), dtype=bool)])
    return take(merged, order)


def _draw_intents(
    generator: np.random.Generator, people: Columns, visits: Columns
) -> None:
    """Set `intent` and `origin` of visits that are sorted by human and start."""
    human = visits["human"]
    registers = people["registers"][human]
    weights = np.tile(INTENT_WEIGHT, (len(human), 1))
    buys = people["buys"][human] * BUYS[visits["source"]]
    weights[:, Intent.BUY] *= buys * registers
    weights[:, Intent.ABANDON] *= 0.4 + 0.6 * buys
    weights[:, Intent.SERVICE] *= registers
    edges = np.cumsum(weights, axis=1)
    draw = generator.random(len(human)) * edges[:, -1]
    intent = (draw[:, None] >= edges).sum(axis=1)

    # The visit after one that left a basket buys it, often: hours or weeks later, on
    # whatever device. Takeovers are left out, since their time is not final.
    fixed = (visits["parent"] < 0) & ~visits["is_parent"]
    follows = np.zeros(len(human), dtype=bool)
    follows[1:] = (
        (human[1:] == human[:-1])
        & fixed[1:]
        & fixed[:-1]
        & (intent[:-1] == Intent.ABANDON)
        & (intent[1:] != Intent.ABANDON)
        & registers[1:]
        & (generator.random(len(human) - 1) < 0.4)
    )
    intent[follows] = Intent.RESUME
    visits["intent"] = intent
    visits["origin"] = np.where(follows, np.arange(len(human)) - 1, -1)


def keep_apart(
    generator: np.random.Generator, period: Period, visits: Columns, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return final starts, and which visits to keep.

    `end` is when each visit ends given its preliminary start. A visit goes where it
    would come within APART of an earlier one of its human or its device (a takeover:
    of its human), or leave the period; and where its parent or origin goes.
    """
    parent, origin = visits["parent"], visits["origin"]
    child = parent >= 0
    start = visits["start"].copy()
    pause = generator.uniform(1.0, 8.0, len(start)) * MINUTE
    start[child] = end[parent[child]] + pause[child].astype(np.int64)
    end = end + (start - visits["start"])

    keep = (start >= period.start_us) & (end < period.end_us - 10 * MINUTE)
    for group in ("human", "device"):
        order = np.lexsort((start, visits[group]))
        # Ends of visits that go count as well: that costs a few visits and saves
        # a loop.
        latest = running_max_before(
            visits[group][order], (end - period.start_us)[order]
        )
        free = np.empty(len(order), dtype=bool)
        free[order] = latest < (start - period.start_us - APART)[order]
        keep &= free | child if group == "device" else free
    keep &= ~child | keep[parent]
    keep &= (origin < 0) | keep[origin]
    return start, keep


def draw_sign_ins(
    generator: np.random.Generator, people: Columns, devices: Columns, visits: Columns
) -> Columns:
    """Return, per visit, whether it `starts_signed_in` and where it signs in, if so.

    `sign_in` is 0 (does not), 1 (first event), 2 (early) or 3 (at the checkout).
    Own devices: anonymous until something needs an account, mostly signed in from
    then on. Shared phones: a visit is anonymous throughout, or its human signs in
    with the first event unless the visit before was theirs already.
    """
    count = len(visits["human"])
    intent, human, device = visits["intent"], visits["human"], visits["device"]
    shared = devices["shared"][device]
    # Only visits that buy may sign in at the checkout: no other reaches it.
    buying = (intent == Intent.BUY) | (intent == Intent.RESUME)
    wants = buying | (intent == Intent.SERVICE)
    wants |= (intent == Intent.BROWSE) & (generator.random(count) < 0.08)
    wants &= people["registers"][human]
    hides = shared & (intent <= Intent.RESEARCH) & (generator.random(count) < 0.25)
    hides &= (visits["parent"] < 0) & ~visits["is_parent"]
    remembered = generator.random(count) < 0.85
    late = generator.random(count) < 0.5

    order = np.lexsort((visits["start"], device))
    same_device = np.zeros(count, dtype=bool)
    same_device[1:] = device[order][1:] == device[order][:-1]
    wanted = np.cumsum(wants[order])
    before_device = np.maximum.accumulate(
        np.where(same_device, 0, wanted - wants[order])
    )
    signed_before = (wanted - wants[order]) > before_device
    signed_before |= devices["signed_in_before"][device[order]]
    known = np.empty(count, dtype=bool)
    known[order] = signed_before & remembered[order]

    signed_shared = shared & ~hides
    continues = np.zeros(count, dtype=bool)
    continues[1:] = (
        same_device[1:]
        & (human[order][1:] == human[order][:-1])
        & signed_shared[order][:-1]
    )
    still_theirs = np.empty(count, dtype=bool)
    still_theirs[order] = continues

    starts_signed_in = np.where(shared, signed_shared & still_theirs, known)
    sign_in = np.where(wants & ~known, np.where(buying & late, 3, 2), 0)
    sign_in = np.where(shared, np.where(signed_shared & ~still_theirs, 1, 0), sign_in)
    return {"starts_signed_in": starts_signed_in, "sign_in": sign_in}
