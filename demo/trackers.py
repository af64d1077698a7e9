"""From what happened to the rows a collector delivers, misbehaviour included.

`deliver` is the only place where anything goes wrong between a device and the
warehouse, and it notes each row's defect. Times are microseconds since 1970-01-01
UTC; NEVER stands for null.
"""

from __future__ import annotations

import numpy as np

from demo.arrays import Columns, concat, last_position, pick, starts_of_runs, take
from demo.catalog import (
    APP_VERSIONS,
    DAY,
    DAYS_PER_RELEASE,
    FIRST_UNKNOWN_NAME,
    FIRST_UNTIDY_NAME,
    FIRST_VERSION_WITH_ENGAGEMENT,
    HOUR,
    MINUTE,
    MODEL_IS_WEB,
    SECOND,
    UNKNOWN_NAMES,
    UNTIDY_NAMES,
    Element,
    Event,
)
from demo.people import Period

NEVER = np.iinfo(np.int64).min

# In the order in which the models evaluate them; each refused row has just one.
REASONS = [
    "missing_event_id",
    "missing_event_name",
    "unparseable_occurred_at",
    "missing_identity",
    "time_in_future",
    "time_too_old",
    "malformed_properties",
]
DEFECTS = [
    "bot",
    "late",
    "wrong_clock",
    "missing_property",
    "unknown_event",
    "untidy_name",
    "repeated_order_event",
    "retry",
] + [f"rejected:{reason}" for reason in REASONS]
OUTCOMES = ["accepted", "duplicate", "rejected"]
EXPLANATIONS = [
    "anonymous_on_shared_device",
    "device_never_signed_in",
    "restless_device_cut_at_midnight",
]
MALFORMED = ["not json", '{"product_id": ', '["p0001"]', "[]", '"text"', "undefined"]

RETRY = 0.012  # of the rows
REFUSED = 0.006
LATE = 0.03  # of the visits in apps, where they need no network
WRONG_CLOCK = 0.025  # of the devices
MISSING_PROPERTY = 0.01  # of product views and searches
UNKNOWN = 0.006  # of clicks
UNTIDY = 0.003  # of page views
NO_SENT_AT = (0.10, 0.03)  # of browsers, of apps

FLUSH = 15 * SECOND  # apps send what they have this often, browsers at once
LATENCY = (20_000, 800_000)
LOAD_EVERY = 5 * MINUTE


def rows_per_event() -> float:
    """Return how many raw rows an event becomes, on average."""
    return 1 + RETRY + REFUSED


def draw_trackers(generator: np.random.Generator, devices: Columns) -> None:
    """Set the clock error (`skew`) and `sends_sent_at` of the devices.

    A tracker that does not say when it sent has a right clock, as nothing could
    correct it.
    """
    count = len(devices["owner"])
    on_web = MODEL_IS_WEB[devices["model"]]
    sends = generator.random(count) >= np.where(on_web, *NO_SENT_AT)
    wrong = generator.random(count) < WRONG_CLOCK
    far = np.exp(generator.uniform(np.log(3 * MINUTE), np.log(25 * DAY), count))
    far *= generator.choice([-1, 1], count)
    near = generator.normal(0, 1.2 * SECOND, count)
    devices["wrong_clock"] = sends & wrong
    devices["skew"] = np.where(sends, np.where(wrong, far, near), 0).astype(np.int64)
    devices["sends_sent_at"] = sends
    devices["crawler"] = np.zeros(count, dtype=bool)


