"""From codes to files: the raw tables, the truth beside them, and the swap into place.

The work is cut into shards of people, each with its own random numbers, ids and
files; so a shard's files are the same whoever writes them, and memory is bounded by
one shard a process.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from demo import catalog, orders as ordering
from demo.arrays import Columns
from demo.crawlers import PAGES_PER_CRAWL, add_crawlers
from demo.people import Intent, Period
from demo.trackers import (
    DEFECTS,
    EXPLANATIONS,
    MALFORMED,
    NEVER,
    OUTCOMES,
    REASONS,
    deliver,
    draw_trackers,
    rows_per_event,
    tell_whose,
)
from demo.visits import fit_households, simulate_visits

SHARD_ROWS = 240_000
ROW_GROUP_ROWS = 122_880  # DuckDB reads row groups of its own size fastest
CRAWLER_SHARE = 0.015
FOLDERS = ("raw", "truth")  # all that a folder written here holds

MONEY = pa.decimal128(18, 2)
TIME = pa.timestamp("us")


@dataclass(frozen=True)
class Request:
    """What to write: so many raw event rows, drawn from `seed`, over a period."""

    events: int
    seed: int
    start: date
    days: int
    shard_rows: int = SHARD_ROWS

    @property
    def shards(self) -> int:
        """Return the number of shards, which depends on nothing but the size."""
        return max(1, round(self.events / self.shard_rows))


def generate(request: Request, out: Path, workers: int | None = None) -> dict:
    """Write the demo data to `out` and return the summary.

    A folder of earlier demo data is replaced as a whole, at the end. Raises
    FileExistsError if `out` holds anything else; then nothing is touched.
    """
    out = Path(os.path.abspath(out))
    if out.exists() and not (
        out.is_dir() and all(each.name in FOLDERS for each in out.iterdir())
    ):
        raise FileExistsError(f"{out} holds something other than demo data")
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_name(f"{out.name}.new-{os.getpid()}")
    stale = out.with_name(f"{out.name}.old-{os.getpid()}")
    try:
        summary = _write_all(request, fresh, workers or os.cpu_count() or 1)
        if out.exists():
            out.rename(stale)
        fresh.rename(out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if stale.exists() and not out.exists():
            stale.rename(out)
        shutil.rmtree(stale, ignore_errors=True)
    return summary


def _write_all(request: Request, folder: Path, workers: int) -> dict:
    """Write all shards and what they share to `folder`; return the summary."""
    for table in ("events", "users", "products", "orders", "order_items", "refunds",
                  "reviews"):
        (folder / "raw" / table).mkdir(parents=True)
    for table in ("events", "people", "devices", "sessions", "orders"):
        (folder / "truth" / table).mkdir(parents=True)
    _write(folder / "raw/products/products.parquet", _products(request))

    shards = range(request.shards)
    work = partial(write_shard, request, folder)
    if min(workers, request.shards) == 1:
        counts = [work(shard) for shard in shards]
    else:
        # Fresh processes, as forks of one with Arrow's threads may hang.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            counts = list(pool.map(work, shards))
    total: Counter = Counter()
    for each in counts:
        total.update(each)
    summary = {
        "request": {
            "events": request.events,
            "seed": request.seed,
            "start": request.start.isoformat(),
            "days": request.days,
        }
    }
    for key in sorted(total):
        section, name = key.split("/")
        summary.setdefault(section, {})[name] = total[key]
    text = json.dumps(summary, indent=2) + "\n"
    (folder / "truth" / "summary.json").write_text(text, encoding="utf-8")
    return summary


def write_shard(request: Request, folder: Path, shard: int) -> Counter:
    """Simulate one shard, write its files, and return counts named `section/name`."""
    pa.set_cpu_count(1)
    generator = np.random.default_rng([request.seed, shard])
    period = Period(request.start, request.days)
    rows = (
        request.events * (shard + 1) // request.shards
        - request.events * shard // request.shards
    )
    crawled = max(PAGES_PER_CRAWL, round(rows * CRAWLER_SHARE))
    restless = shard == 0
    wanted = round(rows / rows_per_event()) - crawled - restless * 270

    simulated, households = None, max(50, wanted // 20)
    while simulated is None:
        drawn = simulate_visits(generator, period, households)
        simulated = fit_households(*drawn, wanted)
        households = households * 3 // 2
    people, devices, visits, events = simulated

    orders, items, refunds, events = ordering.place_orders(
        generator, period, visits, events
    )
    reviews, events = ordering.write_reviews(generator, orders, events)
    _set_accounts(generator, period, people, events)
    devices["country"] = people["country"][devices["owner"]]
    draw_trackers(generator, devices)
    devices, visits, events = add_crawlers(
        generator, period, crawled, restless, devices, visits, events
    )
    tell_whose(people, devices, visits, events)

    names = _Names(shard, generator, people, devices, visits, orders)
    part = f"part-{shard:05d}.parquet"
    truth, raw = folder / "truth", folder / "raw"
    _write(truth / "people" / part, _true_people(names, people, devices, visits))
    _write(truth / "devices" / part, _true_devices(names, devices))
    _write(truth / "sessions" / part, _true_sessions(names, visits, events))
    _write(truth / "orders" / part, _true_orders(names, visits, orders))
    _write(raw / "users" / part, _users(names, people))
    _write(raw / "orders" / part, _orders(names, orders))
    _write(raw / "order_items" / part, _order_items(names, items))
    _write(raw / "refunds" / part, _refunds(names, refunds))
    _write(raw / "reviews" / part, _reviews(names, reviews))

    delivered = deliver(generator, period, devices, visits, events)
    ids = _event_ids(generator, delivered)
    _write(raw / "events" / part, _events(names, devices, delivered, ids))
    _write(truth / "events" / part, _true_events(names, part, delivered, ids))

    counts = Counter(
        {
            "tables/users": int(people["has_account"].sum()),
            "tables/orders": len(orders["visit"]),
            "tables/order_items": len(items["order"]),
            "tables/refunds": len(refunds["order"]),
            "tables/reviews": len(reviews["order"]),
            "tables/events": len(delivered["time"]),
            "truth/humans": len(np.unique(visits["human"])),
            "truth/devices": len(np.unique(visits["device"])),
            "truth/sessions": len(visits["human"]),
            "truth/persons": len(np.unique(events["expected_person"])),
        }
    )
    for section, column, labels in (
        ("outcomes", "outcome", OUTCOMES),
        ("reasons", "reason", REASONS),
        ("defects", "defect", DEFECTS),
        ("explanations", "explanation", EXPLANATIONS),
    ):
        codes = delivered[column]
        found = np.bincount(codes[codes >= 0], minlength=len(labels))
        for label, count in zip(labels, found):
            counts[f"{section}/{label}"] = int(count)
    return counts


def _set_accounts(
    generator: np.random.Generator, period: Period, people: Columns, events: Columns
) -> None:
    """Set who has an account, since when, and whose was deleted (-1: not)."""
    count = len(people["household"])
    created = period.start_us + (people["arrival"] * catalog.DAY).astype(np.int64)
    signs_up = events["event"] == catalog.Event.SIGNED_UP
    created[events["human"][signs_up]] = events["time"][signs_up]
    people["has_account"] = people["established"].copy()
    people["has_account"][events["human"][signs_up]] = True
    last = np.maximum(created, period.start_us)
    np.maximum.at(last, events["human"], events["time"])
    deleted = last + generator.integers(10 * catalog.DAY, 60 * catalog.DAY, count)
    leaves = (generator.random(count) < 0.03) & (deleted < period.end_us)
    people["created_at"] = created
    people["deleted_at"] = np.where(leaves, deleted, NEVER)
    people["updated_at"] = np.where(leaves, deleted, last)


class _Names:
    """The text ids of a shard's things; unlike those of any other shard."""

    def __init__(
        self,
        shard: int,
        generator: np.random.Generator,
        people: Columns,
        devices: Columns,
        visits: Columns,
        orders: Columns,
    ) -> None:
        """Name everything there is; ids of devices are random, like a browser's."""
        crowd, known = int(devices["owner"].max()) + 1, len(people["household"])
        self.users = [f"u{shard:04d}{row:05d}" for row in range(known)]
        self.humans = [
            f"{'human' if row < known else 'bot'}-{shard:04d}-{row:05d}"
            for row in range(crowd)
        ]
        bits = generator.integers(0, 256, (len(devices["owner"]), 16), dtype=np.uint8)
        self.devices = _uuids(bits)
        self.visits = [
            f"visit-{shard:04d}-{row:06d}" for row in range(len(visits["human"]))
        ]
        self.orders = [f"o{shard:04d}{row:05d}" for row in range(len(orders["visit"]))]
        # A person is a user, or a device: see trackers.tell_whose.
        users = self.users + [None] * (crowd - known)
        self.persons = pa.concat_arrays([pa.array(users, pa.string()), self.devices])


