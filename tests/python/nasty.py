"""A small raw log that holds what breaks queries, each row with what it is for.

Two loads: `first_load()`, then `second_load()`, which holds the first one's rows but for
some that were deleted, and what came late. Times of the device come as text, as some
collectors deliver them; the other times come typed. The definitions in `DEFINITIONS` use
all that a definition can say.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

Row = dict[str, Any]

# Half an hour off the full hours, and with summer time: its days have 23 and 25 hours.
VARIABLES = {"reporting_timezone": "America/St_Johns", "week_starts_on": "sunday"}

SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)
MICROSECOND = dt.timedelta(microseconds=1)

KOREAN = "한국어 상품 페이지"
EMOJI = "👩‍👩‍👧‍👦 🛒"  # one picture of seven code points
COMPOSED, COMBINING = "caf\u00e9", "cafe\u0301"  # alike to the eye, two texts
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

DEFINITIONS = {
    "conversions": [
        {"conversion_name": "order", "event_name": "order"},
        {"conversion_name": "cart", "event_name": "Product_Added_To_Cart", "value_from": "value"},
        {"conversion_name": "sign_up", "event_name": "signed_up"},
    ],
    "exchange_rates": [
        {"currency": "eur", "rate": "1"},
        {"currency": "KRW", "valid_from": "2024-03-09", "rate": "0.000667"},
        {"currency": "KRW", "valid_from": "2024-03-10", "rate": "0.333333333"},
    ],
    "funnels": [
        {"funnel_name": "purchase", "description": "Breakdown by a property, exclusions",
         "step_order": "ordered", "window_seconds": 604800, "breakdown_property": "color"},
        {"funnel_name": "any", "description": "Any event, a page, a property",
         "step_order": "ordered", "window_seconds": 1800, "breakdown_property": "language"},
    ],
    "funnel_steps": [
        {"funnel_name": "purchase", "step_number": 1, "step_name": "viewed",
         "event_name": "product_viewed"},
        {"funnel_name": "purchase", "step_number": 1, "step_name": "viewed",
         "event_name": "page_viewed", "page_pattern": "^/p/"},
        {"funnel_name": "purchase", "step_number": 2, "step_name": "added",
         "event_name": "PRODUCT_added_to_cart"},
        {"funnel_name": "purchase", "step_number": 3, "step_name": "added again",
         "event_name": "product_added_to_cart"},
        {"funnel_name": "purchase", "step_number": 4, "step_name": "ordered",
         "event_name": "order_completed"},
        {"funnel_name": "purchase", "step_number": 4, "step_name": "ordered",
         "event_name": "order"},
        {"funnel_name": "any", "step_number": 1, "step_name": "anything"},
        {"funnel_name": "any", "step_number": 2, "step_name": "red or Korean",
         "event_name": "product_viewed", "property_name": "color", "property_value": "red"},
        {"funnel_name": "any", "step_number": 2, "step_name": "red or Korean",
         "event_name": "page_viewed", "page_pattern": "상품|카페"},
    ],
    "funnel_exclusions": [
        {"funnel_name": "purchase", "event_name": "Product_Removed_From_Cart",
         "after_step": 1, "before_step": 4},
    ],
    "retentions": [
        {"retention_name": f"{rule}_{period}_{mode}", "description": "Each rule once",
         "start_event": start, "return_event": back, "cohort_rule": rule, "period": period,
         "mode": mode, "max_periods": 60}
        for rule, period, mode, start, back in (
            ("first_ever", "week", "on", "", ""),
            ("every", "day", "on", "", "product_viewed"),
            ("every", "week", "on_or_after", "page_viewed", ""),
            ("first_ever", "month", "on_or_after", "order_completed", "order_completed"),
            ("every", "month", "on", "order", "order"),
        )
    ],
}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


class Log:
    """Events with the ids e1, e2 …, received two seconds after they happened unless said
    otherwise, loaded at the next full hour."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, moment: str | dt.datetime, name: str | None = "page_viewed", **columns) -> Row:
        moment = at(moment) if isinstance(moment, str) else moment
        received = columns.pop("received_at", moment + 2 * SECOND)
        loaded = columns.pop("loaded_at", None) or (
            (received or moment).replace(minute=0, second=0, microsecond=0) + 60 * MINUTE
        )
        row = {
            "event_id": f"e{len(self.rows) + 1}", "event_name": name,
            "occurred_at": moment.isoformat(sep=" "), "sent_at": None,
            "received_at": received, "loaded_at": loaded, "anonymous_id": "d1",
            "user_id": None, "platform": "web", "properties": None,
        } | columns
        self.rows.append(row)
        return row

    def again(self, row: Row, **columns) -> Row:
        self.rows.append(row | columns)
        return self.rows[-1]


