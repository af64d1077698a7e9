"""Which raw files are read, what is said of those that cannot be, and which loads stop."""

import datetime as dt
import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from project import Project
from test_increments import run_models

HEADER = "event_id,event_name,occurred_at,received_at,loaded_at,anonymous_id\n"
STAGED = ("build", "--exclude-resource-type", "unit_test", "test", "--select")

MISTAKES = [
    ("a.csv", b"", ["is empty"]),
    ("a.csv", HEADER.replace(",", ";").encode(), ["line 1", "semicolons"]),
    ("a.csv", HEADER.replace(",", "\t").encode(), ["line 1", "tabs"]),
    ("a.csv", HEADER.encode("utf-16"), ["UTF-16"]),
    ("a.csv", HEADER.encode("utf-16-le"), ["UTF-16"]),
    ("a.csv", (HEADER + "e,für,t,t,t,d\n").encode("latin-1"), ["line 2", "UTF-8"]),
    ("a.csv", (HEADER + "e,v,t,t,t,d\ne,v,t,t,d\n").encode(), ["line 3", "comma is missing"]),
    ("a.csv", (HEADER + "e,v,t,t,t,d,x\n").encode(), ["line 2", "comma too many", "6 columns"]),
    ("a.csv", (HEADER + 'e,"v,t,t,t,d\n').encode(), ["line 2", "quote"]),
    ("a.csv.gz", gzip.compress((HEADER + "e,v\n").encode()), ["line 2", "comma is missing"]),
    ("a.csv", (HEADER + 'e,"v, ""w""\n",t,t,t,d\n').encode(), []),
    ("a.csv", HEADER.encode(), []),
    # Bytes that are no characters of Latin-1, in the first lines and in the header.
    ("a.csv", (HEADER + "e,“가격” 5 €,t,t,t,d\n").encode(), []),
    ("a.csv", HEADER.replace("event_id", "이름").encode(), []),
    ("a.csv", HEADER.replace("event_id", "évén").encode("latin-1") + b"e,v,t,t,t,d\n",
     ["line 1", "UTF-8"]),
]