# --- columns -----------------------------------------------------------------------


def _uuids(bits: np.ndarray) -> pa.Array:
    """Turn rows of 16 random bytes into the text of version 4 UUIDs."""
    bits[:, 6] = bits[:, 6] & 0x0F | 0x40
    bits[:, 8] = bits[:, 8] & 0x3F | 0x80
    digits = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
    text = np.full((len(bits), 36), ord("-"), dtype=np.uint8)
    places = [place for place in range(36) if place not in (8, 13, 18, 23)]
    text[:, places[0::2]] = digits[bits >> 4]
    text[:, places[1::2]] = digits[bits & 15]
    offsets = np.arange(len(bits) + 1, dtype=np.int32) * 36
    return pa.Array.from_buffers(
        pa.string(), len(bits), [None, pa.py_buffer(offsets), pa.py_buffer(text)]
    )


def _event_ids(generator: np.random.Generator, rows: Columns) -> pa.Array:
    """Return the event id of each raw row; null or empty where it was lost."""
    bits = generator.integers(0, 256, (int(rows["uid"].max()) + 1, 16), dtype=np.uint8)
    ids = _uuids(bits[rows["uid"]])
    return _blank(ids, rows, "missing_event_id")


def _blank(values: pa.Array, rows: Columns, reason: str) -> pa.Array:
    """Make a text column null or empty in rows that are refused for `reason`."""
    for blank, text in ((1, None), (2, "")):
        here = (rows["reason"] == REASONS.index(reason)) & (rows["blank"] == blank)
        values = pc.if_else(here, pa.scalar(text, pa.string()), values)
    return values


