"""What happens within visits: from intents to blocks of actions to events.

A visit is a row of slots (land, browse, add to cart, check out, ...), each filled
with so many blocks; a block is a fixed run of events. Both unfold with one
`np.repeat` each, so no loop runs over people, visits or events.
"""

from __future__ import annotations

from enum import IntEnum, auto

import numpy as np

from demo.arrays import Columns, last_position, pick, starts_of_runs, take
from demo.catalog import (
    CATEGORIES,
    FIRST_PATH,
    MINUTE,
    MODEL_IS_WEB,
    PRODUCT_PRICE,
    PRODUCTS_PER_CATEGORY,
    SEARCH_TERMS,
    SECOND,
    SECONDS_TO_CLICK,
    SOURCES,
    VIEW,
    Element,
    Event,
    Page,
)
from demo.people import (
    Intent,
    Period,
    draw_devices,
    draw_people,
    draw_sign_ins,
    draw_visits,
    keep_apart,
)


class Block(IntEnum):
    """Runs of events that belong together; TEMPLATES says which."""

    SIGN_IN_FIRST = 0
    LAND_HOME = auto()
    LAND_CATEGORY = auto()
    LAND_PRODUCT = auto()
    HERO = auto()
    PROMO = auto()
    MENU = auto()
    SEARCH = auto()
    PRODUCT = auto()
    WISHLIST = auto()
    HELP = auto()
    ADD = auto()
    BUY_NOW = auto()
    CART = auto()
    REMOVE = auto()
    COUPON = auto()
    CHECKOUT = auto()
    SIGN_IN_EARLY = auto()
    SIGN_IN_LATE = auto()
    SHIPPING = auto()
    PAYMENT = auto()
    DONE = auto()
    ACCOUNT = auto()
    REVIEW = auto()
    NEWSLETTER = auto()


def _view(page: Page) -> tuple[Event, Page, Element]:
    """Return the view of a page, as a line of a template."""
    return VIEW, page, Element.NONE


def _click(element: Element, page: Page = Page.PREVIOUS) -> tuple[Event, Page, Element]:
    """Return a click on an element of a page, as a line of a template."""
    return Event.BUTTON_CLICKED, page, element


def _on(page: Page, event: Event) -> tuple[Event, Page, Element]:
    """Return another event on a page, as a line of a template."""
    return event, page, Element.NONE


