"""Cases with answers that other systems' public test suites assert.

All funnel cases are built in one run, and so are all retention cases: each case has its
own people and event names, so that none sees another's. Retention cases are also moved to
weeks of their own, because an empty start or return event means any event. Attribution
cases are one run too: each has its own channels, and a conversion of its own name.
"""

from __future__ import annotations

import datetime as dt
import csv
import hashlib
import json
from collections import defaultdict
from pathlib import Path

import pytest
from project import Project

ORACLES = Path(__file__).parent / "oracles"
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
RETENTION_SHIFT = dt.timedelta(weeks=52)


def cases(kind: str) -> list[dict]:
    return json.loads((ORACLES / f"{kind}.json").read_text())


def parse(time: str) -> dt.datetime:
    return dt.datetime.fromisoformat(time).replace(tzinfo=None)


def person_of(case: dict, user: str) -> str:
    """Users that the case merges are one person, named by the case as well."""
    for merged in case.get("users", []):
        if user in merged.get("aliases", []):
            user = merged["id"]
    return f"{case['id']}/{user}"


def event_name(case: dict, name: str) -> str:
    return f"{case['id']}/{name}"


def raw_events(case: dict, shift: dt.timedelta = dt.timedelta()) -> list[dict]:
    rows = []
    for number, event in enumerate(case["events"]):
        time = parse(event["time"]) + shift
        person = person_of(case, event["user"])
        properties = {
            key: str(value) for key, value in (event.get("props") or {}).items()
            if not isinstance(value, dict | list)
        }
        rows.append({
            "event_id": hashlib.md5(f"{case['id']}/{number:05}".encode()).hexdigest(),
            "event_name": event_name(case, event["event"]),
            "occurred_at": time,
            "received_at": time,
            "loaded_at": time,
            "anonymous_id": person,
            "user_id": person,
            "properties": json.dumps(properties),
        })
    return rows


# Funnels ------------------------------------------------------------------------------


def is_built(case: dict) -> bool:
    """Ordered and strict funnels over people, with steps that a definition can say."""
    config = case["config"]
    return (
        config["order"] in ("ordered", "strict")
        and config["count_by"] == "user"
        and config["timezone"] == "UTC"
        and "where" not in config
        and not any(step.get("first_time_for_user") for step in config["steps"])
        and all(
            where["op"] == "in" and where.get("scope") != "user"
            for step in config["steps"]
            for where in step.get("where", [])
        )
        and all(len(step.get("where", [])) <= 1 for step in config["steps"])
    )


def step_rows(case: dict) -> list[dict]:
    rows = []
    for number, step in enumerate(case["config"]["steps"], start=1):
        row = {
            "funnel_name": case["id"],
            "step_number": number,
            "step_name": f"step {number}",
            "event_name": event_name(case, step["event"]) if step["event"] else "",
        }
        conditions = step.get("where", [])
        if not conditions:
            rows.append(row)
        for value in conditions[0]["value"] if conditions else []:
            rows.append(row | {
                "property_name": conditions[0]["prop"], "property_value": str(value)
            })
    return rows


def breakdown_property(case: dict) -> str | None:
    """The property of a case whose breakdown is the value on the first-step event."""
    breakdown = case["config"].get("breakdown")
    if (
        breakdown
        and breakdown["attribution"] == "step"
        and breakdown["attribution_step"] == 1
        and len(breakdown["property"]) == 1
    ):
        return breakdown["property"][0]
    return None


FUNNELS = [case for case in cases("funnels") if is_built(case)]


@pytest.fixture(scope="module")
def funnels(tmp_path_factory):
    """The attempts, their steps and the conversion of every funnel case."""
    project = Project(tmp_path_factory.mktemp("funnels"))
    project.write_raw(events=[row for case in FUNNELS for row in raw_events(case)])
    project.define("funnels", [
        {
            "funnel_name": case["id"],
            "description": case["source"],
            "step_order": case["config"]["order"],
            "window_seconds": (
                case["config"]["window"]["value"] * SECONDS[case["config"]["window"]["unit"]]
            ),
            "breakdown_property": breakdown_property(case) or "",
        }
        for case in FUNNELS
    ])
    project.define("funnel_steps", [row for case in FUNNELS for row in step_rows(case)])
    project.define("funnel_exclusions", [
        {
            "funnel_name": case["id"],
            "event_name": event_name(case, exclusion["event"]),
            "after_step": exclusion["between_steps"][0],
            "before_step": exclusion["between_steps"][1],
        }
        for case in FUNNELS
        for exclusion in case["config"].get("exclusions", [])
    ])
    warehouse = project.build()
    by_case = defaultdict(lambda: defaultdict(list))
    for table in ("funnel_attempts", "funnel_conversion"):
        for row in warehouse.table(table).dicts():
            by_case[row["funnel_name"]][table].append(row)
    return by_case