def _text(labels: list[str | None] | pa.Array, codes: np.ndarray) -> pa.DictionaryArray:
    """Look codes up in labels, as a dictionary of those in use; negative is null."""
    labels = labels if isinstance(labels, pa.Array) else pa.array(labels, pa.string())
    used = np.zeros(len(labels), dtype=bool)
    used[codes[codes >= 0]] = True
    # Each label once and no null among them: else Parquet leaves the dictionary out,
    # and the bytes it writes for nulls differ from run to run.
    unique = labels.filter(pa.array(used)).dictionary_encode()
    compact = np.full(len(labels) + 1, -1, dtype=np.int32)  # the last is for negatives
    compact[:-1][used] = unique.indices.fill_null(-1)
    indices = compact[np.maximum(codes, -1)]
    return pa.DictionaryArray.from_arrays(
        pa.array(indices, mask=indices < 0), unique.dictionary
    )


def _time(values: np.ndarray) -> pa.Array:
    """Return microseconds as UTC timestamps; negative is null."""
    return pa.array(values, TIME, mask=values < 0)


def _money(cents: np.ndarray) -> pa.Array:
    """Return cents as decimals with two places, without a detour by floats."""
    words = np.empty((len(cents), 2), dtype=np.int64)
    words[:, 0] = cents
    words[:, 1] = words[:, 0] >> 63
    return pa.Array.from_buffers(MONEY, len(cents), [None, pa.py_buffer(words)])