TEMPLATES = {
    Block.SIGN_IN_FIRST: [_on(Page.ACCOUNT, Event.SIGNED_IN)],
    Block.LAND_HOME: [_view(Page.HOME)],
    Block.LAND_CATEGORY: [_view(Page.CATEGORY)],
    Block.LAND_PRODUCT: [_view(Page.PRODUCT), _on(Page.PRODUCT, Event.PRODUCT_VIEWED)],
    Block.HERO: [
        _view(Page.HOME),
        _click(Element.HERO_BANNER, Page.HOME),
        _view(Page.CATEGORY),
    ],
    Block.PROMO: [
        _view(Page.HOME),
        _click(Element.PROMO_BANNER, Page.HOME),
        _view(Page.PRODUCT),
        _on(Page.PRODUCT, Event.PRODUCT_VIEWED),
    ],
    Block.MENU: [_click(Element.CATEGORY_MENU), _view(Page.CATEGORY)],
    Block.SEARCH: [
        _click(Element.SEARCH_BOX),
        _view(Page.SEARCH),
        _on(Page.SEARCH, Event.SEARCH_PERFORMED),
    ],
    Block.PRODUCT: [
        _click(Element.PRODUCT_CARD),
        _view(Page.PRODUCT),
        _on(Page.PRODUCT, Event.PRODUCT_VIEWED),
    ],
    Block.WISHLIST: [
        _view(Page.PRODUCT),
        _on(Page.PRODUCT, Event.PRODUCT_VIEWED),
        _click(Element.WISHLIST, Page.PRODUCT),
    ],
    Block.HELP: [_click(Element.FOOTER_HELP), _view(Page.HELP)],
    Block.ADD: [
        _click(Element.PRODUCT_CARD),
        _view(Page.PRODUCT),
        _on(Page.PRODUCT, Event.PRODUCT_VIEWED),
        _click(Element.ADD_TO_CART, Page.PRODUCT),
        _on(Page.PRODUCT, Event.PRODUCT_ADDED_TO_CART),
    ],
    Block.BUY_NOW: [
        _click(Element.BUY_NOW, Page.PRODUCT),
        _on(Page.PRODUCT, Event.CHECKOUT_STARTED),
    ],
    Block.CART: [_view(Page.CART), _on(Page.CART, Event.CART_VIEWED)],
    Block.REMOVE: [_on(Page.CART, Event.PRODUCT_REMOVED_FROM_CART)],
    Block.COUPON: [_click(Element.APPLY_COUPON, Page.CART)],
    Block.CHECKOUT: [
        _click(Element.CHECKOUT, Page.CART),
        _on(Page.CART, Event.CHECKOUT_STARTED),
    ],
    Block.SIGN_IN_EARLY: [_view(Page.ACCOUNT), _on(Page.ACCOUNT, Event.SIGNED_IN)],
    Block.SIGN_IN_LATE: [_view(Page.ACCOUNT), _on(Page.ACCOUNT, Event.SIGNED_IN)],
    Block.SHIPPING: [
        _view(Page.CHECKOUT_SHIPPING),
        _on(Page.CHECKOUT_SHIPPING, Event.SHIPPING_INFO_ENTERED),
    ],
    Block.PAYMENT: [
        _view(Page.CHECKOUT_PAYMENT),
        _on(Page.CHECKOUT_PAYMENT, Event.PAYMENT_INFO_ENTERED),
    ],
    Block.DONE: [_view(Page.ORDER_DONE), _on(Page.ORDER_DONE, Event.ORDER_COMPLETED)],
    Block.ACCOUNT: [_view(Page.ACCOUNT)],
    Block.REVIEW: [_on(Page.ACCOUNT, Event.REVIEW_SUBMITTED)],
    Block.NEWSLETTER: [_on(Page.PREVIOUS, Event.NEWSLETTER_SUBSCRIBED)],
}
TEMPLATE_LENGTH = np.array([len(TEMPLATES[block]) for block in Block])
TEMPLATE_START = np.cumsum(TEMPLATE_LENGTH) - TEMPLATE_LENGTH
_LINES = np.array([line for block in Block for line in TEMPLATES[block]])
LINE_EVENT, LINE_PAGE, LINE_ELEMENT = _LINES.T.astype(np.int8)

# The order of a visit. LAND and BROWSE are drawn among kinds of blocks.
SLOTS = [
    Block.SIGN_IN_FIRST,
    Block.LAND_HOME,
    Block.NEWSLETTER,
    Block.SIGN_IN_EARLY,
    Block.PRODUCT,  # stands for browsing
    Block.ADD,
    Block.BUY_NOW,
    Block.CART,
    Block.REMOVE,
    Block.COUPON,
    Block.CHECKOUT,
    Block.SIGN_IN_LATE,
    Block.SHIPPING,
    Block.PAYMENT,
    Block.DONE,
    Block.ACCOUNT,
    Block.REVIEW,
]
BROWSING = {
    Block.HERO: 8,
    Block.PROMO: 6,
    Block.MENU: 22,
    Block.SEARCH: 14,
    Block.PRODUCT: 40,
    Block.WISHLIST: 6,
    Block.HELP: 4,
}

# Median seconds from the event before, by event; clicks have theirs by element.
SECONDS_BEFORE = np.full(len(Event), 1.2)
SECONDS_BEFORE[VIEW] = 22.0
SECONDS_BEFORE[Event.PRODUCT_REMOVED_FROM_CART] = 14.0
SECONDS_BEFORE[Event.SHIPPING_INFO_ENTERED] = 45.0
SECONDS_BEFORE[Event.PAYMENT_INFO_ENTERED] = 35.0
SECONDS_BEFORE[Event.SIGNED_IN] = 18.0
SECONDS_BEFORE[Event.REVIEW_SUBMITTED] = 30.0
SECONDS_BEFORE[Event.NEWSLETTER_SUBSCRIBED] = 16.0