def furthest_steps(case: dict, attempts: list[dict]) -> dict[str, int]:
    """Each person's furthest step among the attempts that the case's dates take in."""
    dates = case["config"].get("date_range") or {}
    first = parse(dates["from"]) if dates.get("from") else dt.datetime.min
    last = parse(dates["to"]) if dates.get("to") else dt.datetime.max
    furthest = defaultdict(list)
    for attempt in attempts:
        if first <= attempt["started_at"] <= last:
            furthest[attempt["person_id"]].append(attempt)
    prefix = f"{case['id']}/"
    result = {}
    for person, own in furthest.items():
        # The sources drop a person whose furthest attempt is spoilt; we keep the steps
        # before it, and tell the two apart by is_excluded.
        if person.startswith(prefix) and not any(attempt["is_excluded"] for attempt in own):
            result[person.removeprefix(prefix)] = max(a["last_step_number"] for a in own)
    return result


@pytest.mark.parametrize("case", FUNNELS, ids=lambda case: case["id"])
def test_funnel(case, funnels):
    expected = case["expected"]
    furthest = furthest_steps(case, funnels[case["id"]]["funnel_attempts"])
    step_count = len(case["config"]["steps"])
    checked = False

    if "counts" in expected:
        counts = [sum(f >= n for f in furthest.values()) for n in range(1, step_count + 1)]
        wanted = expected["counts"]
        assert [n if w != "?" else "?" for n, w in zip(counts, wanted, strict=True)] == wanted
        checked = True
    for number, users in expected.get("users_reached", {}).items():
        assert sorted(u for u, f in furthest.items() if f >= int(number)) == sorted(users)
        checked = True

    conversion = funnels[case["id"]]["funnel_conversion"]
    overall = sorted(
        (row for row in conversion if (row["period_grain"], row["dimension"]) == ("all", "all")),
        key=lambda row: row["step_number"],
    )
    if not case["config"].get("breakdown"):
        for key, column in (
            ("avg_seconds", "average_seconds_from_previous"),
            ("median_seconds", "median_seconds_from_previous"),
        ):
            for row, wanted in zip(overall, expected.get(key, []), strict=False):
                if wanted not in ("?", None):
                    assert row[column] == pytest.approx(wanted)
                    checked = True

    if "time_to_convert" in expected and case["config"]["to_step"] == 2:
        found = overall[1]["average_seconds_from_previous"]
        assert found == pytest.approx(expected["time_to_convert"]["average_seconds"])
        checked = True

    if "trend" in expected:
        config = case["config"]
        counts = {
            (row["period_start"], row["step_number"]): row["person_count"]
            for row in conversion
            if (row["period_grain"], row["dimension"]) == (config["interval"], "all")
        }
        for bucket in expected["trend"]:
            date = (
                parse(bucket["bucket"]).date()
                if "bucket" in bucket
                else parse(config["date_range"]["from"]).date()
                + dt.timedelta(days=bucket["index"])
            )
            found = (
                counts.get((date, config.get("from_step", 1)), 0),
                counts.get((date, config.get("to_step", step_count)), 0),
            )
            assert found == (bucket["entered"], bucket["converted"]), date
        checked = True

    if breakdown_property(case) and "by_breakdown" in expected:
        counts = defaultdict(dict)
        for row in conversion:
            if (row["period_grain"], row["dimension"]) == ("all", breakdown_property(case)):
                counts[row["dimension_value"]][row["step_number"]] = row["person_count"]
        for wanted in expected["by_breakdown"]:
            value = str(wanted["value"][0] if isinstance(wanted["value"], list) else wanted["value"])
            found = counts["(not set)" if value == "" else value]
            assert [found[n] for n in range(1, step_count + 1)] == wanted["counts"], value
        checked = True

    if not checked:
        pytest.skip("asserts only what the marts do not answer: " + ", ".join(expected))


# Retention ----------------------------------------------------------------------------


def is_retention_built(case: dict) -> bool:
    """Calendar periods, one event to start and one to return, without filters."""
    config = case["config"]
    return (
        "matrix" in case["expected"] or "rows" in case["expected"]
    ) and not (
        {"brackets", "window", "where", "breakdown"} & set(config)
        or "merges" in case
        or "where" in config["start"]
        or "where" in config["return"]
        or config["timezone"] != "UTC"
        or config["period"] == "hour"
        or config["count_by"] != "user"
    )


RETENTIONS = [case for case in cases("retention") if is_retention_built(case)]


