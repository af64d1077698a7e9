"""Baskets become orders, with what follows: status, refunds, reviews.

Amounts are integer cents, times microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

import numpy as np

from demo.arrays import Columns, concat, pick, starts_of_runs, take
from demo.catalog import DAY, HOUR, PRODUCT_PRICE, SECOND, Event
from demo.people import Intent, Period
from demo.visits import Block

FREE_SHIPPING_FROM = 5000
SHIPPING = 490
COUPON_PERCENT = 10

STATUSES = ["pending", "paid", "shipped", "delivered", "cancelled", "refunded"]
PENDING, PAID, SHIPPED, DELIVERED, CANCELLED, REFUNDED = range(6)

# What becomes of orders, with weights: all is well; never paid; cancelled after it
# was paid (and paid back); sent back as a whole; sent back in part.
FATES = [0.88, 0.025, 0.015, 0.045, 0.035]
WELL, NEVER_PAID, CALLED_OFF, SENT_BACK, PARTLY_SENT_BACK = range(5)

# Misreporting by the client: its event is blocked; says an amount without shipping;
# is sent again when the last page is reloaded.
ORDER_DEFECTS = [
    "client_event_blocked",
    "client_value_differs",
    "client_event_repeated",
]
BLOCKED, DIFFERS, REPEATED = range(3)
ORDER_DEFECT = 0.02  # of the orders, each; at least one


def place_orders(
    generator: np.random.Generator, period: Period, visits: Columns, events: Columns
) -> tuple[Columns, Columns, Columns, Columns]:
    """Return orders (sorted by time), items, refunds, and events with orders told.

    The events gain order ids, amounts, repeats and the server's `order_paid`; they
    lose blocked ones. `defect` of an order is a row of ORDER_DEFECTS, else -1.
    """
    done = np.where(events["event"] == Event.ORDER_COMPLETED)[0]
    done = done[np.argsort(events["time"][done], kind="stable")]
    visit = events["visit"][done]
    basket = np.where(
        visits["intent"][visit] == Intent.RESUME, visits["origin"][visit], visit
    )
    orders = {
        "visit": visit,
        "human": events["human"][done],
        "ordered_at": events["time"][done],
    }
    count = len(done)
    items = _fill(visits, events, basket)
    _add_up(visits, events, orders, items)
    refunds = _live_on(generator, period, orders, items)

    orders["defect"] = _draw_defects(generator, orders["shipping"])
    untold = np.where(orders["defect"] == DIFFERS, orders["shipping"], 0)
    events["order"][done] = np.arange(count)
    events["value"][done] = orders["total"] - untold
    events["quantity"][done] = np.bincount(items["order"], items["quantity"], count)
    events["repeat"] = np.zeros(len(events["time"]), dtype=bool)

    repeats = take(events, done[orders["defect"] == REPEATED])
    repeats["time"] = repeats["time"] + generator.integers(
        5 * SECOND, 50 * SECOND, len(repeats["time"])
    )
    repeats["repeat"][:] = True
    paid = np.where(orders["paid_at"] >= 0)[0]
    server = take(events, done[paid])
    server |= {
        "event": np.full(len(paid), Event.ORDER_PAID, dtype=np.int8),
        "time": orders["paid_at"][paid],
        "value": orders["total"][paid],
        "user": orders["human"][paid],
    }
    for name in ("visit", "device", "path", "page", "element", "referrer",
                 "click_source", "engagement"):
        server[name] = np.full(len(paid), -1, dtype=events[name].dtype)
    kept = np.ones(len(events["time"]), dtype=bool)
    kept[done[orders["defect"] == BLOCKED]] = False
    return orders, items, refunds, concat([take(events, kept), repeats, server])


def _draw_defects(generator: np.random.Generator, shipping: np.ndarray) -> np.ndarray:
    """Return a row of ORDER_DEFECTS per order, or -1."""
    count = len(shipping)
    each = max(1, round(ORDER_DEFECT * count))
    defect = np.full(count, -1)
    shuffled = generator.permutation(count)
    # An amount without shipping differs only where there is any.
    for kind, eligible in (
        (DIFFERS, shuffled[shipping[shuffled] > 0]),
        (BLOCKED, shuffled),
        (REPEATED, shuffled),
    ):
        defect[eligible[defect[eligible] < 0][:each]] = kind
    return defect


def _fill(visits: Columns, events: Columns, basket: np.ndarray) -> Columns:
    """Return the items of each order: what its basket's visit added and kept."""
    order_of_visit = np.full(len(visits["human"]), -1)
    order_of_visit[basket] = np.arange(len(basket))
    added = take(events, events["event"] == Event.PRODUCT_ADDED_TO_CART)
    removing = np.zeros(len(visits["human"]), dtype=bool)
    removing[
        events["visit"][events["event"] == Event.PRODUCT_REMOVED_FROM_CART]
    ] = True
    # What is removed is what was added last.
    last = np.append(starts_of_runs(added["visit"])[1:], True)
    kept = ~(last & removing[added["visit"]])
    order = order_of_visit[added["visit"]]
    kept &= order >= 0
    items = {
        "order": order,
        "product": added["product"],
        "quantity": added["quantity"],
        "unit_price": PRODUCT_PRICE[added["product"]],
    }
    items = take(items, kept)
    return take(items, np.argsort(items["order"], kind="stable"))