TELL = """
{% macro tell_problems(files) %}
    {%- for path, compression in files -%}
        {%- do log(
            'told ' ~ loop.index0 ~ '|' ~ problem_of_csv(path, compression) ~ '|', info=true
        ) -%}
    {%- endfor -%}
{% endmacro %}
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> list[str]:
    """What is said of each file, asked in one run."""
    folder = tmp_path_factory.mktemp("files")
    project = Project(folder)
    (project.folder / "macros" / "tell_problems.sql").write_text(TELL)
    files = []
    for number, (name, content, _) in enumerate(MISTAKES):
        path = folder / str(number) / name
        path.parent.mkdir()
        path.write_bytes(content)
        files.append([str(path), "gzip" if name.endswith("gz") else "uncompressed"])
    run = project.dbt("run-operation", "tell_problems", "--args", json.dumps({"files": files}))
    sentences = run.output.split("told ")[1:]
    assert len(sentences) == len(files), run.tail()
    return [sentence.split("|", 1)[1].rpartition("|")[0] for sentence in sentences]


@pytest.mark.parametrize("number", range(len(MISTAKES)))
def test_a_raw_file_that_cannot_be_read_gives_a_sentence(told, number):
    words = MISTAKES[number][2]
    assert bool(told[number]) == bool(words), told[number]
    for word in words:
        assert word in told[number]


def event(number: int, **changes) -> dict:
    time = f"2026-03-02T09:00:{number:02}Z"
    return {
        "event_id": f"e{number}", "event_name": "page_viewed", "occurred_at": time,
        "received_at": time, "loaded_at": time, "anonymous_id": f"d{number}",
    } | changes


def as_csv(*rows: dict) -> bytes:
    return (HEADER + "".join(",".join(map(str, row.values())) + "\n" for row in rows)).encode()


def as_json(*rows: dict) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def test_files_of_every_kind_are_read_together_and_others_are_named(tmp_path):
    project = Project(tmp_path)
    files = {
        "a.csv": as_csv(event(0)),
        "B.CSV": as_csv(event(1, anonymous_id="NULL", event_id=r"\N")),
        "dt=2026-03-01/c.csv.gz": gzip.compress(as_csv(event(2))),
        "dt=2026-03-02/hour=07/d.jsonl": as_json(event(3, properties={"value": 1, "b": [2]})),
        "e.ndjson.GZ": gzip.compress(as_json(event(4, user_id=41.0))),
        "f.json": json.dumps([event(5, occurred_at=1772442000123)]).encode(),
        # Names that a reader would take for patterns, and places that are a tool's own.
        "n[8].jsonl": as_json(event(7)),
        "n8.jsonl": as_json(event(8)),
        "[a]/w*.csv": as_csv(event(9)),
        "_temporary/0/n.jsonl": as_json(event(0)),
        "notes.txt": b"not data", "_SUCCESS": b"",
    }
    for name, content in files.items():
        path = project.raw / "events" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    at = dt.datetime(2026, 3, 2, 9)
    rows = [event(6, occurred_at=at, received_at=at, loaded_at=at, anonymous_id=" 41.0 ")]
    pq.write_table(pa.Table.from_pylist(rows), project.raw / "events" / "G.Parquet")
    run = project.dbt(*STAGED, "+stg_events")
    assert "notes.txt is not read" in " ".join(run.output.split()), run.tail()
    assert "_SUCCESS" not in run.output
    found = {
        row["event_id_text"]: row
        for row in project.duckdb.query("select * from stg_events").dicts()
    }
    assert set(found) == {"e0", r"\N", *(f"e{number}" for number in range(2, 10))}
    assert project.duckdb.query("select count(*) from stg_events").rows == [(10,)]
    assert found[r"\N"]["event_id"] is None and found[r"\N"]["anonymous_id"] is None
    assert found[r"\N"]["refusal_reason"] == "missing_event_id"
    assert found["e3"]["properties"] == '{"value":1,"b":[2]}'
    assert found["e4"]["user_id"] == "41" and found["e6"]["anonymous_id"] == "41"
    assert found["e5"]["occurred_at"] == dt.datetime(2026, 3, 2, 9, 0, 0, 123000)
    assert {row["refusal_reason"] for name, row in found.items() if name != r"\N"} == {None}


def test_a_file_that_lacks_a_column_which_others_have_is_named(tmp_path):
    project = Project(tmp_path)
    for name, content in {
        "a.csv": as_csv(event(0)),
        "b.csv": as_csv(event(1)).replace(b"occurred_at", b"occured_at"),
        "c.jsonl": as_json({"anonymous": "d", **event(2)}).replace(b"loaded_at", b"load_at"),
        # A server's lines name no device.
        "d.jsonl": as_json({"user_id": "u", **event(3)}).replace(b"anonymous_id", b"server"),
    }.items():
        path = project.raw / "events" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    said = " ".join(project.dbt(*STAGED, "+stg_events").output.split())
    assert "b.csv has no column occurred_at" in said and "is occured_at; rename" in said, said
    assert "c.jsonl has no column loaded_at" in said and "is load_at; rename" in said, said
    assert said.count("has no column") == 2, said


def build(project: Project, *rows: dict, expect: int | None = 0, **variables):
    path = project.raw / "events" / "events.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_csv(*rows))
    return project.dbt(*STAGED, "+load_ledger", expect=expect, **variables)


def test_a_first_build_that_accepts_nothing_stops(tmp_path):
    project = Project(tmp_path)
    run = build(project, *(event(n, occurred_at="02.03.2026") for n in range(3)), expect=1)
    said = " ".join(run.output[-3000:].split())
    assert "3 of 3 raw events" in said and "unparseable_occurred_at" in said, run.tail()
    assert "02.03.2026" in said and "refused_share_limit: 1" in said


def test_a_load_of_which_most_is_refused_stops_and_less_does_not(tmp_path):
    project = Project(tmp_path)
    rows = [event(n, anonymous_id="undefined" if n < 5 else "d") for n in range(10)]
    build(project, *rows)
    assert project.duckdb.query("select sum(raw_count) from load_ledger").rows == [(10,)]
    rows[5]["anonymous_id"] = " "
    run = build(project, *rows, expect=1)
    assert "6 of 10 raw events of 2026-03-02" in " ".join(run.output.split()), run.tail()
    build(project, *rows, refused_share_limit=0.6)


def test_a_run_says_what_came_out(project):
    at = "2026-03-01T10:00:00Z"
    project.write_raw(
        events=[
            {
                "event_id": event_id, "event_name": name, "anonymous_id": "d", "user_id": "u",
                "occurred_at": at, "received_at": at, "loaded_at": at, "platform": "web",
            }
            for event_id, name in [("1", "page_viewed"), ("1", "page_viewed"), ("2", "signed_up"),
                                   ("3", None)]
        ],
        orders=[{
            "id": "o1", "user_id": "u", "status": "paid", "currency": "EUR",
            "total_amount": "1234.50", "ordered_at": at,
        }],
    )
    said = " ".join(run_models(project).output.split())
    for words in (
        "Raw events 4: 2 accepted, 1 copies, 1 refused",
        "Read now 2, of load dates that are new or changed",
        "Days 2026-03-01 to 2026-03-01", "Sessions 1, of which 0 of bots", "Persons 1",
        "Conversions order 1, sign_up 1", "Orders 1,234.50 EUR net of 1 sale",
    ):
        assert words in said, (words, said)
    assert "Read now none: nothing was new" in " ".join(run_models(project).output.split())