def shift_of(case: dict) -> dt.timedelta:
    """An empty event means any, so that such a case needs weeks of its own."""
    events = (case["config"]["start"]["event"], case["config"]["return"]["event"])
    return RETENTION_SHIFT * (RETENTIONS.index(case) + 1) if None in events else dt.timedelta()


def optional_name(case: dict, role: str) -> str:
    """The definition's start_event or return_event; empty for any event."""
    name = case["config"][role]["event"]
    return event_name(case, name) if name else ""


@pytest.fixture(scope="module")
def retention_cells(tmp_path_factory):
    """(retention, cohort date) -> period number -> cell."""
    project = Project(tmp_path_factory.mktemp("retentions"))
    project.write_raw(
        events=[row for case in RETENTIONS for row in raw_events(case, shift_of(case))]
    )
    project.define("retentions", [
        {
            "retention_name": case["id"],
            "description": case["source"],
            "start_event": optional_name(case, "start"),
            "return_event": optional_name(case, "return"),
            "cohort_rule": {"recurring": "every", "first_time": "first_ever"}[
                case["config"]["cohort"]
            ],
            "period": case["config"]["period"],
            "mode": {"exact": "on", "on_or_after": "on_or_after"}[case["config"]["mode"]],
            "max_periods": case["config"]["intervals"],
        }
        for case in RETENTIONS
    ])
    cells = defaultdict(dict)
    for row in project.build(week_starts_on="sunday").table("retention_cohorts").dicts():
        cells[row["retention_name"], row["cohort_start"]][row["period_number"]] = row
    return cells


