"""What does not depend on people: the shop, its pages, events, sources and devices.

Everything here is a constant. Money is in euro cents. The position of a row in its
list is its code: simulated tables hold codes, and only `write` turns them into text.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

CURRENCY = "EUR"
SITE = "https://shop.example"

SECOND = 1_000_000  # all times are microseconds since 1970-01-01 UTC
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Event(IntEnum):
    """The tracking plan. VIEW is `page_viewed` on the web, `screen_viewed` in apps."""

    PAGE_VIEWED = 0
    SCREEN_VIEWED = 1
    PRODUCT_VIEWED = 2
    BUTTON_CLICKED = 3
    SEARCH_PERFORMED = 4
    PRODUCT_ADDED_TO_CART = 5
    PRODUCT_REMOVED_FROM_CART = 6
    CART_VIEWED = 7
    CHECKOUT_STARTED = 8
    SHIPPING_INFO_ENTERED = 9
    PAYMENT_INFO_ENTERED = 10
    ORDER_COMPLETED = 11
    ORDER_PAID = 12
    SIGNED_UP = 13
    SIGNED_IN = 14
    REVIEW_SUBMITTED = 15
    NEWSLETTER_SUBSCRIBED = 16


VIEW = Event.PAGE_VIEWED

# Names the tracking plan does not know, and untidy spellings of names that it does.
UNKNOWN_NAMES = ["debug_ping", "wishlistToggled", "experiment_exposed", "scroll_depth"]
UNTIDY_NAMES = ["Page_Viewed", "page_viewed ", "PAGE_VIEWED"]
EVENT_NAMES = [event.name.lower() for event in Event] + UNKNOWN_NAMES + UNTIDY_NAMES
FIRST_UNKNOWN_NAME = len(Event)
FIRST_UNTIDY_NAME = FIRST_UNKNOWN_NAME + len(UNKNOWN_NAMES)


class Page(IntEnum):
    """Kinds of page (web) and screen (apps). PREVIOUS: wherever the visit was."""

    PREVIOUS = -1
    HOME = 0
    CATEGORY = 1
    PRODUCT = 2
    SEARCH = 3
    CART = 4
    CHECKOUT_SHIPPING = 5
    CHECKOUT_PAYMENT = 6
    ORDER_DONE = 7
    ACCOUNT = 8
    HELP = 9


SCREENS = [page.name.replace("_", " ").title() for page in Page if page >= 0]


class Element(IntEnum):
    """What is touched in a button_clicked event; NONE in all others."""

    NONE = -1
    HERO_BANNER = 0
    SEARCH_BOX = 1
    CATEGORY_MENU = 2
    PROMO_BANNER = 3
    FOOTER_HELP = 4
    PRODUCT_CARD = 5
    WISHLIST = 6
    ADD_TO_CART = 7
    BUY_NOW = 8
    CHECKOUT = 9
    APPLY_COUPON = 10


ELEMENTS = [element.name.lower() for element in Element if element >= 0]

# Median seconds from the event before to the click on the element.
SECONDS_TO_CLICK = np.array([9, 6, 11, 19, 30, 14, 16, 24, 20, 22, 15], dtype=float)

# --- goods -------------------------------------------------------------------------

# Category, lowest and highest price in cents, and what is sold in it.
CATEGORIES = [
    ("chairs", 3900, 32900, ["Stool", "Armchair", "Bench", "Rocker", "Chair"]),
    ("tables", 7900, 69900, ["Desk", "Side Table", "Dining Table", "Trolley", "Bar"]),
    ("lamps", 1290, 18900, ["Lantern", "Floor Lamp", "Spot", "Desk Lamp", "Pendant"]),
    ("textiles", 690, 9900, ["Cushion", "Throw", "Curtain", "Rug", "Towel"]),
    ("kitchen", 390, 14900, ["Kettle", "Pan", "Bowl", "Knife", "Teapot"]),
    ("garden", 590, 24900, ["Planter", "Hose", "Lantern", "Hammock", "Shears"]),
    ("storage", 890, 19900, ["Basket", "Shelf", "Box", "Rack", "Cabinet"]),
    ("gifts", 250, 4900, ["Candle", "Card Set", "Vase", "Puzzle", "Frame"]),
]
ADJECTIVES = ["Linden", "Nordic", "Amber", "Quiet", "Harbour"]
PRODUCTS_PER_CATEGORY = 25
CATEGORY_NAMES = [name for name, *_ in CATEGORIES]
PRODUCT_COUNT = PRODUCTS_PER_CATEGORY * len(CATEGORIES)
PRODUCT_IDS = [f"p{number:04d}" for number in range(1, PRODUCT_COUNT + 1)]
PRODUCT_CATEGORY = np.repeat(np.arange(len(CATEGORIES)), PRODUCTS_PER_CATEGORY)
PRODUCT_NAMES = [
    f"{adjective} {noun}"
    for *_, nouns in CATEGORIES
    for adjective in ADJECTIVES
    for noun in nouns
]
# Prices climb through a category in even ratios and end in 90 cents, like prices do.
PRODUCT_PRICE = np.concatenate(
    [
        np.geomspace(low, high, PRODUCTS_PER_CATEGORY).astype(int) // 100 * 100 + 90
        for _, low, high, _ in CATEGORIES
    ]
)

SEARCH_TERMS = [
    f"{word}{tail}"
    for word in ["chair", "lamp", "oak table", "rug", "gift", "kettle", "shelf", "vase"]
    for tail in ["", " sale", " blue", " small", " for kids"]
]

# --- paths -------------------------------------------------------------------------

# Pages without a part of their own have one path; the others one per category, ...
PATHS = (
    ["/"]
    + [f"/category/{name}" for name in CATEGORY_NAMES]
    + [f"/product/{product}" for product in PRODUCT_IDS]
    + [f"/search?q={term.replace(' ', '+')}" for term in SEARCH_TERMS]
    + ["/cart", "/checkout/shipping", "/checkout/payment", "/checkout/done"]
    + ["/account", "/help"]
)
TITLES = (
    ["Shop"]
    + [f"{name.title()} | Shop" for name in CATEGORY_NAMES]
    + [f"{name} | Shop" for name in PRODUCT_NAMES]
    + [f"Search: {term} | Shop" for term in SEARCH_TERMS]
    + ["Cart | Shop", "Shipping | Shop", "Payment | Shop", "Thank you | Shop"]
    + ["Your account | Shop", "Help | Shop"]
)
FIRST_PATH = np.zeros(len(SCREENS), dtype=np.int16)
FIRST_PATH[Page.CATEGORY] = 1
FIRST_PATH[Page.PRODUCT] = 1 + len(CATEGORIES)
FIRST_PATH[Page.SEARCH] = FIRST_PATH[Page.PRODUCT] + PRODUCT_COUNT
FIRST_PATH[Page.CART :] = (
    FIRST_PATH[Page.SEARCH] + len(SEARCH_TERMS) + np.arange(len(SCREENS) - Page.CART)
)

# --- where visits come from --------------------------------------------------------


class Source(NamedTuple):
    """A way into the shop, and what the people are like that it brings."""

    name: str
    referrer: str | None
    utm: str | None
    new_weight: float  # share among first visits, while it runs
    return_weight: float  # share among later visits, while it runs
    stays: float  # probability that a newcomer becomes a returning visitor
    buys: float  # factor on the probability that a visit buys
    registers: float  # probability that a newcomer is of the kind that registers
    runs: tuple[float, float] = (0.0, 1.0)  # part of the period in which it runs


def _utm(source: str, medium: str, campaign: str | None = None) -> str:
    """Return the utm_* part of a URL's query."""
    text = f"utm_source={source}&utm_medium={medium}"
    return f"{text}&utm_campaign={campaign}" if campaign else text