def _currency(count: int) -> pa.DictionaryArray:
    """Return the one currency, `count` times."""
    return _text([catalog.CURRENCY], np.zeros(count, dtype=np.int64))


def _write(path: Path, columns: dict[str, pa.Array]) -> None:
    """Write one Parquet file, in plain types that every reader knows."""
    table = pa.table(columns)
    random_text = {"event_id", "properties", "raw_row", "true_occurred_at"}
    coded = [
        name
        for name, kind in zip(table.column_names, table.schema.types)
        if name not in random_text and not pa.types.is_timestamp(kind)
    ]
    pq.write_table(
        table,
        path,
        row_group_size=ROW_GROUP_ROWS,
        compression="snappy",
        use_dictionary=coded,
        store_schema=False,  # dictionaries are a matter of this file, not of its type
    )


# --- raw tables --------------------------------------------------------------------


def _events(
    names: _Names, devices: Columns, rows: Columns, ids: pa.Array
) -> dict[str, pa.Array]:
    """Return the columns of raw table `events`."""
    device = rows["device"]
    model = np.where(device >= 0, devices["model"][device], -1)
    country = np.where(device >= 0, devices["country"][device], -1)
    on_web = (device >= 0) & catalog.MODEL_IS_WEB[model]
    in_app = (device >= 0) & ~on_web
    path = np.where(on_web, rows["path"], -1)

    # Whole addresses: a path for each campaign, and without one.
    campaigns = [None] + [source.utm for source in catalog.SOURCES]
    address = (rows["click_source"].astype(np.int64) + 1) * len(catalog.PATHS) + path
    used, address = np.unique(np.where(path >= 0, address, -1), return_inverse=True)
    urls = [
        _url(*divmod(int(each), len(catalog.PATHS)), campaigns) if each >= 0 else None
        for each in used
    ]
    referrers = [source.referrer for source in catalog.SOURCES]
    referrers += [catalog.SITE + each for each in catalog.PATHS]

    def of_model(attribute: str) -> pa.DictionaryArray:
        """Return what the user agent tells, for each row."""
        return _text([getattr(each, attribute) for each in catalog.MODELS], model)

    platform = np.where(device >= 0, catalog.MODEL_PLATFORM[model], 3)
    nobody = "missing_identity"
    return {
        "event_id": ids,
        "event_name": _blank(
            _text(catalog.EVENT_NAMES, rows["name"]).dictionary_decode(),
            rows,
            "missing_event_name",
        ),
        "occurred_at": _time(rows["occurred_at"]),
        "sent_at": _time(rows["sent_at"]),
        "received_at": _time(rows["received_at"]),
        "loaded_at": _time(rows["loaded_at"]),
        "anonymous_id": _blank(
            _text(names.devices, device).dictionary_decode(), rows, nobody
        ),
        "user_id": _text(names.users, rows["user"]),
        "platform": _text(catalog.PLATFORMS, platform),
        "app_version": _text(catalog.APP_VERSIONS, rows["version"]),
        "page_url": _text(pa.array(urls, pa.string()), address),
        "page_title": _text(catalog.TITLES, path),
        "page_referrer": _text(referrers, rows["referrer"]),
        "screen_name": _text(catalog.SCREENS, np.where(in_app, rows["page"], -1)),
        "element": _text(catalog.ELEMENTS, rows["element"]),
        "user_agent": of_model("user_agent"),
        "device_category": of_model("category"),
        "os": of_model("os"),
        "browser": of_model("browser"),
        "country": _text([each.code for each in catalog.COUNTRIES], country),
        "language": _text([each.language for each in catalog.COUNTRIES], country),
        "properties": _properties(names, rows),
    }


