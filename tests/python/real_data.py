"""Two event logs that nobody on this project made, as raw tables.

Each mapping reads the file as it came and writes `events` only: neither log has users,
orders or products, so the whole application side of the project is absent. Both logs know
one identity and one clock: it is the device, and the clock of device and collector.
A row becomes visible at the start of the next UTC day, as in a nightly export.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

# GA4's page view, and what the synthetic shop calls its pages.
KASKADA_PAGE_VIEWS = ["page_view"]
RETENTIONEERING_PAGE_VIEWS = ["home", "catalog", "promo_page", "product_view", "cart"]

# GA4 exports one row per event and item. An event is a distinct (user_id,
# event_timestamp, event_name); all its rows carry one event_id, like retries of one
# event, and the models have to find that they are one.
KASKADA = """
    select
        md5(concat_ws('|', user_id, epoch_us(event_timestamp), event_name)) as event_id,
        event_name,
        cast(event_timestamp as timestamp) as occurred_at,
        occurred_at as received_at,
        date_trunc('day', occurred_at) + interval 1 day as loaded_at,
        user_id as anonymous_id
    from read_parquet('{folder}/ecommerce-event-data.parquet')
"""

# One row per event already; its place in the file is its id. The log's own session_id
# stays out of the raw table: it is what the sessions are checked against.
RETENTIONEERING = """
    select
        printf('%06d', row_number() over ()) as event_id,
        event as event_name,
        cast("timestamp" as timestamp) as occurred_at,
        occurred_at as received_at,
        date_trunc('day', occurred_at) + interval 1 day as loaded_at,
        cast(user_id as varchar) as anonymous_id,
        platform,
        cast(session_id as varchar) as their_session_id
    from read_csv('{folder}/ecom.csv.gz')
"""


@dataclass(frozen=True)
class RealLog:
    """A log, how it becomes the raw table `events`, and which events are page views."""

    name: str
    mapping: str
    page_view_events: list[str]

    def write_raw(self, source: Path, raw: Path) -> None:
        """Write `events` as Parquet into the raw folder."""
        (raw / "events").mkdir(parents=True)
        with duckdb.connect() as connection:
            rows = connection.sql(self.mapping.format(folder=source))
            rows.select(
                *[name for name in rows.columns if not name.startswith("their_")]
            ).write_parquet(str(raw / "events" / "events.parquet"))

    def their_sessions(self, source: Path) -> dict[str, str]:
        """The log's own session of each event_id."""
        with duckdb.connect() as connection:
            rows = connection.sql(self.mapping.format(folder=source))
            return dict(rows.select("event_id", "their_session_id").fetchall())


KASKADA_LOG = RealLog("kaskada_ga4_store", KASKADA, KASKADA_PAGE_VIEWS)
RETENTIONEERING_LOG = RealLog(
    "retentioneering_ecom", RETENTIONEERING, RETENTIONEERING_PAGE_VIEWS
)