GOOGLE = "https://www.google.com/"
INSTAGRAM = "https://l.instagram.com/"
SOURCES = [
    Source("direct", None, None, 20, 50, 0.40, 1.2, 0.55),
    Source("google organic", GOOGLE, None, 19, 14, 0.33, 1.1, 0.45),
    Source("naver organic", "https://search.naver.com/search.naver", None,
           6, 4, 0.33, 1.0, 0.45),
    Source("bing organic", "https://www.bing.com/", None, 2, 1, 0.30, 1.0, 0.45),
    Source("google paid search", GOOGLE, _utm("google", "cpc", "brand_search"),
           8, 4, 0.35, 1.6, 0.55),
    Source("google shopping", GOOGLE, _utm("google", "CPC", "shopping_spring"),
           9, 2, 0.25, 1.5, 0.50, (0.10, 0.40)),
    # Many look once and never come back.
    Source("instagram paid", INSTAGRAM, _utm("instagram", "paid_social", "spring_look"),
           45, 2, 0.07, 0.3, 0.20, (0.08, 0.33)),
    Source("instagram organic", INSTAGRAM, None, 6, 2, 0.12, 0.5, 0.25),
    Source("facebook paid", "https://m.facebook.com/",
           _utm("Facebook", "paid_social", "retarget_may"), 10, 3, 0.20, 0.8, 0.35,
           (0.40, 0.65)),
    Source("youtube", "https://www.youtube.com/", None, 3, 1, 0.25, 0.8, 0.40),
    Source("tiktok paid", "https://www.tiktok.com/",
           _utm("tiktok", "paid_social", "unboxing"), 14, 1, 0.09, 0.4, 0.20,
           (0.55, 0.80)),
    Source("chatgpt", "https://chatgpt.com/", "utm_source=chatgpt.com",
           3, 1, 0.40, 1.8, 0.60),
    Source("perplexity", "https://www.perplexity.ai/", None, 1, 0.5, 0.40, 1.6, 0.60),
    Source("kakao", "https://story.kakao.com/", _utm("kakao", "social"),
           3, 1, 0.25, 0.9, 0.45),
    # Few, who come again and again and seldom buy.
    Source("newsletter", None, _utm("newsletter", "email", "weekly_letter"),
           3, 12, 0.65, 0.35, 0.75),
    Source("affiliate", "https://dealhunter.example.net/",
           _utm("dealhunter", "affiliate"), 3, 1, 0.20, 1.5, 0.50),
    Source("blog referral", "https://blog.example.org/best-shops/", None,
           2, 0.5, 0.35, 1.0, 0.45),
    Source("display", "https://news.example.com/", _utm("adnet", "display", "summer"),
           10, 2, 0.06, 0.3, 0.15, (0.70, 0.95)),
    Source("summer sale mail", None, _utm("CRM", "Email", "summer_sale"),
           1, 20, 0.50, 1.3, 0.80, (0.85, 1.0)),
]
DIRECT = 0