def _url(campaign: int, path: int, campaigns: list[str | None]) -> str:
    """Return the whole address of a path, with the campaign's parameters if any."""
    address = catalog.SITE + catalog.PATHS[path]
    if campaigns[campaign] is None:
        return address
    return f"{address}{'&' if '?' in address else '?'}{campaigns[campaign]}"


def _properties(names: _Names, rows: Columns) -> pa.Array:
    """Return the JSON text of each row's properties; null where there are none."""
    has_value = rows["value"] >= 0

    def texts(key: str, labels: list[str], codes: np.ndarray) -> pa.Array:
        """Return labels as members of a JSON object, comma included."""
        members = pa.array([f'"{key}": "{label}", ' for label in labels], pa.string())
        return _text(members, codes).dictionary_decode()

    def numbers(key: str, values: pa.Array, present: np.ndarray) -> pa.Array:
        """Return the values, which are for the rows present, as members."""
        text = pc.cast(values, pa.string())
        members = pc.binary_join_element_wise(f'"{key}": ', text, ", ", "")
        where = pa.array(np.cumsum(present) - 1, mask=~present)
        return members.take(where)

    def whole(key: str, column: np.ndarray, least: int) -> pa.Array:
        """Return the whole numbers of a column that are not below `least`."""
        present = column >= least
        return numbers(key, pa.array(column[present]), present)

    members = [
        texts("product_id", catalog.PRODUCT_IDS, rows["product"]),
        texts("order_id", names.orders, rows["order"]),
        numbers("value", _money(rows["value"][has_value]), has_value),
        texts("currency", [catalog.CURRENCY], np.where(has_value, 0, -1)),
        whole("quantity", rows["quantity"], 1),
        texts("search_term", catalog.SEARCH_TERMS, rows["term"]),
        whole("engagement_msec", rows["engagement"], 0),
    ]
    inside = pc.binary_join_element_wise(
        *members, "", null_handling="replace", null_replacement=""
    )
    inside = pc.utf8_slice_codeunits(inside, 0, -2)  # without the last comma
    text = pc.binary_join_element_wise("{", inside, "}", "")
    # Apps with nothing to add send no properties, browsers empty ones.
    empty = pc.equal(inside, "").to_numpy(zero_copy_only=False)
    text = pc.if_else(empty & (rows["version"] >= 0), None, text)
    wrong = _text(MALFORMED, rows["malformed"]).dictionary_decode()
    return pc.if_else(rows["malformed"] >= 0, wrong, text)


def _products(request: Request) -> dict[str, pa.Array]:
    """Return the columns of raw table `products`; all exist before the period."""
    start = Period(request.start, request.days).start_us
    created = start - (400 + np.arange(catalog.PRODUCT_COUNT) % 90) * catalog.DAY
    return {
        "id": pa.array(catalog.PRODUCT_IDS),
        "name": pa.array(catalog.PRODUCT_NAMES),
        "category": _text(catalog.CATEGORY_NAMES, catalog.PRODUCT_CATEGORY),
        "price": _money(catalog.PRODUCT_PRICE),
        "currency": _currency(catalog.PRODUCT_COUNT),
        "created_at": _time(created),
        "updated_at": _time(created),
    }


def _users(names: _Names, people: Columns) -> dict[str, pa.Array]:
    """Return the columns of raw table `users`; who deleted an account has no email."""
    rows = np.where(people["has_account"])[0]
    deleted = people["deleted_at"][rows]
    emails = [
        None if when >= 0 else f"{names.users[row]}@mail.example"
        for row, when in zip(rows, deleted)
    ]
    return {
        "id": _text(names.users, rows),
        "created_at": _time(people["created_at"][rows]),
        "email": pa.array(emails, pa.string()),
        "country": _text(
            [each.code for each in catalog.COUNTRIES], people["country"][rows]
        ),
        "updated_at": _time(people["updated_at"][rows]),
        "deleted_at": _time(deleted),
    }