def tell_whose(
    people: Columns, devices: Columns, visits: Columns, events: Columns
) -> None:
    """Set `true_person`, `expected_person`, `explanation` of the events.

    A person is a row of people (a user), or the number of people plus a device.
    `true_person` is who it is, as far as the logs can tell: the user, where this
    human ever signs in on this device; else the device. `expected_person` is what
    the rule for persons gives: the last user signed in on the device at or before,
    else the first one later, else the device.
    """
    crowd = int(devices["owner"].max()) + 1
    device, human, user = events["device"], events["human"], events["user"]
    on_device = np.where(device >= 0)[0]

    # Sign-ins by (device, human), told by visits as there are fewer of them.
    # Crawlers' visits hold -1 where people's hold what they did.
    key = visits["device"] * crowd + visits["human"]
    signs = visits["starts_signed_in"] | (visits["sign_in"] > 0)
    pairs = np.unique(key[signs])
    position = np.minimum(np.searchsorted(pairs, key), max(len(pairs) - 1, 0))
    known = pairs[position] == key if len(pairs) else np.zeros(len(key), dtype=bool)
    person_of_visit = np.where(known, visits["human"], crowd + visits["device"])
    true_person = np.where(device >= 0, person_of_visit[events["visit"]], user)

    order = on_device[np.lexsort((events["time"][on_device], device[on_device]))]
    signed = user[order] >= 0
    first = last_position(starts_of_runs(device[order]))
    last = last_position(signed)
    position = np.arange(len(order))
    following = len(order) - 1 - last_position(signed[::-1])[::-1]
    following = np.where(following < len(order), following, position)
    later = signed[following] & (device[order][following] == device[order])
    expected = np.where(
        last >= first,
        user[order][last],
        np.where(later, user[order][following], crowd + device[order]),
    )
    expected_person = user.astype(np.int64)
    expected_person[order] = expected

    used = np.unique(visits["human"] * len(devices["owner"]) + visits["device"])
    device_count = np.bincount(used // len(devices["owner"]), minlength=crowd)
    has_account = np.append(
        people["has_account"], np.zeros(crowd - len(people["has_account"]), dtype=bool)
    )
    shared = devices["shared"][device] & (device >= 0)
    is_user = expected_person == human
    explanation = np.full(len(device), -1, dtype=np.int8)
    apart = ~is_user & (has_account[human] | (device_count[human] > 1))
    explanation[apart] = 1
    explanation[shared & ~is_user] = 0
    explanation[events["cut"] > 0] = 2
    events["true_person"] = true_person
    events["expected_person"] = expected_person
    events["explanation"] = explanation


def deliver(
    generator: np.random.Generator,
    period: Period,
    devices: Columns,
    visits: Columns,
    events: Columns,
) -> Columns:
    """Return the raw rows of the events, sorted by `loaded_at`.

    Besides the events' columns: `uid` (one number an event id, -1: none), `name` (a
    row of EVENT_NAMES), the four times, `version` (a row of APP_VERSIONS, or -1),
    `blank` (1: what is missing is null, 2: it is empty), `malformed` (a row of
    MALFORMED, or -1), `defect`, `outcome` and `reason` (rows of their lists, or -1).
    """
    events["name"] = events.pop("event").copy()
    count = len(events["time"])
    device, on_device = events["device"], events["device"] >= 0
    crawler = devices["crawler"][device] & on_device
    events["uid"] = np.arange(count)
    events["defect"] = np.full(count, -1, dtype=np.int8)
    events["reason"] = np.full(count, -1, dtype=np.int8)
    events["blank"] = np.zeros(count, dtype=np.int8)
    events["malformed"] = np.full(count, -1, dtype=np.int8)

    _set_versions(period, devices, events)
    _set_times(generator, period, devices, visits, events)
    _mark(events, "wrong_clock", devices["wrong_clock"][device] & on_device)
    _misname(generator, events, on_device & ~crawler)
    _mark(events, "repeated_order_event", events.pop("repeat"))
    _mark(events, "bot", crawler)

    retries = _retry(generator, events, on_device & ~crawler)
    refused = _refuse(generator, events, on_device & (events["defect"] < 0))
    rows = concat([events, retries, refused])
    # What a batch holds becomes visible at once, when it is loaded.
    batch = (rows["received_at"] + rows.pop("hold")) // LOAD_EVERY + 1
    rows["loaded_at"] = batch * LOAD_EVERY + (20 + batch * 7919 % 70) * SECOND
    rows["outcome"] = _tell_outcomes(rows)
    return take(rows, np.lexsort((rows["received_at"], rows["loaded_at"])))


def _mark(events: Columns, defect: str, where: np.ndarray) -> None:
    """Note a defect of the events at `where`, over what was noted before."""
    events["defect"][where] = DEFECTS.index(defect)


def _set_versions(period: Period, devices: Columns, events: Columns) -> None:
    """Set app versions; drop attention where the tracker is too old to measure it."""
    device = events["device"]
    release = (events["time"] - period.start_us) // (DAY * DAYS_PER_RELEASE) + 4
    release -= devices["release_lag"][device]
    release = np.clip(release, 0, len(APP_VERSIONS) - 1)
    in_app = (device >= 0) & ~MODEL_IS_WEB[devices["model"][device]]
    events["version"] = np.where(in_app, release, -1).astype(np.int8)
    # Of the browsers, those of an even number; apps from some version on.
    is_new = release >= FIRST_VERSION_WITH_ENGAGEMENT
    measures = np.where(in_app, is_new, device % 2 == 0)
    events["engagement"] = np.where(measures, events["engagement"], -1)


def _set_times(
    generator: np.random.Generator,
    period: Period,
    devices: Columns,
    visits: Columns,
    events: Columns,
) -> None:
    """Set `occurred_at`, `sent_at`, `received_at`; mark what is late.

    `hold` is how long the collector holds a row back before it is loaded.
    """
    time, device, visit = events["time"], events["device"], events["visit"]
    count = len(time)
    on_device = device >= 0
    in_app = events["version"] >= 0

    # Apps flush on a beat of their own; browsers and servers send within 50 ms.
    beat = (device * 7_368_787) % FLUSH
    sent = np.where(
        in_app,
        ((time + beat) // FLUSH + 1) * FLUSH - beat,
        time + generator.integers(1_000, 50_000, count),
    )
    # Offline visits arrive as one, when the device is back: hours or weeks later.
    ends = np.zeros(len(visits["start"]), dtype=np.int64)
    np.maximum.at(ends, visit[on_device], time[on_device])
    offline = ~MODEL_IS_WEB[devices["model"][visits["device"]]]
    offline &= generator.random(len(ends)) < LATE
    online = np.isin(
        events["name"],
        (
            Event.ORDER_COMPLETED,
            Event.SIGNED_IN,
            Event.SIGNED_UP,
            Event.REVIEW_SUBMITTED,
            Event.CHECKOUT_STARTED,
        ),
    )
    offline[visit[online & on_device]] = False
    delay = np.exp(generator.uniform(np.log(HOUR), np.log(21 * DAY), len(ends)))
    back = ends + delay.astype(np.int64)
    offline &= back < period.end_us + DAY
    late = on_device & offline[visit]
    sent = np.where(late, back[visit], sent)
    _mark(events, "late", late)

    # One request, one latency: rows are in order of visit and time, so requests are
    # runs of equal `sent`.
    latency = np.exp(generator.normal(np.log(80_000), 0.7, count))
    latency = np.clip(latency, *LATENCY).astype(np.int64)
    latency = latency[last_position(starts_of_runs(sent))]
    skew = np.where(on_device, devices["skew"][device], 0)
    tells = np.where(on_device, devices["sends_sent_at"][device], True)
    events["occurred_at"] = time + skew
    events["sent_at"] = np.where(tells, sent + skew, NEVER)
    events["received_at"] = sent + latency
    events["hold"] = np.zeros(count, dtype=np.int64)


def _misname(
    generator: np.random.Generator, events: Columns, eligible: np.ndarray
) -> None:
    """Leave out properties; send names that the plan does not know, or untidy ones."""
    name = events["name"]
    draw = generator.random(len(name))
    viewing, searching = name == Event.PRODUCT_VIEWED, name == Event.SEARCH_PERFORMED
    without = eligible & (viewing | searching) & (draw < MISSING_PROPERTY)
    events["product"][without & viewing] = -1
    events["term"][without & searching] = -1
    _mark(events, "missing_property", without)

    unknown = eligible & (name == Event.BUTTON_CLICKED) & (draw < UNKNOWN)
    untidy = eligible & (name == Event.PAGE_VIEWED) & (draw < UNTIDY)
    kinds = np.arange(len(name))
    events["element"][unknown] = Element.NONE
    name[unknown] = FIRST_UNKNOWN_NAME + (kinds % len(UNKNOWN_NAMES))[unknown]
    name[untidy] = FIRST_UNTIDY_NAME + (kinds % len(UNTIDY_NAMES))[untidy]
    _mark(events, "unknown_event", unknown)
    _mark(events, "untidy_name", untidy)


def _retry(
    generator: np.random.Generator, events: Columns, eligible: np.ndarray
) -> Columns:
    """Return rows that arrive again, with the same payload and a later received_at.

    Seconds later, hours later, or just after midnight; one in seven twice. Where the
    tracker sends no sent_at, the collector sometimes holds the first row for hours,
    so that the retry is loaded first and stands for the event. (Elsewhere that would
    give the event the retry's corrected time, hours off.)
    """
    candidates = np.where(eligible)[0]
    wanted = round(RETRY * len(events["time"]))
    twice = wanted // 8
    once = generator.choice(candidates, wanted - twice, replace=False)
    chosen = np.concatenate([once, once[:twice]])
    retries = take(events, chosen)
    kind = pick(generator, [0.72, 0.23, 0.05], wanted)
    received = retries["received_at"]
    soon = received + generator.integers(SECOND, MINUTE, wanted)
    later = received + generator.integers(MINUTE, 5 * HOUR, wanted)
    midnight = (received // DAY + 1) * DAY
    midnight += generator.integers(1_000, 5 * MINUTE, wanted)
    retries["received_at"] = np.choose(kind, [soon, later, midnight])
    held = (retries["sent_at"] == NEVER) & (generator.random(wanted) < 0.4)
    events["hold"][chosen[held]] = generator.integers(HOUR, 6 * HOUR, held.sum())
    _mark(retries, "retry", np.ones(wanted, dtype=bool))
    return retries


def _refuse(
    generator: np.random.Generator, events: Columns, eligible: np.ndarray
) -> Columns:
    """Return rows to refuse: copies of harmless events, each damaged in one way.

    They are extra rows, so that refusing them takes nothing from a visit.
    """
    harmless = np.isin(
        events["name"],
        (
            Event.PAGE_VIEWED,
            Event.SCREEN_VIEWED,
            Event.PRODUCT_VIEWED,
            Event.BUTTON_CLICKED,
        ),
    )
    candidates = np.where(eligible & harmless)[0]
    wanted = max(len(REASONS), round(REFUSED * len(events["time"])))
    rows = take(events, generator.choice(candidates, wanted, replace=False))
    reason = np.arange(wanted) % len(REASONS)
    has = [reason == each for each in range(len(REASONS))]
    missing_id, missing_name, unparseable, nobody, future, old, malformed = has
    rows["uid"] = np.where(missing_id, -1, len(events["time"]) + np.arange(wanted))
    rows["blank"] = np.where(
        missing_id | missing_name | nobody, 1 + generator.integers(0, 2, wanted), 0
    ).astype(np.int8)
    rows["name"][missing_name] = -1
    rows["user"][nobody] = -1
    # A clock far off shows only where no sent_at corrects it.
    rows["sent_at"][future | old] = NEVER
    ahead = rows["received_at"] + generator.integers(25 * HOUR, 30 * DAY, wanted)
    behind = rows["received_at"] - generator.integers(401 * DAY, 900 * DAY, wanted)
    rows["occurred_at"] = np.select(
        [unparseable, future, old], [NEVER, ahead, behind], rows["occurred_at"]
    )
    rows["malformed"] = np.where(
        malformed, generator.integers(0, len(MALFORMED), wanted), -1
    ).astype(np.int8)
    rows["hold"][:] = 0
    rows["reason"] = reason.astype(np.int8)
    rows["defect"] = (DEFECTS.index(f"rejected:{REASONS[0]}") + reason).astype(np.int8)
    return rows


def _tell_outcomes(rows: Columns) -> np.ndarray:
    """Return a row of OUTCOMES per raw row: of one id, the first loaded is accepted."""
    order = np.lexsort((rows["received_at"], rows["loaded_at"], rows["uid"]))
    outcome = np.empty(len(order), dtype=np.int8)
    outcome[order] = np.where(starts_of_runs(rows["uid"][order]), 0, 1)
    outcome[rows["reason"] >= 0] = 2
    return outcome