# --- countries and devices ---------------------------------------------------------


class Country(NamedTuple):
    """Where people live; the offset (summer time) shifts their day against UTC."""

    code: str
    language: str
    utc_offset_hours: int
    weight: float


COUNTRIES = [
    Country("DE", "de-DE", 2, 26),
    Country("FR", "fr-FR", 2, 13),
    Country("GB", "en-GB", 1, 13),
    Country("ES", "es-ES", 2, 8),
    Country("NL", "nl-NL", 2, 6),
    Country("KR", "ko-KR", 9, 16),
    Country("JP", "ja-JP", 9, 5),
    Country("US", "en-US", -5, 13),
]


class Model(NamedTuple):
    """A kind of device with the browser or app on it."""

    platform: str
    category: str
    os: str | None
    browser: str | None
    user_agent: str
    direct_weight: float  # among people who came by themselves
    campaign_weight: float  # among people whom a link brought


_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome"
MODELS = [
    Model("web", "desktop", "Windows", "Chrome",
          f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME}/124.0.0.0"
          " Safari/537.36",
          13, 16),
    Model("web", "desktop", "Windows", "Edge",
          f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME}/124.0.0.0 Safari/537.36"
          " Edg/124.0.0.0", 5, 5),
    Model("web", "desktop", "macOS", "Safari",
          f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT} Version/17.4"
          " Safari/605.1.15", 6, 6),
    Model("web", "desktop", "macOS", "Chrome",
          f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_CHROME}/124.0.0.0"
          " Safari/537.36", 4, 4),
    Model("web", "desktop", "Linux", "Firefox",
          "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
          2, 2),
    Model("web", "mobile", "iOS", "Safari",
          f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {_WEBKIT}"
          " Version/17.4 Mobile/15E148 Safari/604.1", 12, 20),
    Model("web", "mobile", "Android", "Chrome",
          f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME}/124.0.0.0 Mobile"
          " Safari/537.36", 10, 18),
    Model("web", "mobile", "Android", "Samsung Internet",
          "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like"
          " Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", 4, 7),
    Model("web", "mobile", "iOS", "Instagram",
          f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {_WEBKIT}"
          " Mobile/15E148 Instagram 330.0.0.33.84", 0, 8),
    Model("web", "tablet", "iPadOS", "Safari",
          f"Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) {_WEBKIT} Version/17.4"
          " Mobile/15E148 Safari/604.1", 4, 5),
    Model("ios", "mobile", "iOS", None,
          "ShopExample/4 (iPhone15,2; iOS 17.4) CFNetwork/1494.0.7", 20, 5),
    Model("android", "mobile", "Android", None,
          "ShopExample/4 (Android 14; SM-S921B) okhttp/4.12.0", 20, 5),
    # Crawlers: weight 0, no person owns one.
    Model("web", "desktop", None, None, "Mozilla/5.0 (compatible; Googlebot/2.1;"
          " +http://www.google.com/bot.html)", 0, 0),
    Model("web", "desktop", None, None, "Mozilla/5.0 (compatible; AhrefsBot/7.0;"
          " +http://ahrefs.com/robot/)", 0, 0),
    Model("web", "desktop", None, None, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like"
          " Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)", 0, 0),
    Model("web", "desktop", None, None, "Mozilla/5.0+(compatible; UptimeRobot/2.0;"
          " http://www.uptimerobot.com/)", 0, 0),
]
FIRST_CRAWLER = len(MODELS) - 4
UPTIME_ROBOT = len(MODELS) - 1
PLATFORMS = ["web", "ios", "android", "server"]
MODEL_PLATFORM = np.array([PLATFORMS.index(model.platform) for model in MODELS])
MODEL_IS_WEB = MODEL_PLATFORM == 0
MODEL_IS_PHONE = np.array([model.category == "mobile" for model in MODELS])

# A release every two weeks; devices update at once or up to three releases late.
APP_VERSIONS = [f"4.{minor}.0" for minor in range(40)]
DAYS_PER_RELEASE = 14
FIRST_VERSION_WITH_ENGAGEMENT = 6