# Less than the fastest and the slowest network apart, events of a device could arrive
# in another order than they happened in.
SHORTEST_GAP = 0.9
LONGEST_GAP = 600.0
# Some leave and come back; never after more than 25 minutes, which leaves room to the
# 30 that end a session.
PAUSE = (700.0, 1450.0)


def simulate_visits(
    generator: np.random.Generator, period: Period, household_count: int
) -> tuple[Columns, Columns, Columns, Columns]:
    """Return people, devices, visits and the client's events of some households.

    Visits have final times; events are sorted by visit and time. An event's `user` is
    its human where somebody is signed in, else -1; `path` is a row of catalog.PATHS;
    `click_source` a row of SOURCES where the URL carries a campaign, else -1.
    """
    people = draw_people(generator, period, household_count)
    devices = draw_devices(generator, people)
    visits = draw_visits(generator, period, people, devices)
    events = _unfold(generator, people, visits)
    events["gap"] = _pace(generator, events)

    end = visits["start"] + np.bincount(
        events["visit"], events["gap"], len(visits["start"])
    ).astype(np.int64)
    visits["start"], keep = keep_apart(generator, period, visits, end)
    row_after = np.where(keep, np.cumsum(keep) - 1, -1)
    for link in ("parent", "origin"):
        visits[link] = np.where(visits[link] >= 0, row_after[visits[link]], -1)
    visits = take(visits, keep)
    events = take(events, keep[events["visit"]])
    events["visit"] = row_after[events["visit"]]

    # What is taken out takes its gap along: visits only get shorter by it.
    visits |= draw_sign_ins(generator, people, devices, visits)
    events = _walk(_sign_in(people, visits, events))
    first = starts_of_runs(events["visit"])
    events["gap"][first] = 0
    elapsed = np.cumsum(events["gap"])
    elapsed -= elapsed[last_position(first)]
    events["time"] = visits["start"][events["visit"]] + elapsed
    events["user"] = np.where(
        events.pop("signed_in"), visits["human"][events["visit"]], -1
    )
    _place(generator, devices, visits, events)
    return people, devices, visits, events


def _unfold(
    generator: np.random.Generator, people: Columns, visits: Columns
) -> Columns:
    """Return the events of all visits, in order, without times."""
    counts = _draw_slot_counts(generator, people, visits)
    visit_of_slot = np.repeat(np.arange(len(counts)), len(SLOTS))
    slots = np.tile(np.array(SLOTS, dtype=np.int8), len(counts))
    block = np.repeat(slots, counts.ravel())
    visit = np.repeat(visit_of_slot, counts.ravel())

    browsing = block == Block.PRODUCT
    kinds = np.array(list(BROWSING), dtype=np.int8)
    block[browsing] = kinds[pick(generator, list(BROWSING.values()), browsing.sum())]
    landing = block == Block.LAND_HOME
    block[landing] = _draw_landings(generator, visits["source"][visit[landing]])

    # Tastes: half of what people look at is of their favourite category, and in
    # each category a few goods get most of the attention.
    count = len(block)
    category = np.where(
        generator.random(count) < 0.5,
        people["favourite"][visits["human"][visit]],
        generator.integers(0, len(CATEGORIES), count),
    )
    rank = (PRODUCTS_PER_CATEGORY * generator.random(count) ** 2.0).astype(np.int64)
    product = (category * PRODUCTS_PER_CATEGORY + rank).astype(np.int16)
    quantity = 1 + pick(generator, [0.8, 0.15, 0.05], count)
    term = generator.integers(0, len(SEARCH_TERMS), count)

    lengths = TEMPLATE_LENGTH[block]
    block_of = np.repeat(np.arange(count), lengths)
    ends = np.cumsum(lengths)
    line = np.arange(ends[-1]) - np.repeat(ends - lengths, lengths)
    line += TEMPLATE_START[block[block_of]]
    events = {
        "visit": visit[block_of],
        "block": block[block_of],
        "event": LINE_EVENT[line],
        "page": LINE_PAGE[line],
        "element": LINE_ELEMENT[line],
        "product": product[block_of],
        "quantity": quantity[block_of].astype(np.int8),
        "term": term[block_of].astype(np.int16),
    }
    # Every other product is reached otherwise than by its card.
    no_card = events["element"] == Element.PRODUCT_CARD
    no_card &= generator.random(len(no_card)) < 0.5
    return take(events, ~no_card)