def _orders(names: _Names, orders: Columns) -> dict[str, pa.Array]:
    """Return the columns of raw table `orders`."""
    return {
        "id": pa.array(names.orders, pa.string()),
        "user_id": _text(names.users, orders["human"]),
        "status": _text(ordering.STATUSES, orders["status"]),
        "currency": _currency(len(orders["visit"])),
        "subtotal_amount": _money(orders["subtotal"]),
        "discount_amount": _money(orders["discount"]),
        "shipping_amount": _money(orders["shipping"]),
        "total_amount": _money(orders["total"]),
        "ordered_at": _time(orders["ordered_at"]),
        "updated_at": _time(orders["updated_at"]),
    }


def _order_items(names: _Names, items: Columns) -> dict[str, pa.Array]:
    """Return the columns of raw table `order_items`; ids count within the order."""
    order = items["order"]
    number = np.arange(len(order)) - np.searchsorted(order, order) + 1
    ids = [f"{names.orders[row]}-{count}" for row, count in zip(order, number)]
    return {
        "id": pa.array(ids, pa.string()),
        "order_id": _text(names.orders, order),
        "product_id": _text(catalog.PRODUCT_IDS, items["product"]),
        "quantity": pa.array(items["quantity"], pa.int32()),
        "unit_price": _money(items["unit_price"]),
    }


def _refunds(names: _Names, refunds: Columns) -> dict[str, pa.Array]:
    """Return the columns of raw table `refunds`; an order has one at most."""
    ids = [f"r{names.orders[order][1:]}" for order in refunds["order"]]
    return {
        "id": pa.array(ids, pa.string()),
        "order_id": _text(names.orders, refunds["order"]),
        "amount": _money(refunds["amount"]),
        "refunded_at": _time(refunds["refunded_at"]),
    }


def _reviews(names: _Names, reviews: Columns) -> dict[str, pa.Array]:
    """Return the columns of raw table `reviews`; an order has one at most."""
    words = [None, "Broke at once.", "Not as shown.", "It will do.", "Good.", "Lovely!"]
    ids = [f"v{names.orders[order][1:]}" for order in reviews["order"]]
    return {
        "id": pa.array(ids, pa.string()),
        "user_id": _text(names.users, reviews["human"]),
        "product_id": _text(catalog.PRODUCT_IDS, reviews["product"]),
        "order_id": _text(names.orders, reviews["order"]),
        "rating": pa.array(reviews["rating"], pa.int32()),
        "body": _text(words, reviews["rating"]),
        "created_at": _time(reviews["created_at"]),
    }


# --- truth -------------------------------------------------------------------------


def _true_events(
    names: _Names, part: str, rows: Columns, ids: pa.Array
) -> dict[str, pa.Array]:
    """Return the truth about each raw row of the shard's file, in the same order."""
    count = len(rows["time"])
    visit = rows["visit"]
    # Expected sessions are visits, but for the cuts of the one that never rests.
    cuts = int(rows["cut"].max())
    expected = np.where(rows["cut"] > 0, len(names.visits) + rows["cut"] - 1, visit)
    restless = visit[rows["cut"] > 0]
    restless_name = names.visits[restless[0]] if len(restless) else ""
    pieces = [f"{restless_name}/{number}" for number in range(1, cuts + 1)]
    return {
        "raw_file": _text([f"events/{part}"], np.zeros(count, dtype=np.int64)),
        "raw_row": pa.array(np.arange(count)),
        "event_id": ids,
        "outcome": _text(OUTCOMES, rows["outcome"]),
        "reason": _text(REASONS, rows["reason"]),
        "defect": _text(DEFECTS, rows["defect"]),
        "true_occurred_at": _time(rows["time"]),
        "true_human": _text(names.humans, rows["human"]),
        "true_person": _text(names.persons, rows["true_person"]),
        "true_session": _text(names.visits, visit),
        "expected_person": _text(names.persons, rows["expected_person"]),
        "expected_session": _text(names.visits + pieces, expected),
        "explanation": _text(EXPLANATIONS, rows["explanation"]),
    }


