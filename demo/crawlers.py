"""Crawlers: visitors that are no people, and one that never rests."""

from __future__ import annotations

import numpy as np

from demo.arrays import Columns
from demo.catalog import (
    DAY,
    DIRECT,
    FIRST_CRAWLER,
    FIRST_PATH,
    HOUR,
    MINUTE,
    PATHS,
    SECOND,
    UPTIME_ROBOT,
    VIEW,
    Page,
)
from demo.people import Period

RESTLESS_DAYS = 3  # whole UTC days without a pause
RESTLESS_GAP = (12 * MINUTE, 24 * MINUTE)
PAGES_PER_CRAWL = 16


def add_crawlers(
    generator: np.random.Generator,
    period: Period,
    wanted: int,
    restless: bool,
    devices: Columns,
    visits: Columns,
    events: Columns,
) -> tuple[Columns, Columns, Columns]:
    """Return devices, visits and events with about `wanted` events of crawlers below.

    A crawl is one visit of one device, as crawlers keep no cookies. With `restless`,
    the first crawler checks the home page for more than three days without a gap
    above 24 minutes; its events carry in `cut` how many whole days they come after.
    """
    first_device = len(devices["owner"])
    first_human = int(devices["owner"].max()) + 1
    first_visit = len(visits["human"])
    crawls = max(1, wanted // PAGES_PER_CRAWL)
    sizes = 1 + generator.poisson(PAGES_PER_CRAWL - 1, crawls)
    starts = generator.integers(period.start_us, period.end_us - 6 * HOUR, len(sizes))
    gaps = generator.integers(SECOND, 12 * SECOND, sizes.sum())
    model = generator.integers(FIRST_CRAWLER, UPTIME_ROBOT, len(sizes))
    if restless:
        begin = period.start_us + (period.days // 3) * DAY + 15 * HOUR
        steps = generator.integers(*RESTLESS_GAP, 400)
        steps = steps[np.cumsum(steps) < (9 + 24 * RESTLESS_DAYS + 10) * HOUR]
        sizes = np.append(sizes, len(steps))
        starts = np.append(starts, begin)
        gaps = np.append(gaps, steps)
        model = np.append(model, UPTIME_ROBOT)

    count = len(sizes)
    crawl = np.repeat(np.arange(count), sizes)
    elapsed = np.cumsum(gaps)
    elapsed -= np.repeat(elapsed[np.cumsum(sizes) - sizes], sizes)
    time = starts[crawl] + elapsed
    path = generator.integers(0, len(PATHS) - 6, len(crawl))
    path[model[crawl] == UPTIME_ROBOT] = 0
    # Midnights that end a whole day of the restless one.
    first_whole = period.start_us + (period.days // 3 + 1) * DAY
    cut = np.where(model[crawl] == UPTIME_ROBOT, (time - first_whole) // DAY, 0)

    def extend(table: Columns, more: Columns, rows: int) -> Columns:
        """Return the table with rows below; columns not in `more` are -1 or false."""
        result = {}
        for name, values in table.items():
            blank = np.zeros if values.dtype == bool else lambda n, t: np.full(n, -1, t)
            below = more.get(name, blank(rows, values.dtype))
            result[name] = np.concatenate([values, below.astype(values.dtype)])
        return result

    new = np.arange(count)
    devices = extend(
        devices,
        {
            "owner": first_human + new,
            "model": model,
            "country": np.full(count, 7),
            "crawler": np.ones(count, dtype=bool),
            "skew": np.zeros(count),
        },
        count,
    )
    visits = extend(
        visits,
        {
            "human": first_human + new,
            "device": first_device + new,
            "source": np.full(count, DIRECT),
            "start": starts,
        },
        count,
    )
    events["cut"] = np.zeros(len(events["time"]), dtype=np.int64)
    events = extend(
        events,
        {
            "visit": first_visit + crawl,
            "event": np.full(len(crawl), VIEW),
            "page": _page_of(path),
            "path": path,
            "quantity": np.zeros(len(crawl)),
            "time": time,
            "device": first_device + crawl,
            "human": first_human + crawl,
            "cut": np.maximum(cut, 0),
        },
        len(crawl),
    )
    return devices, visits, events


def _page_of(path: np.ndarray) -> np.ndarray:
    """Return the kind of page at a row of PATHS, up to the searches."""
    return np.searchsorted(FIRST_PATH[: Page.SEARCH + 1], path, side="right") - 1