def _draw_landings(generator: np.random.Generator, sources: np.ndarray) -> np.ndarray:
    """Return a landing block per source: links lead deeper than typed addresses."""
    is_paid = np.array([source.utm is not None for source in SOURCES])[sources]
    draw = generator.random(len(sources))
    home = np.where(is_paid, 0.25, 0.55)
    return np.where(
        draw < home,
        Block.LAND_HOME,
        np.where(draw < home + 0.2, Block.LAND_CATEGORY, Block.LAND_PRODUCT),
    )


def _draw_slot_counts(
    generator: np.random.Generator, people: Columns, visits: Columns
) -> np.ndarray:
    """Return visit x slot: how many blocks fill it.

    Sign-ins and reviews are laid out wherever possible; those that do not take place
    are taken out once the order of visits is final.
    """
    intent = visits["intent"]
    count = len(intent)
    counts = np.zeros((count, len(SLOTS)), dtype=np.int64)
    slot = {block: counts[:, position] for position, block in enumerate(SLOTS)}

    registers = people["registers"][visits["human"]]
    in_pair = people["partner"][visits["human"]] >= 0
    abandons, resumes = intent == Intent.ABANDON, intent == Intent.RESUME
    buys = (intent == Intent.BUY) | resumes
    service = intent == Intent.SERVICE

    slot[Block.SIGN_IN_FIRST][:] = in_pair
    slot[Block.LAND_HOME][:] = 1
    slot[Block.NEWSLETTER][:] = (intent == Intent.BROWSE) & (
        generator.random(count) < 0.02
    )
    slot[Block.SIGN_IN_EARLY][:] = registers & (intent != Intent.BOUNCE)
    mean = np.array([0, 2.6, 8.0, 2.5, 2.5, 0.4, 0.6])[intent]
    least = np.isin(intent, (Intent.BROWSE, Intent.RESEARCH))
    slot[Block.PRODUCT][:] = np.minimum(generator.poisson(mean) + least, 25)
    fills = abandons | (intent == Intent.BUY)
    added = fills * (1 + pick(generator, [0.62, 0.24, 0.1, 0.04], count))
    slot[Block.ADD][:] = added
    one_click = (intent == Intent.BUY) & (added == 1) & (generator.random(count) < 0.15)
    slot[Block.BUY_NOW][:] = one_click
    # People who abandon stop after the cart, at the checkout, shipping or payment;
    # beyond the checkout one is signed in, which they may not be.
    stage = np.where(abandons, pick(generator, [0.25, 0.40, 0.35], count), 0)
    stage = np.where(buys, 5, stage)
    sees_cart = fills | resumes
    slot[Block.CART][:] = sees_cart & ~one_click & (buys | (stage >= 1))
    slot[Block.REMOVE][:] = (
        slot[Block.CART] * (added >= 2) * (generator.random(count) < 0.15)
    )
    slot[Block.COUPON][:] = slot[Block.CART] * buys * (generator.random(count) < 0.16)
    slot[Block.CHECKOUT][:] = slot[Block.CART] * (stage >= 2)
    slot[Block.SIGN_IN_LATE][:] = buys & registers
    slot[Block.SHIPPING][:] = buys
    slot[Block.PAYMENT][:] = buys
    slot[Block.DONE][:] = buys
    slot[Block.ACCOUNT][:] = service
    slot[Block.REVIEW][:] = service
    return counts