def _true_people(
    names: _Names, people: Columns, devices: Columns, visits: Columns
) -> dict[str, pa.Array]:
    """Return the truth about each human and crawler."""
    count, known = len(names.humans), len(people["household"])
    extra = count - known

    def of_people(column: str, missing: int) -> np.ndarray:
        """Return a column of the people, with `missing` for the crawlers."""
        return np.append(people[column], np.full(extra, missing, people[column].dtype))

    used = np.unique(visits["human"] * len(devices["owner"]) + visits["device"])
    has_account = of_people("has_account", 0)
    is_crawler = np.arange(count) >= known
    sources = [each.name for each in catalog.SOURCES]
    return {
        "true_human": pa.array(names.humans),
        "user_id": _text(names.users, np.where(has_account, np.arange(count), -1)),
        "is_crawler": pa.array(is_crawler),
        "shares_phone_with": _text(names.humans, of_people("partner", -1)),
        "source": _text(sources, of_people("source", -1)),
        "arrival_day": pa.array(
            np.floor(of_people("arrival", 0)), pa.int32(), mask=is_crawler
        ),
        "device_count": pa.array(
            np.bincount(used // len(devices["owner"]), minlength=count), pa.int32()
        ),
        "visit_count": pa.array(
            np.bincount(visits["human"], minlength=count), pa.int32()
        ),
    }


def _true_devices(names: _Names, devices: Columns) -> dict[str, pa.Array]:
    """Return the truth about each device; the clock's error is ahead if positive."""
    return {
        "anonymous_id": names.devices,
        "true_human": _text(names.humans, devices["owner"]),
        "is_shared": pa.array(devices["shared"]),
        "sends_sent_at": pa.array(devices["sends_sent_at"]),
        "has_wrong_clock": pa.array(devices["wrong_clock"]),
        "clock_error_microseconds": pa.array(devices["skew"], pa.int64()),
    }


def _true_sessions(
    names: _Names, visits: Columns, events: Columns
) -> dict[str, pa.Array]:
    """Return the truth about each visit: whose, whence, what for, how long."""
    count = len(visits["human"])
    inside = events["visit"] >= 0
    visit, time = events["visit"][inside], events["time"][inside]
    started = np.full(count, np.iinfo(np.int64).max)
    ended = np.zeros(count, dtype=np.int64)
    np.minimum.at(started, visit, time)
    np.maximum.at(ended, visit, time)
    utm = [source.utm for source in catalog.SOURCES]
    return {
        "true_session": pa.array(names.visits),
        "true_human": _text(names.humans, visits["human"]),
        "anonymous_id": _text(names.devices, visits["device"]),
        "source": _text([each.name for each in catalog.SOURCES], visits["source"]),
        "utm": _text(pa.array(utm, pa.string()), visits["source"]),
        "intent": _text([each.name.lower() for each in Intent], visits["intent"]),
        "basket_of_session": _text(names.visits, visits["origin"]),
        "started_at": _time(started),
        "ended_at": _time(ended),
        "event_count": pa.array(np.bincount(visit, minlength=count), pa.int32()),
    }


def _true_orders(
    names: _Names, visits: Columns, orders: Columns
) -> dict[str, pa.Array]:
    """Return the truth about each order: in which visit, and how the client told it."""
    return {
        "order_id": pa.array(names.orders, pa.string()),
        "true_human": _text(names.humans, orders["human"]),
        "true_session": _text(names.visits, orders["visit"]),
        "source": _text(
            [each.name for each in catalog.SOURCES], visits["source"][orders["visit"]]
        ),
        "defect": _text(ordering.ORDER_DEFECTS, orders["defect"]),
    }