def texts(log: Log) -> None:
    """Texts in columns that models group by, join by and cut to pieces."""
    start = at("2024-02-28 10:00:00")
    for n, text in enumerate(
        (None, "", " ", KOREAN, EMOJI, COMPOSED, COMBINING, "O'Brien \"quoted\" \\ back",
         "tab\tand\nline", "%", "_", "ＦＵＬＬ", "ß", "\u200b", "a" * 3000)
    ):
        # A blank name is refused, an empty one too; the others are names.
        log.add(
            start + n * MINUTE, "page_viewed", anonymous_id="texts", page_title=text,
            page_url=f"https://shop.example/{text or ''}", country=text, language=text,
            app_version=text, os=text, browser=text, device_category=text,
        )
        log.add(
            start + n * MINUTE + SECOND, "button_clicked", anonymous_id="texts",
            element=text, screen_name=text, platform="ios",
        )
        log.add(start + n * MINUTE + 2 * SECOND, text, anonymous_id="texts")
    # Ids that differ in what the eye does not see, and one device for each.
    for text in (COMPOSED, COMBINING, "Café", " d ", EMOJI, KOREAN):
        log.add("2024-02-28 12:00:00", anonymous_id=text, event_id=f"id {text}")
    # Names compare trimmed and in lower case.
    for name in ("Page_Viewed", "  PAGE_VIEWED ", "page_viewed\t", "\u00a0page_viewed"):
        log.add("2024-02-28 12:30:00", name, anonymous_id="names")


def addresses(log: Log) -> None:
    """Addresses, referrers and campaigns with every kind of percent sign."""
    start = at("2024-02-28 20:00:00")
    urls = (
        "https://shop.example", "https://shop.example/", "https://SHOP.example/Path/?q=1#f",
        "shop.example/without/scheme", "/only/a/path/", "?only=query", "#only", "///",
        "https://user:secret@WWW.shop.example:8443/p/1/", "ftp://shop.example/p/2",
        "https://shop.example/p/카페?utm_source=%EC%B9%B4%ED%8E%98&utm_medium=social",
        "https://shop.example/p/3?utm_source=news+letter&utm_medium=e-mail&utm_campaign=50%25",
        "https://shop.example/?utm_source=%&utm_medium=%zz&utm_campaign=100%2",
        "https://shop.example/?utm_source=%E9&utm_medium=cpc&utm_campaign=a%2Bb%26c%3Dd",
        "https://shop.example/?utm_source=%F0%9F%9B%92&utm_medium=%20&utm_campaign=+",
        "https://shop.example/?utm_source=&utm_medium=&utm_campaign=",
        "https://shop.example/?UTM_SOURCE=shouting&xutm_source=other&utm_source=last",
        "https://shop.example/?utm_source=a&utm_source=b&utm_medium=cpc",
        "https://shop.example/#utm_source=fragment",
        "https://shop.example/?utm_source=www.Google.com&utm_medium=ORGANIC",
        "https://shop.example/?utm_campaign=cross-network%0A&utm_source=%00x",
        "https://shop.example/?utm_source=%e2%82%ac%e2%82&utm_medium=x%C3%28y",
        "https://[2001:db8::1]/six?utm_source=%252Fdouble",
    )
    referrers = (
        None, "", "https://www.google.com/search?q=가", "https://shop.example/other",
        "https://m.shop.example/", "https://example/", "android-app://com.example.app/",
        "https://l.instagram.com/?u=x", "about:blank", "https://chatgpt.com/",
        "https://WWW.NAVER.com", "not an address", "http://localhost:3000/",
    )
    for n, url in enumerate(urls):
        log.add(
            start + n * 60 * MINUTE, page_url=url, anonymous_id="urls",
            page_referrer=referrers[n % len(referrers)],
        )
    for n, referrer in enumerate(referrers):
        log.add(
            start + n * 60 * MINUTE, anonymous_id="referrers", page_referrer=referrer,
            page_url="https://www.shop.example/landing",
        )