def _walk(events: Columns) -> Columns:
    """Fill in where each event happens; an open home page is not opened again."""
    visit, page = events["visit"], events["page"]
    # On the page of the event before; its goods and terms come along with it.
    source = last_position(page != Page.PREVIOUS)
    previous_page = np.empty_like(page)
    previous_page[0] = Page.PREVIOUS
    previous_page[1:] = page[source][:-1]
    events["page"] = page[source]
    events["shown_product"] = events["product"][source]
    events["shown_term"] = events["term"][source]
    again_home = (
        (events["event"] == VIEW)
        & (page == Page.HOME)
        & (previous_page == Page.HOME)
        & ~starts_of_runs(visit)
    )
    return take(events, ~again_home)


def _pace(generator: np.random.Generator, events: Columns) -> np.ndarray:
    """Return the gap before each event, in microseconds (0 for a visit's first)."""
    count = len(events["event"])
    seconds = np.where(
        events["element"] >= 0,
        SECONDS_TO_CLICK[events["element"]],
        SECONDS_BEFORE[events["event"]],
    )
    # What one has clicked appears at once; with add_to_cart nothing is to be seen.
    after_click = np.zeros(count, dtype=bool)
    after_click[1:] = events["element"][:-1] >= 0
    seconds[after_click & (events["event"] == VIEW)] = 1.4
    slow = seconds >= 5
    noise = generator.standard_normal(count) * np.where(slow, 0.9, 0.25)
    gap = np.clip(seconds * np.exp(noise), SHORTEST_GAP, LONGEST_GAP)
    pauses = slow & (generator.random(count) < 0.004)
    gap[pauses] = generator.uniform(*PAUSE, pauses.sum())
    gap[starts_of_runs(events["visit"])] = 0
    return (gap * SECOND).astype(np.int64)


def _sign_in(people: Columns, visits: Columns, events: Columns) -> Columns:
    """Leave out the sign-ins that do not take place; set `signed_in`; name sign-ups."""
    visit, block = events["visit"], events["block"]
    place = np.zeros(len(Block), dtype=np.int8)
    place[[Block.SIGN_IN_FIRST, Block.SIGN_IN_EARLY, Block.SIGN_IN_LATE]] = 1, 2, 3
    takes_place = place[block] == visits["sign_in"][visit]
    events = take(events, (place[block] == 0) | takes_place)

    visit = events["visit"]
    signs = events["event"] == Event.SIGNED_IN
    first_of_visit = last_position(starts_of_runs(visit))
    events["signed_in"] = visits["starts_signed_in"][visit] | (
        last_position(signs) >= first_of_visit
    )
    # The first sign-in ever of somebody new is the sign-up.
    rows = np.where(signs)[0]
    human = visits["human"][visit[rows]]
    rows = rows[np.lexsort((visits["start"][visit[rows]], human))]
    human = visits["human"][visit[rows]]
    new = starts_of_runs(human) & ~people["established"][human]
    events["event"][rows[new]] = Event.SIGNED_UP
    return events