def _add_up(visits: Columns, events: Columns, orders: Columns, items: Columns) -> None:
    """Set the amounts: total = subtotal - discount + shipping."""
    count = len(orders["visit"])
    amount = items["unit_price"] * items["quantity"]
    subtotal = np.zeros(count, dtype=np.int64)
    np.add.at(subtotal, items["order"], amount)
    coupon = np.zeros(len(visits["human"]), dtype=bool)
    coupon[events["visit"][events["block"] == Block.COUPON]] = True
    discount = np.where(coupon[orders["visit"]], subtotal * COUPON_PERCENT // 100, 0)
    shipping = np.where(subtotal - discount < FREE_SHIPPING_FROM, SHIPPING, 0)
    orders |= {
        "subtotal": subtotal,
        "discount": discount,
        "shipping": shipping,
        "total": subtotal - discount + shipping,
    }


def _live_on(
    generator: np.random.Generator, period: Period, orders: Columns, items: Columns
) -> Columns:
    """Set status and times of the orders as of the period's end; return refunds.

    `paid_at`, `delivered_at` are -1 where that has not happened by then.
    """
    count = len(orders["visit"])
    ordered = orders["ordered_at"]
    fate = pick(generator, FATES, count)

    def later(low: int, high: int) -> np.ndarray:
        """Draw a time span for each order."""
        return generator.integers(low, high, count)

    paid = ordered + later(5 * SECOND, 90 * SECOND)
    shipped = paid + later(HOUR * 12, HOUR * 60)
    delivered = shipped + later(HOUR * 36, HOUR * 120)
    cancelled = paid + later(HOUR, HOUR * 11)
    sent_back = delivered + later(DAY * 2, DAY * 20)

    status = np.full(count, PENDING)
    updated = ordered.copy()

    def reach(new_status: int, when: np.ndarray, who: np.ndarray) -> None:
        """Move the orders of `who` on, where `when` is within the period."""
        there = who & (when < period.end_us)
        status[there] = new_status
        updated[there] = when[there]

    called_off = fate == CALLED_OFF
    goes_out = ~np.isin(fate, (NEVER_PAID, CALLED_OFF))
    reach(PAID, paid, fate != NEVER_PAID)
    reach(SHIPPED, shipped, goes_out)
    reach(DELIVERED, delivered, goes_out)
    reach(CANCELLED, cancelled, ~goes_out)
    reach(REFUNDED, sent_back, fate == SENT_BACK)

    # Part of an order is its first item, all pieces of it, where that leaves a rest.
    first_item = np.searchsorted(items["order"], np.arange(count))
    part = (items["unit_price"] * items["quantity"])[first_item]
    partly = (fate == PARTLY_SENT_BACK) & (part < orders["total"])
    amount = np.where(partly, part, orders["total"])
    when = np.where(called_off, cancelled + HOUR, sent_back)
    refunded = called_off | partly | (fate == SENT_BACK)
    refunded &= when < period.end_us
    updated = np.where(refunded & partly, when, updated)
    orders |= {
        "status": status,
        "updated_at": updated,
        "paid_at": np.where((fate != NEVER_PAID) & (paid < period.end_us), paid, -1),
        "delivered_at": np.where(
            goes_out & (delivered < period.end_us), delivered, -1
        ),
        "first_product": items["product"][first_item],
    }
    order = np.where(refunded)[0]
    return {"order": order, "amount": amount[order], "refunded_at": when[order]}


def write_reviews(
    generator: np.random.Generator, orders: Columns, events: Columns
) -> tuple[Columns, Columns]:
    """Return reviews, and the events without reviews of nothing.

    A review is of the first item of the last order that its human, signed in, had
    been delivered; at most one an order.
    """
    wishes = np.where(events["event"] == Event.REVIEW_SUBMITTED)[0]
    delivered = np.where(orders["delivered_at"] >= 0)[0]
    order = np.full(len(wishes), -1)
    if len(delivered) and len(wishes):
        # One sorted key for (human, time): a human's times span less than `span`.
        base = min(events["time"].min(), orders["delivered_at"][delivered].min())
        span = 2 * int(max(events["time"].max(), orders["updated_at"].max()) - base + 1)
        arrived = orders["delivered_at"][delivered] - base
        key = orders["human"][delivered] * span + arrived
        delivered = delivered[np.argsort(key, kind="stable")]
        wish = events["human"][wishes] * span + events["time"][wishes] - base
        found = np.searchsorted(np.sort(key), wish) - 1
        candidate = delivered[np.maximum(found, 0)]
        good = (found >= 0) & (orders["human"][candidate] == events["human"][wishes])
        good &= events["user"][wishes] >= 0
        order = np.where(good, candidate, -1)
        _, first = np.unique(order, return_index=True)
        repeated = np.ones(len(order), dtype=bool)
        repeated[first] = False
        order[repeated] = -1
    kept = np.ones(len(events["time"]), dtype=bool)
    kept[wishes[order < 0]] = False
    wishes, order = wishes[order >= 0], order[order >= 0]
    events["product"][wishes] = orders["first_product"][order]
    reviews = {
        "human": events["human"][wishes],
        "product": events["product"][wishes],
        "order": order,
        "rating": 1 + pick(generator, [5, 6, 12, 30, 47], len(wishes)),
        "created_at": events["time"][wishes],
    }
    return reviews, take(events, kept)