def properties(log: Log) -> None:
    """JSON that is none, and JSON that is hard to read."""
    start = at("2024-03-01 08:00:00")
    deep = '{"a":' * 60 + "1" + "}" * 60
    for n, text in enumerate((
        "{}", " { } ", '\n{"product_id":"p1"}\t', "null", "[]", '"text"', "1", "", " ", "{",
        "{'product_id':'p1'}", '{"product_id":"p1"} x', "{}{}",
        deep, '{"product_id":' + deep + "}", "[" * 60 + "]" * 60,
        '{"product_id":"p1","product_id":"p2"}', '{"product_id":null,"product_id":"p2"}',
        '{"product_id":""}', '{"product_id":" "}', '{"product_id":null}',
        '{"product_id":{"id":"p1"}}', '{"product_id":["p1"]}', '{"product_id":true}',
        '{"product_id":1}', '{"product_id":1.0}', '{"product_id":-0}', '{"product_id":1e2}',
        '{"product_id":12345678901234567890}', '{"product_id":0.1000}',
        '{"product_id":"\\u0070\\u0031"}', '{"product_id":"\\"p1\\\\"}',
        '{"product_id":"' + KOREAN + '"}', '{"product_id":"\\ud83d\\uded2"}',
        '{"product_id":"' + EMOJI + '"}', '{"Product_ID":"p1"}', '{"product_id ":"p1"}',
        '{"x":"\\"product_id\\":1"}', '{"a.b":"c","$.product_id":"p1"}', "{\"\":1}",
        '{"big":"' + "가" * 20_000 + '","product_id":"p1"}',
    )):
        log.add(
            start + n * MINUTE, "product_viewed", anonymous_id="json", properties=text,
        )
    # Numbers where money and milliseconds are read.
    for n, number in enumerate((
        "1", "-1", "0", "-0", "1.5", "0.00005", "-0.00005", "2.675", "1e3", "1E-2", '"12.5"',
        '" 7 "', '"1,000"', '"12 USD"', '""', "true", "null", "[1]", "1e14",
        "99999999999999.9999", "-99999999999999.9999", "123456789012345.6", "1e30", "1e300",
        "0.12345678901234567890", "86400000", "86400001", "9223372036854775807",
        '"NaN"', '"inf"', '"1e2"', '"+5"', '".5"', '"5."', '"0x10"', '"--1"',
    )):
        log.add(
            start + dt.timedelta(hours=2) + n * 2 * MINUTE, "product_added_to_cart",
            anonymous_id="numbers", properties=f'{{"value":{number},"engagement_msec":{number}}}',
        )


def times(log: Log) -> None:
    """Edges of the calendar and of clocks."""
    for moment in (
        # Midnight of a UTC day, of a leap day, of years that end in an ISO week.
        "2024-02-29 00:00:00", "2024-02-29 23:59:59.999999", "2024-03-01 00:00:00",
        "2023-12-31 12:00:00", "2024-01-01 02:30:00",
        "2024-12-29 12:00:00", "2024-12-30 12:00:00", "2025-01-01 03:29:59.999999",
        "2025-01-01 03:30:00", "2025-01-05 12:00:00",
        # St. John's: clocks go forward at 05:30 UTC and back at 04:30 UTC.
        "2024-03-10 03:29:59.999999", "2024-03-10 03:30:00", "2024-03-10 05:29:59.999999",
        "2024-03-10 05:30:00", "2024-03-11 02:29:59.999999", "2024-03-11 02:30:00",
        "2024-11-03 02:29:59.999999", "2024-11-03 02:30:00", "2024-11-03 04:29:59.999999",
        "2024-11-03 04:30:00", "2024-11-04 03:29:59.999999", "2024-11-04 03:30:00",
        # Elsewhere they change on other days.
        "2024-03-31 01:00:00", "2024-10-27 01:00:00",
    ):
        for device in ("clock", "clock 2"):
            log.add(moment, anonymous_id=device, user_id="u9" if device == "clock" else None)
    # Pauses of the timeout, a microsecond more, none; and one instant for many events.
    start = at("2024-03-10 01:00:00")
    for step in (0 * MINUTE, 30 * MINUTE, 60 * MINUTE + MICROSECOND, 60 * MINUTE + MICROSECOND):
        log.add(start + step, anonymous_id="pauses")
    for name in ("product_viewed", "product_added_to_cart", "product_added_to_cart",
                 "order_completed", "page_viewed", "button_clicked"):
        log.add(start + 200 * MINUTE, name, anonymous_id="instant", element="buy",
                properties='{"color":"red","order_id":"o7"}')
    # Wrong clocks, put right by the time of sending; and one of a device that is asleep.
    for hours in (-23, 25, -9000, 9000, 90_000):
        moment = start + dt.timedelta(hours=hours)
        log.add(moment, anonymous_id="wrong clock", received_at=start + 5 * SECOND,
                sent_at=(moment + 3 * SECOND).isoformat(sep=" "))
    # Times as text: offsets, letters, digits too many, nothing that a calendar has.
    received = at("2024-03-12 12:00:00")
    for text in (
        "2024-03-12T11:00:00Z", "2024-03-12T11:00:00.123Z", "2024-03-12 16:45:00+05:45",
        "2024-03-12T07:30:00-03:30", "2024-03-12", "2024-03-12 11:00", "2024-02-30 11:00:00",
        "2024-03-12 25:00:00", "yesterday", "", "1710241200", "0000-00-00 00:00:00",
    ):
        log.add(received, anonymous_id="written", received_at=received, occurred_at=text)
    # A device that is never idle for two days, cut at a midnight.
    for n in range(0, 100):
        log.add(at("2024-03-05 22:10:00") + n * 30 * MINUTE, anonymous_id="kiosk",
                loaded_at=at("2024-03-08 03:00:00"))


