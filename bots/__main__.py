"""Write seeds/reference/crawler_user_agents.csv from the package crawler-user-agents.

`make bots` runs it, after the pinned version in pyproject.toml was raised.
"""

import csv
import itertools
import json
import re
from importlib import resources
from importlib.metadata import version
from pathlib import Path

SEED = Path(__file__).parents[1] / "seeds/reference/crawler_user_agents.csv"

# The package's tags in the words of bot_patterns.csv; of several tags the first here.
CATEGORIES = {
    "ai-crawler": "ai_crawler",
    "browser-automation": "headless",
    "http-library": "library",
    "monitoring": "monitor",
    "social-preview": "preview",
    "search-engine": "crawler",
    "seo": "crawler",
    "scanner": "crawler",
    "advertising": "crawler",
    "feed-reader": "crawler",
    "archiver": "crawler",
    "academic": "crawler",
}

# Names that people's apps and in-app browsers carry too.
OF_PEOPLE = {
    "okhttp": "apps on Android fetch with it",
    "MetaIAB Facebook": "the browser inside Facebook's and Instagram's apps",
    "WhatsApp": "its browser; bot_patterns.csv has its preview",
    "Viber": "its browser",
    "Daum\\/": "its app; bot_patterns.csv has its crawler",
    "GoogleAssociationService$": "checks of links between an app and its site on phones",
    "ds9": "too short to mean one thing",
}


def texts(pattern: str) -> list[str]:
    """The texts that a pattern stands for, `^` and `$` as the ends of a user agent; none
    where it is more than a choice of texts."""
    if "|" in pattern and "(" not in pattern:
        return [text for part in pattern.split("|") for text in texts(part)]
    choices: list[list[str]] = []
    for part in re.findall(r"\\.|\[[a-zA-Z]+\]|\([^()]*\)|.", pattern):
        if re.fullmatch(r"\[[a-zA-Z]+\]", part):
            choices.append(list(part[1:-1]))
        elif re.fullmatch(r"\([^\\\[.*+?]*\)", part):
            choices.append(part[1:-1].split("|"))
        elif re.fullmatch(r"\\[^a-zA-Z0-9]|[^\\\[\](){}.*+?]", part):
            choices.append([part[-1]])
        else:
            return []
    return ["".join(found) for found in itertools.product(*choices)]


def re2(pattern: str) -> str:
    """The pattern without backslashes, which a seed would need to double."""
    return re.sub(r"\\(.)", lambda found: {
        "d": "[0-9]", "s": "[[:space:]]", "S": "[^[:space:]]", "/": "/",
    }.get(found[1], f"[{found[1]}]"), pattern.replace("[\\s\\S]", "(?s:.)"))


def rows(entries: list[dict]) -> list[tuple[str, str, str, str]]:
    source = f"crawler-user-agents {version('crawler-user-agents')} (PyPI, MIT)"
    found = {}
    for entry in entries:
        if entry["pattern"] in OF_PEOPLE:
            continue
        category = next(CATEGORIES[tag] for tag in CATEGORIES if tag in entry["tags"])
        found_texts = texts(entry["pattern"])
        for text in found_texts:
            found.setdefault((text, ""), (text, "", category, source))
        if not found_texts:
            pattern = re2(entry["pattern"])
            found.setdefault(("", pattern), ("", pattern, category, source))
    return sorted(found.values())


def main() -> None:
    package = resources.files("crawleruseragents")
    entries = json.loads((package / "crawler-user-agents.json").read_text("utf-8"))
    with SEED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("text", "pattern", "category", "source"))
        writer.writerows(rows(entries))


if __name__ == "__main__":
    main()