def cohort_date(case: dict, bucket: int) -> dt.date:
    first = parse(case["config"]["first_bucket"]) + shift_of(case)
    if case["config"]["period"] == "month":
        months = first.month - 1 + bucket
        return dt.date(first.year + months // 12, months % 12 + 1, 1)
    return (first + bucket * dt.timedelta(**{case["config"]["period"] + "s": 1})).date()


@pytest.mark.parametrize("case", RETENTIONS, ids=lambda case: case["id"])
def test_retention(case, retention_cells):
    expected = case["expected"]
    rows = expected.get("rows") or dict(enumerate(expected["matrix"]))
    for bucket, wanted in rows.items():
        cells = retention_cells.get((case["id"], cohort_date(case, int(bucket))), {})
        found = [cells[n]["retained_count"] if n in cells else 0 for n in range(len(wanted))]
        assert [f if w != "?" else "?" for f, w in zip(found, wanted, strict=True)] == wanted, (
            f"cohort {bucket}"
        )


# Attribution --------------------------------------------------------------------------

ATTRIBUTIONS = cases("attribution")
MODELS = {"position": "position_based"}
FIRST_DAY = dt.datetime(2026, 3, 1, 12)


def paths_of(case: dict) -> list[dict]:
    """The paths of a case; one of which only the form is told converts once."""
    forms = case["expected"].get("paths", [])
    return case.get("paths", []) or [
        {"path": form["in"], "conversions": 1} for form in forms
    ]


def own(case: dict, name: str) -> str:
    """A channel or source of this case alone."""
    return f"{case['id']}-{name}".lower()


def visit(person: str, time: dt.datetime, source: dict | None, name: str = "page_viewed") -> dict:
    number = hashlib.md5(f"{person}/{time}/{name}".encode()).hexdigest()
    return {
        "event_id": number, "event_name": name, "occurred_at": time, "received_at": time,
        "loaded_at": time, "anonymous_id": person, "platform": "web",
        "page_url": "https://shop.example/",
        "source": None, "medium": None, "campaign": None, **(source or {}),
    }


def visits_of(case: dict) -> list[dict]:
    rows = []
    for number, path in enumerate(paths_of(case)):
        for fate in ("conversions", "non_conversions"):
            for copy in range(path.get(fate, 0)):
                person = f"{case['id']}/{number}/{fate}/{copy}"
                for place, touch in enumerate(path["path"]):
                    at = FIRST_DAY + dt.timedelta(days=place)
                    rows.append(visit(person, at, {"source": own(case, touch)}))
                if fate == "conversions":
                    rows.append(visit(person, at + dt.timedelta(minutes=1), None, case["id"]))
    # The campaign tells which session another one takes its source from.
    for session in case.get("sessions", []):
        is_direct = session["source"] in case["config"]["direct_values"]
        rows.append(visit(case["id"], parse(session["time"]), None if is_direct else {
            "source": session["source"], "medium": "email", "campaign": session["id"],
        }))
    if "input" in case:
        told = {key: value for key, value in case["input"].items() if key != "source_category"}
        rows.append(visit(case["id"], FIRST_DAY, told))
    return rows


@pytest.fixture(scope="module")
def attributed(tmp_path_factory) -> dict[str, list[dict]]:
    """The tables of all attribution cases, by name."""
    project = Project(tmp_path_factory.mktemp("attribution"))
    project.write_raw(events=[row for case in ATTRIBUTIONS for row in visits_of(case)])
    with_paths = [case for case in ATTRIBUTIONS if paths_of(case)]
    channels = sorted({
        own(case, touch) for case in with_paths for path in paths_of(case)
        for touch in path["path"]
    })
    rules = project.folder / "seeds" / "definitions" / "channel_rules.csv"
    shipped = list(csv.DictReader(rules.open(newline="")))
    project.define("channel_rules", [
        {"priority": number - 1000, "channel": name, "rule_name": name, "source_pattern": name}
        for number, name in enumerate(channels)
    ] + shipped)
    project.define("conversions", [
        {"conversion_name": case["id"], "event_name": case["id"]} for case in with_paths
    ])
    categories = project.folder / "seeds" / "reference" / "source_categories.csv"
    known = categories.read_text().lower()
    with categories.open("a", newline="") as file:
        for told in [case["input"] for case in ATTRIBUTIONS if "input" in case]:
            if "source_category" in told and f"\n{told['source'].lower()}," not in known:
                csv.writer(file, lineterminator="\n").writerow(
                    [told["source"].lower(), told["source_category"], "the case"]
                )
    warehouse = project.build()
    return {
        name: warehouse.table(name).dicts()
        for name in ("attribution", "touchpoints", "sessions", "int_channel_transitions_counted")
    }


def transitions_of(case: dict, tables: dict[str, list[dict]]) -> dict[tuple[str, str], int]:
    """Among the channels of the case: to all others its conversion is one that never came."""
    names = {own(case, touch): touch for path in paths_of(case) for touch in path["path"]}
    ends = ("(start)", "(conversion)", "(null)")
    states = names | {end: end for end in ends}
    return {
        (states[row["from_state"]], states[row["to_state"]]): row["transition_count"]
        for row in tables["int_channel_transitions_counted"]
        if row["conversion_name"] == case["id"]
        and row["from_state"] in states and row["to_state"] in states
    }


@pytest.mark.parametrize("case", ATTRIBUTIONS, ids=lambda case: case["id"])
def test_attribution(case, attributed):
    expected = case["expected"]
    own_rows = [row for row in attributed["attribution"] if row["conversion_name"] == case["id"]]

    def credit(channel: str, model: str) -> float:
        return float(sum(
            row["credit"] for row in own_rows
            if (row["channel"], row["attribution_model"]) == (own(case, channel), model)
        ))

    if "credit" in expected:
        model = MODELS.get(case["config"]["model"], case["config"]["model"])
        found = {channel: credit(channel, model) for channel in expected["credit"]}
        assert found == pytest.approx(expected["credit"], abs=1e-8)
    elif "transitions" in expected:
        counts = transitions_of(case, attributed)
        leaving = defaultdict(int)
        for (state, _), count in counts.items():
            leaving[state] += count
        found = {
            (state, other): count / leaving[state] for (state, other), count in counts.items()
        }
        wanted = {(row["from"], row["to"]): row["p"] for row in expected["transitions"]}
        assert found == pytest.approx(wanted)
    elif "paths" in expected:
        # No setting of ours: each model takes paths in the form that it needs. Touchpoints
        # hold every visit, Markov takes visits in a row as one, Shapley each channel once.
        for number, form in enumerate(expected["paths"]):
            person = f"{case['id']}/{number}/conversions/0"
            touches = [
                row["channel"].removeprefix(own(case, "")).upper()
                for row in sorted(attributed["touchpoints"], key=lambda row: row["touch_index"])
                if row["person_id"] == person
            ]
            assert touches == form["in"]
            if form["transform"] == "unique":
                assert touches == form["out"]
            elif form["transform"] == "exposure":
                counts = transitions_of(case, attributed)
                assert not any(state == other for state, other in counts)
            else:
                shares = defaultdict(float)
                for row in own_rows:
                    if row["person_id"] == person and row["attribution_model"] == "shapley":
                        shares[row["channel"]] += float(row["credit"])
                wanted = {own(case, name): 1 / len(form["out"]) for name in form["out"]}
                assert shares == pytest.approx(wanted)
    elif "sessions" in expected:
        found = {
            row["started_at"]: row["last_non_direct_campaign"]
            for row in attributed["sessions"] if row["person_id"] == case["id"]
        }
        times = {session["id"]: parse(session["time"]) for session in case["sessions"]}
        assert found == {
            times[row["session"]]: row["attributed_session"] for row in expected["sessions"]
        }
    else:
        (session,) = [row for row in attributed["sessions"] if row["person_id"] == case["id"]]
        assert session["channel"] == expected["channel"]