def refusals(log: Log) -> None:
    """Every reason to refuse a row, each on both sides of its edge."""
    received = at("2024-03-02 12:00:00")
    day = dt.timedelta(days=1)
    for changes in (
        {"event_id": None}, {"event_id": ""}, {"event_id": "  "}, {"event_id": "\t"},
        {"event_name": None}, {"event_name": "   "}, {"occurred_at": None},
        {"anonymous_id": None}, {"anonymous_id": "", "user_id": ""},
        {"anonymous_id": None, "user_id": "u1"}, {"anonymous_id": " "},
        {"properties": "not json"}, {"properties": "[" + EMOJI + "]"},
        {"event_id": None, "event_name": None, "anonymous_id": None, "properties": "{"},
    ):
        log.add(received, **({"anonymous_id": "refused", "received_at": received} | changes))
    for moment in (received + day, received + day + MICROSECOND,
                   received - 400 * day, received - 400 * day - MICROSECOND):
        log.add(moment, anonymous_id="refused", received_at=received)
    # Most of a load is in order, or the run would stop.
    for n in range(20):
        log.add(received + n * MINUTE, anonymous_id="in order", loaded_at=received)
    # Alike to the letter, both kept; and one that was neither received nor sent.
    row = log.add(received, None, anonymous_id="refused")
    log.again(row)
    log.add(received, anonymous_id="not received", received_at=None, loaded_at=received)


def copies(log: Log) -> None:
    """One id more than once."""
    first = log.add("2024-03-03 23:59:59", anonymous_id="copies")
    day = dt.timedelta(days=1)
    log.again(first)
    log.again(first, received_at=first["received_at"] + MINUTE)
    log.again(first, loaded_at=first["loaded_at"] - MINUTE, page_title="was loaded first")
    log.again(first, page_title="b", element=EMOJI)
    log.again(first, page_title="a", element=KOREAN)
    # The same id on another day, and within a second of midnight.
    log.again(first, occurred_at="2024-03-04 00:00:00", received_at=at("2024-03-04 00:00:02"))
    log.again(first, occurred_at="2024-05-04 09:00:00", received_at=at("2024-05-04 09:00:02"),
              loaded_at=first["loaded_at"] + 62 * day)
    # Copies that only the order of texts tells apart.
    tied = log.add("2024-03-04 12:00:00", anonymous_id="copies", page_title=COMPOSED)
    for title in (COMBINING, "z", "Z", "é", KOREAN, EMOJI, None, " ", '"', "\\"):
        log.again(tied, page_title=title)


