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


@dataclass(frozen=True)
class RealShop:
    """Tables of a shop, each a select over its files; states of orders come as they are."""

    name: str
    tables: dict[str, str]

    def write_raw(self, source: Path, raw: Path) -> None:
        """Write each table as Parquet into the raw folder."""
        with duckdb.connect() as connection:
            for table, mapping in self.tables.items():
                (raw / table).mkdir(parents=True)
                connection.sql(mapping.format(folder=source)).write_parquet(
                    str(raw / table / f"{table}.parquet")
                )


# Google's theLook has no totals: an order comes to the sum of its items. Prices are floats
# of dollars, money is cents.
THELOOK_SHOP = RealShop("thelook_generated", {
    "events": """
        select
            id as event_id, event_type as event_name, created_at as occurred_at,
            created_at as received_at, created_at as loaded_at,
            session_id as anonymous_id, cast(user_id as varchar) as user_id, uri as page_url
        from read_parquet('{folder}/events.parquet')
        where created_at < timestamp '2019-07-01'
    """,
    "users": "select id, created_at, country from read_parquet('{folder}/users.parquet')",
    "products": """
        select id, name, category, round(retail_price, 2) as price, 'USD' as currency
        from read_parquet('{folder}/products.parquet')
    """,
    "orders": """
        select
            orders.order_id as id, orders.user_id, orders.status, 'USD' as currency,
            orders.created_at as ordered_at,
            sum(cast(order_items.sale_price as decimal(18, 2))) as total_amount
        from read_parquet('{folder}/orders.parquet') as orders
        left join read_parquet('{folder}/order_items.parquet') as order_items
            using (order_id)
        group by all
    """,
    "order_items": """
        select
            id, order_id, product_id, 1 as quantity,
            cast(sale_price as decimal(18, 2)) as unit_price
        from read_parquet('{folder}/order_items.parquet')
    """,
})

# The invoices of the UCI shop have no status; its papers say that a C before the number is
# a cancellation. It has no events, so one stands for all.
ONLINE_RETAIL_SHOP = RealShop("online_retail_uci", {
    "events": """
        select
            'e' as event_id, 'page_viewed' as event_name, 'd' as anonymous_id,
            timestamp '2011-12-10' as occurred_at, occurred_at as received_at,
            occurred_at as loaded_at
    """,
    "products": """
        select
            stock_code as id, min(description) as name, null as category,
            max(unit_price) as price, 'GBP' as currency
        from read_parquet('{folder}/online_retail.parquet') group by stock_code
    """,
    "orders": """
        select
            invoice_no as id, max(customer_id) as user_id,
            case when invoice_no like 'C%' then 'Cancelled' else 'Completed' end as status,
            'GBP' as currency, min(invoice_date) as ordered_at,
            sum(quantity * cast(unit_price as decimal(18, 4))) as total_amount
        from read_parquet('{folder}/online_retail.parquet') group by invoice_no
    """,
    "order_items": """
        select
            row_number() over () as id, invoice_no as order_id, stock_code as product_id,
            quantity, cast(unit_price as decimal(18, 4)) as unit_price
        from read_parquet('{folder}/online_retail.parquet')
    """,
})
