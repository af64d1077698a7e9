"""What the measurements say: RESULTS.md, its ratios beside their goals, and the plot.

Only ratios have goals, since both of their sides were measured in the same run: what a
machine does in a second is its own affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean

SLOWEST = 12


def write_report(measured: dict, folder: Path) -> Path:
    """Write RESULTS.md and history.svg; return the first."""
    histories = {int(days): each for days, each in measured["histories"].items()}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "history.svg").write_text(plot(histories))
    results = folder / "RESULTS.md"
    parts = [
        about(measured["machine"], histories),
        ratios(measured["late"], histories),
        days_added(histories),
        late_batch(measured["late"], histories),
        slowest(histories[max(histories)]),
    ]
    results.write_text("\n\n".join(parts) + "\n")
    return results


def about(machine: dict, histories: dict[int, dict]) -> str:
    longest = histories[max(histories)]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    return f"""# How fast it is

Written by `make bench EVENTS={machine["events"]}` on {machine["date"]}, at commit
{machine["commit"]}: {longest["rows"]:,} raw events in {max(histories)} days.

- {machine["system"]}, {machine["cores"]} cores, {machine["memory"] / 1e9:.0f} GB of memory,
  of which DuckDB may use {machine["memory_limit"]}.
- {versions}.
- Load average before and after: {machine["load_before"]:.1f} and {machine["load_after"]:.1f}.
  What exceeds the number of cores, or was there before, belongs to others.
- The floor is what DuckDB takes to read raw events and store them, all columns, ordered by
  device and time; measured before and after each build, and averaged. Here it was
  {longest["floor"][0]:.2f} s before and {longest["floor"][1]:.2f} s after.
- Seconds are the sum over tables of dbt's execution times. They leave out dbt's own start,
  seconds for any number of events.
- Funnel models are held against storing the events that a step or an exclusion matches
  once more, by person and time: {longest["sorted_matches"]:.2f} s."""



def ratios(late: dict, histories: dict[int, dict]) -> str:
    """The table of goals, with what was missed marked as such."""
    longest = histories[max(histories)]
    full, floor = longest["full"], mean(longest["floor"])
    day = day_cost(longest)
    rows = [
        ("full build / floor", full["all"] / floor, 5),
        ("all funnel models of a full build / sorting the matched events",
         full["funnels"] / longest["sorted_matches"], 1.7),
        (f"a day on {max(histories)} days of history / floor of the whole log",
         day / floor, 0.8),
        ("a run that finds nothing new / floor of the whole log",
         longest["empty"]["all"] / floor, 0.5),
        ("late batch / a day", late["all"] / day, 2),
    ]
    lines = [
        [name, f"{value:.2f}", f"{goal}", "met" if value <= goal else "**missed**"]
        for name, value, goal in rows
    ]
    peak = max(each["full"]["peak"] for each in histories.values()) / 1e9
    lines.append(["peak memory of the dbt process, full build", f"{peak:.2f} GB", "12 GB",
                  "met" if peak <= 12 else "**missed**"])
    return "## Ratios\n\n" + table(["what", "measured", "goal, at most", ""], lines)


def days_added(histories: dict[int, dict]) -> str:
    """Seconds of full builds, of runs without news and of days added, by history."""
    lines = [
        [
            str(days),
            f"{each['rows']:,}",
            *(f"{each[run]['all']:.2f}" for run in ("full", "empty")),
            f"{day_cost(each):.2f}",
            f"{mean(added['wall'] for added in each['added']):.0f}",
            " ".join(str(added["days_touched"]) for added in each["added"]),
        ]
        for days, each in sorted(histories.items())
    ]
    added = len(next(iter(histories.values()))["added"])
    rows = next(iter(histories.values()))["day_rows"]
    settling = histories[max(histories)]["settling"]["all"]
    return f"""## One more day

A load of one day (the last one: {rows:,} events) is added to histories that end on the same
day. A run that finds nothing new is what a day costs before its first event: reports and
funnels that every run makes anew, and statements by the hundred with next to nothing to do.
The first run after a full build sums up once what was held, and takes {settling:.2f} s with
the longest history. All in seconds; a day is the mean of {added}, and "as a command"
includes dbt's own start. "Days of events replaced" counts them for each of the {added}: late
events make more than one.

""" + table(
        ["days of history", "raw events", "full build", "nothing new", "a day",
         "a day, as a command", "days of events replaced"],
        lines,
    ) + "\n\n![Cost of a day against the length of the history](history.svg)"


def late_batch(late: dict, histories: dict[int, dict]) -> str:
    longest = histories[max(histories)]
    return f"""## A late batch

{late["rows"]:,} events of 30 days of the {max(histories)}, one of a hundred of each of them,
come in one load. It replaces {late["days_touched"]} days of events, as sessions reach over
midnight, and takes {late["all"]:.2f} s; a run that finds nothing new takes
{longest["empty"]["all"]:.2f} s."""


def slowest(history: dict) -> str:
    """The tables that take longest, in a full build and when a day is added."""
    full, empty = history["full"]["seconds"], history["empty"]["seconds"]
    added = {
        name: mean(run["seconds"].get(name, 0) for run in history["added"]) for name in full
    }
    lines = [
        [f"`{name}`", f"{full[name]:.2f}", f"{empty.get(name, 0):.2f}", f"{added[name]:.2f}"]
        for name in sorted(full, key=full.get, reverse=True)[:SLOWEST]
    ]
    return f"""## The {SLOWEST} slowest tables

Of the longest history, in seconds.

""" + table(["table", "full build", "nothing new", "a day"], lines)


def day_cost(history: dict) -> float:
    """Seconds that a day takes."""
    return mean(run["all"] for run in history["added"])


def table(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table; columns after the first are numbers."""
    rule = ["---", *["---:" for _ in heads[1:]]]
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, rule, *lines))


# The plot -----------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 60, 190, 30, 50


def plot(histories: dict[int, dict]) -> str:
    """Seconds of one more day against days of history, as an SVG image."""
    days = sorted(histories)
    curves = {
        "a day": [day_cost(histories[each]) for each in days],
        "nothing new": [histories[each]["empty"]["all"] for each in days],
    }
    most = max(max(seconds) for seconds in curves.values()) * 1.05
    drawn = []
    for seconds in (most * step / 4 for step in range(5)):
        y = _y(seconds, most)
        drawn.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        drawn.append(_text(LEFT - 8, y + 4, f"{seconds:.1f}", "end"))
    for each in days:
        drawn.append(_text(_x(each, days), HEIGHT - BOTTOM + 18, str(each), "middle"))
    drawn.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "days of history", "middle"))
    drawn.append(_text(8, 18, "seconds, sum of dbt's execution times", "start"))
    labelled = HEIGHT
    for (name, seconds), color in sorted(
        zip(curves.items(), ("#1b6ca8", "#9cc3e0")),
        key=lambda curve: curve[0][1][-1],
    ):
        points = [
            (_x(each, days), _y(taken, most)) for each, taken in zip(days, seconds)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        drawn.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}"/>' for x, y in points]
        # Labels stand beside the last points, and never on one another.
        labelled = min(points[-1][1] + 4, labelled - 15)
        drawn.append(_text(WIDTH - RIGHT + 12, labelled, name, "start", color))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n'
        + "\n".join(drawn) + "\n</svg>\n"
    )


def _x(days: int, all_days: list[int]) -> float:
    return LEFT + (WIDTH - RIGHT - LEFT - 16) * days / max(all_days)


def _y(seconds: float, most: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * seconds / most


def _text(x: float, y: float, text: str, anchor: str, color: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}">{text}</text>'