def people(log: Log) -> None:
    """Sign-ins, shared phones, servers, bots."""
    start = at("2024-03-06 09:00:00")
    for n, user in enumerate((None, "u1", None, "u2", "u2", None, "u1", "가입자", "")):
        log.add(start + n * 5 * MINUTE, anonymous_id="shared phone", user_id=user)
    log.add(start, anonymous_id="phone of u1", user_id="u1", platform="android")
    log.add(start + 10 * MINUTE, "signed_up", anonymous_id="phone of u1", user_id="u1")
    log.add(start + 9000 * MINUTE, anonymous_id="signs in later")
    log.add(start + 9100 * MINUTE, anonymous_id="signs in later", user_id="u3")
    # Two ids that are one person; products in a list, one of which is none.
    log.add(start, "alias", anonymous_id="names another", user_id="u2",
            properties='{"alias":"no device"}')
    log.add(start, "Order_Completed", anonymous_id="buys a list", properties=(
        '{"order_id":"o98","currency":"eur","items":'
        '[{"item_id":"p1","price":2.50,"quantity":2},{"item_id":"p2","item_name":"한국"},"text"]}'
    ))
    for device, user in (("shared phone", None), ("no device", None), (None, "u2")):
        for minutes in (-60, 12, 30_000):
            log.add(start + minutes * MINUTE, "order_paid", anonymous_id=device,
                    user_id=user, platform="Server", properties='{"order_id":"o1"}')
    for agent in (BOT, "curl/8.0", "GPTBot/1.0", "facebookexternalhit/1.1", "HeadlessChrome",
                  "UptimeRobot/2.0", "", KOREAN, "Mozilla/5.0 CUBOT"):
        log.add(start, anonymous_id=f"agent {agent}", user_agent=agent)
        log.add(start + SECOND, "product_viewed", anonymous_id=f"agent {agent}",
                user_agent=agent, properties='{"product_id":"p1"}')


def walks(log: Log) -> None:
    """Ways through the funnels: straight, excluded, too slow, at one instant, twice."""
    start = at("2024-03-09 20:00:00")
    seen, cart, out, bought = (
        "product_viewed", "product_added_to_cart", "product_removed_from_cart",
        "order_completed",
    )
    for person, steps in {
        "straight": ((0, seen), (1, cart), (2, cart), (3, bought)),
        "excluded": ((0, seen), (1, cart), (2, out), (3, cart), (4, bought)),
        "excluded at once": ((0, seen), (1, cart), (1, out), (2, cart), (3, bought)),
        "too slow": ((0, seen), (1, cart), (10_079, cart), (10_081, bought)),
        "just in time": ((0, seen), (1, cart), (2, cart), (10_080, bought)),
        "one cart": ((0, seen), (1, cart), (2, bought)),
        "twice": ((0, seen), (1, seen), (2, cart), (2, seen), (3, cart), (4, bought),
                  (5000, seen), (5001, cart)),
    }.items():
        for n, (minutes, name) in enumerate(steps):
            color = ("red", "RED", "빨강", "", None)[n % 5]
            log.add(
                start + minutes * MINUTE, name, anonymous_id=person, language="ko",
                page_url="https://shop.example/p/1", element="buy" if name == cart else None,
                properties='{"color":"%s","product_id":"p%d","order_id":"o%d","value":"9.99"}'
                % (color, n, n) if color is not None else '{"color":null}',
            )


def first_log() -> Log:
    log = Log()
    for chapter in (texts, addresses, properties, times, refusals, copies, people, walks):
        chapter(log)
    return log