def _place(
    generator: np.random.Generator, devices: Columns, visits: Columns, events: Columns
) -> None:
    """Set what an event's page shows and carries: path, campaign, referrer, amounts."""
    visit, page, event = events["visit"], events["page"], events["event"]
    count = len(visit)
    first = starts_of_runs(visit)
    part = np.zeros(count, dtype=np.int16)
    shown = events.pop("shown_product")
    part = np.where(page == Page.CATEGORY, shown // PRODUCTS_PER_CATEGORY, part)
    part = np.where(page == Page.PRODUCT, shown, part)
    part = np.where(page == Page.SEARCH, events.pop("shown_term"), part)
    events["path"] = (FIRST_PATH[page] + part).astype(np.int16)

    about_goods = (page == Page.PRODUCT) | (event == Event.PRODUCT_REMOVED_FROM_CART)
    events["product"] = np.where(about_goods, shown, -1).astype(np.int16)
    _remove_last_added(events)
    in_cart = (event == Event.PRODUCT_ADDED_TO_CART) | (
        event == Event.PRODUCT_REMOVED_FROM_CART
    )
    events["quantity"] = np.where(in_cart, events["quantity"], 0).astype(np.int16)
    events["value"] = np.where(
        in_cart, PRODUCT_PRICE[events["product"]] * events["quantity"], -1
    )
    events["term"] = np.where(
        event == Event.SEARCH_PERFORMED, events["term"], -1
    ).astype(np.int16)
    events["order"] = np.full(count, -1)
    events["device"] = visits["device"][visit]
    events["human"] = visits["human"][visit]

    on_web = MODEL_IS_WEB[devices["model"][events["device"]]]
    # A sign-in that starts a visit is no landing: the view that follows it is.
    landing = (event == VIEW) & on_web & _first_view(event, first)
    source = visits["source"][visit]
    has_campaign = np.array([each.utm is not None for each in SOURCES])
    events["click_source"] = np.where(landing & has_campaign[source], source, -1)
    # Now and then a second campaign is clicked in the middle of a visit.
    again = (event == VIEW) & on_web & ~landing & (generator.random(count) < 0.003)
    campaigns = np.where(has_campaign)[0]
    events["click_source"][again] = generator.choice(campaigns, again.sum())
    # Inside the shop the referrer is the page before.
    events["referrer"] = np.where(landing, source, -1)
    inner = (event == VIEW) & on_web & ~landing & ~first
    before = np.where(inner)[0]
    events["referrer"][before] = len(SOURCES) + events["path"][before - 1]
    events["event"] = np.where(
        (event == VIEW) & ~on_web, Event.SCREEN_VIEWED, event
    ).astype(np.int8)
    # The seconds of attention since the event before, as trackers measure it.
    attention = np.minimum(events.pop("gap"), 5 * MINUTE) // 1000
    events["engagement"] = np.where(
        (event == VIEW) & ~first,
        (attention * generator.uniform(0.6, 1.0, count)).astype(np.int64),
        -1,
    )


def _first_view(event: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return which events are the first view of their visit."""
    views = np.cumsum(event == VIEW)
    before_visit = np.maximum.accumulate(np.where(first, views - (event == VIEW), 0))
    return (event == VIEW) & (views - before_visit == 1)


def _remove_last_added(events: Columns) -> None:
    """Make what is taken out of a cart what was put there last."""
    removed = np.where(events["event"] == Event.PRODUCT_REMOVED_FROM_CART)[0]
    added = last_position(events["event"] == Event.PRODUCT_ADDED_TO_CART)[removed]
    for name in ("product", "quantity"):
        events[name][removed] = events[name][added]


def fit_households(
    people: Columns, devices: Columns, visits: Columns, events: Columns, wanted: int
) -> tuple[Columns, Columns, Columns, Columns] | None:
    """Keep as many whole households as give `wanted` events, or None if too few.

    Orders completed count twice, for the server's event that follows. What is left
    over after the households in order is filled with later ones that fit, so the
    result is short by no more than the smallest household's events.
    """
    household = people["household"]
    weight = 1 + (events["event"] == Event.ORDER_COMPLETED)
    size = np.bincount(household[events["human"]], weight, household[-1] + 1)
    total = np.cumsum(size)
    if total[-1] < wanted:
        return None
    keep = total <= wanted
    left = wanted - size[keep].sum()
    for each in np.where(~keep)[0]:
        if 0 < size[each] <= left:
            keep[each] = True
            left -= size[each]

    keep_human = keep[household]
    keep_device = keep_human[devices["owner"]]
    keep_visit = keep_human[visits["human"]]
    keep_event = keep_visit[events["visit"]]
    human = np.cumsum(keep_human) - 1
    device = np.cumsum(keep_device) - 1
    visit = np.cumsum(keep_visit) - 1
    people, devices = take(people, keep_human), take(devices, keep_device)
    visits, events = take(visits, keep_visit), take(events, keep_event)
    people["partner"] = np.where(people["partner"] >= 0, human[people["partner"]], -1)
    devices["owner"] = human[devices["owner"]]
    for table in (visits, events):
        table["human"], table["device"] = human[table["human"]], device[table["device"]]
    visits["origin"] = np.where(visits["origin"] >= 0, visit[visits["origin"]], -1)
    events["visit"] = visit[events["visit"]]
    events["user"] = np.where(events["user"] >= 0, human[events["user"]], -1)
    for name in ("primary", "extra_first", "extra_count"):
        del people[name]
    del visits["parent"]
    return people, devices, visits, events