def application() -> dict[str, list[Row]]:
    """The tables of the application, with amounts at every edge."""
    day = at("2024-03-09 21:00:00")
    statuses = ("paid", " PAID ", "cancelled", "Cancelled", "refunded", "shipped", None, "")
    amounts = (
        "10.00", "0", "-5.5", "99999999999999.9999", "0.000050000", "0.000049999", "-0.00005",
        "123456789012345.1", "1.005", None, "19.99", "12345678901234567890.123456789",
    )
    orders = [
        {
            "id": f"o{n}", "user_id": (None, "u1", "u2", "nobody", "가입자")[n % 5],
            "status": statuses[n % len(statuses)], "currency": ("EUR", " krw", None)[n % 3],
            "subtotal_amount": amount and Decimal(amount), "discount_amount": None,
            "shipping_amount": Decimal("0.1"), "total_amount": amount and Decimal(amount),
            "ordered_at": day + n * 3 * MINUTE, "updated_at": None,
        }
        for n, amount in enumerate(amounts)
    ]
    # Nobody's device tells of it, but its buyer was there.
    orders.append(orders[0] | {"id": "o99", "user_id": "u1",
                               "ordered_at": at("2024-03-06 09:31:00")})
    refunds = [
        {"id": f"r{n}", "order_id": order, "amount": amount and Decimal(amount),
         "refunded_at": day + n * MINUTE}
        for n, (order, amount) in enumerate((
            ("o0", "3.333333333"), ("o0", "3.333333333"), ("o0", "3.333333334"), ("o3", "0.0001"),
            ("o8", None), ("o10", "19.99"), ("missing", "1"), (None, "1"), ("o4", "-2"),
        ))
    ]
    items = [
        {"id": f"i{n}", "order_id": order, "product_id": product, "quantity": quantity,
         "unit_price": price and Decimal(price)}
        for n, (order, product, quantity, price) in enumerate((
            ("o0", "p1", 1, "10"), ("o0", "p2", 3, "0.3333"), ("o0", None, 1, "1"),
            ("o1", "p1", -1, "10"), ("o2", "p2", 2, "5"), ("o3", "p1", 0, "0.00005"),
            ("o5", KOREAN, 1, None), ("o6", "p1", None, "2"), ("o7", "p3", 1_000_000, "123456.789"),
            ("missing", "p1", 1, "1"), (None, "p1", 1, "1"),
        ))
    ]
    products = [
        {"id": name, "name": text, "category": category, "price": price and Decimal(price),
         "currency": "EUR", "created_at": day, "updated_at": None}
        for name, text, category, price in (
            ("p1", EMOJI, "가구", "10"), ("p2", "", None, "0.33335"), (KOREAN, KOREAN, " ", None),
            ("p3", "never seen", "x", "1e14"), ("100", "a number's text", "x", "-1"),
        )
    ]
    # Of several rows the latest by updated_at counts; rows that are alike are one.
    products.append(products[0] | {"category": "newer", "updated_at": day})
    items.append(items[0])
    users = [
        {"id": name, "email": None, "country": country, "created_at": created,
         "updated_at": None, "deleted_at": None}
        for name, country, created in (
            ("u1", "KR", at("2024-03-06 09:10:00")), ("u2", "", None),
            ("가입자", "대한민국", at("1900-01-01 00:00:00")), ("never", "US", day),
        )
    ]
    users += [users[0] | {"country": "JP", "updated_at": day}, users[1]]
    reviews = [
        {"id": f"v{n}", "user_id": "u1", "product_id": product, "order_id": None,
         "rating": rating, "body": EMOJI, "created_at": day}
        for n, (product, rating) in enumerate((
            ("p1", 5), ("p1", 4), ("p1", 4), ("p2", None), (None, 1), ("p3", -(2**63)),
        ))
    ]
    return {
        "orders": orders, "refunds": refunds, "order_items": items, "products": products,
        "users": users, "reviews": reviews,
        "identities": [
            {"anonymous_id": "straight", "other_user_id": None, "user_id": "u5", "known_at": day},
            {"anonymous_id": None, "other_user_id": " u4.0", "user_id": "u5", "known_at": None},
        ],
    }


def first_load() -> dict[str, list[Row]]:
    return {"events": first_log().rows, **application()}


def second_load() -> dict[str, list[Row]]:
    """Rows of one load date are gone; others came late, to days that were done."""
    log = first_log()
    gone = at("2024-03-08 03:00:00")
    log.rows = [row for row in log.rows if row["loaded_at"] != gone or row["anonymous_id"] != "kiosk"]
    loaded = at("2024-05-05 05:00:00")
    late = {"loaded_at": loaded, "received_at": at("2024-03-10 12:00:00")}
    # Joins two sessions; splits one by a user; names the past of a device.
    log.add("2024-03-10 01:45:00", anonymous_id="pauses", **late)
    log.add("2024-03-06 09:12:00", anonymous_id="shared phone", user_id="u4", **late)
    log.add("2024-03-10 11:00:00", anonymous_id="straight", user_id="u5", **late)
    # A funnel that gains its exclusion, a copy that was loaded before, a refused row.
    log.add("2024-03-09 20:02:30", "product_removed_from_cart", anonymous_id="straight", **late)
    first = next(row for row in log.rows if row["anonymous_id"] == "copies")
    log.again(first, loaded_at=at("2024-03-03 05:00:00"), page_title=KOREAN)
    log.add("2024-03-10 11:00:00", None, **late)
    # Days without any row before, one of them before all others.
    log.add("2022-12-30 00:00:00", anonymous_id="d2", loaded_at=loaded)
    log.add("2024-05-05 04:00:00", "product_viewed", anonymous_id="signs in later")
    rows = application()
    rows["refunds"].append({
        "id": "r99", "order_id": "o5", "amount": Decimal("0.1"), "refunded_at": loaded,
    })
    return {"events": log.rows, **rows}
