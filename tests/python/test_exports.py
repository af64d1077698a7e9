"""Exports of trackers go in as they are: the marts from one equal those from raw events."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from pathlib import Path

import duckdb
import pytest
from google.cloud import bigquery
from project import ROOT, Project, shared_data
from test_increments import assert_equals_full_refresh, run_models
from warehouse import assert_same_rows

from demo.exports import EXPORTS, write_export

# What a tracker draws itself, and what is another text for the same content.
OWN_IDS = {
    "event_id", "event_key", "session_id", "conversion_id", "rejected_event_id", "raw_payload",
    "properties",
}
MARTS = sorted(
    path.stem.removesuffix("_mart") for path in (ROOT / "models" / "marts").rglob("*.sql")
)


@pytest.fixture(scope="module")
def exports(tmp_path_factory, demo_folder):
    """Writes a tracker's export of the demo once and hands out its folder."""
    written = {}

    def export_of(tracker: str) -> Path:
        if tracker not in written:
            written[tracker] = tmp_path_factory.mktemp(tracker)
            write_export(tracker, demo_folder / "raw" / "events", written[tracker])
        return written[tracker]

    return export_of


def mart(project: Project, name: str, tracker: str) -> list[str]:
    """A mart's rows as texts, without what a tracker draws itself, in order."""
    columns = [
        column for column in project.duckdb.query(f"select * from {name} limit 0").columns
        if column not in OWN_IDS
    ]
    without_tracker = ", ".join(
        f"regexp_replace(cast({column} as varchar), '^{tracker}:', '')" for column in columns
    )
    rows = project.duckdb.query(f"select {without_tracker} from {name}").rows
    return sorted(map(repr, rows))


@pytest.mark.parametrize("tracker", EXPORTS)
def test_marts_from_an_export_equal_those_from_raw_events(tracker, exports, tmp_path):
    folder = exports(tracker)
    exported = Project(tmp_path / "exported", raw=folder / "raw")
    carried = Project(tmp_path / "carried", raw=folder / "carried")
    run = run_models(exported)
    run_models(carried)
    counted = carried.duckdb.query("select sum(raw) from event_accounting").scalar()
    assert counted > 5_000
    assert f": {counted} rows" in " ".join(run.output.split())
    for name in MARTS:
        assert mart(exported, name, tracker) == mart(carried, name, tracker), name


def test_the_ga4_sample_gives_its_events_sessions_and_channels(tmp_path):
    source = shared_data("ga4_public_sample")
    if source is None:
        pytest.skip("the data set ga4_public_sample is not on this machine (FOOTFALL_SHARED)")
    project = Project(tmp_path)
    shutil.copytree(source, project.raw / "ga4", ignore=shutil.ignore_patterns("*.md"))
    warehouse = project.build()
    accounting = warehouse.table("event_accounting")
    assert sum(accounting.column("raw")) == sum(accounting.column("accepted")) == 24_219
    assert warehouse.query(
        "select count(*), count(distinct person_id) from sessions"
    ).rows == [(20_840, 19_210)]
    # Of 3,847 sessions the shop itself is the source: that says nothing.
    told = dict(warehouse.query(
        "select channel, count(*) from sessions group by channel"
    ).rows)
    assert told["Organic Search"] == 1_695
    assert told["Paid Search"] == 138
    assert sum(told.values()) - told["Direct"] == 3_136
    assert dict(warehouse.query(
        "select normalized_event_name, count(*) from events group by 1"
    ).rows)["order_completed"] == 624


def shards(folder: Path) -> list[Path]:
    return sorted(folder.glob("events_2*.parquet"))


def write_shard(source: Path, target: Path, select: str = "*", where: str = "true") -> None:
    """Write some rows of a day's file, at another time than any before."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select {select} from '{source}' where {where}) to '{target}'"
        )
    later = time.time() + len(list(target.parent.iterdir()))
    os.utime(target, (later, later))


def test_shards_that_are_written_again_are_read_again(exports, tmp_path):
    days = shards(exports("ga4") / "raw" / "ga4")[-12:]
    project = Project(tmp_path / "increments")
    ga4 = project.raw / "ga4"
    part = "hash(event_timestamp) % 10 < 7"
    for file in days[:8]:
        write_shard(file, ga4 / file.name)
    write_shard(days[8], ga4 / days[8].name, where=part)
    write_shard(days[9], ga4 / days[9].name.replace("events_", "events_intraday_"), where=part)
    run_models(project)

    def loads_read() -> set[str]:
        return {str(day) for day, in project.duckdb.query("""
            select load_date from load_ledger
            where batch_number = (select max(batch_number) from load_ledger)
        """).rows}

    def day_of(file: Path) -> str:
        text = file.stem[-8:]
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"

    # The day that was cut short is whole, the intraday one final, another day is new.
    for file in days[8:11]:
        write_shard(file, ga4 / file.name)
    run_models(project)
    assert loads_read() == {day_of(file) for file in days[8:11]}
    # As many rows as before, of which each is another.
    write_shard(
        days[9], ga4 / days[9].name,
        select="* replace (event_timestamp + 60000000 as event_timestamp)",
    )
    run_models(project)
    assert loads_read() == {day_of(days[9])}
    # Nothing is new.
    run_models(project)
    assert loads_read() == {day_of(days[9])}
    # A day is gone.
    (ga4 / days[3].name).unlink()
    run_models(project)
    reference = Project(tmp_path / "whole", raw=project.raw)
    run_models(reference)
    assert_equals_full_refresh(project, reference)


def test_two_sources_of_events_share_users_and_nothing_else(project):
    at = "2026-03-01T10:00:00Z"
    project.write_raw(events=[{
        "event_id": "1", "event_name": "page_viewed", "anonymous_id": "d", "user_id": "u",
        "occurred_at": at, "received_at": at, "loaded_at": at, "platform": "web",
    }])
    amplitude = project.raw / "amplitude"
    amplitude.mkdir()
    (amplitude / "one.json").write_text(
        '{"$insert_id": "1", "event_type": "page_viewed", "device_id": "d", "user_id": "u",'
        ' "client_event_time": "2026-03-01 10:00:00", "server_upload_time": "2026-03-01 10:00:00",'
        ' "event_properties": {"plan": "a"}, "platform": "Web"}\n'
    )
    run_models(project)
    assert project.duckdb.query(
        "select event_id, anonymous_id, person_id from events order by event_id"
    ).rows == [("1", "d", "u"), ("amplitude:1", "amplitude:d", "u")]
    assert project.duckdb.query("select count(*) from sessions").scalar() == 2


def test_calls_of_segment_are_found_in_whatever_tables_and_files_there_are(project):
    """Files named as tables, an event that only `tracks` has, calls as JSON lines, no events."""
    at = "2026-03-01 10:0{}:00"
    common = "id,anonymous_id,user_id,received_at,timestamp"
    web = project.raw / "rudderstack" / "web"
    web.mkdir(parents=True)
    (web / "pages.csv").write_text(
        f"{common},url,title,context_library_name,context_campaign_source\n"
        f"1,d,,{at.format(0)},{at.format(0)},https://shop.example/a,A,"
        "RudderLabs JavaScript SDK,news\n"
    )
    (web / "tracks.csv").write_text(
        f"{common},event,event_text\n"
        f"2,d,,{at.format(1)},{at.format(1)},order_completed,Order Completed\n"
        f"3,d,,{at.format(2)},{at.format(2)},rare_event,Rare Event\n"
    )
    (web / "order_completed.csv").write_text(
        f"{common},event,event_text,order_id,total,timestamp_of_cart\n"
        f"2,d,,{at.format(1)},{at.format(1)},order_completed,Order Completed,o1,10.50,x\n"
    )
    (web / "aliases.csv").write_text(
        f"{common},previous_id\n9,,v,{at.format(9)},{at.format(9)},d\n"
    )
    (web / "users.csv").write_text("id,email\nu,a@shop.example\n")
    segment = project.raw / "segment"
    segment.mkdir()
    (segment / "calls.json").write_text(
        '{"type": "screen", "messageId": "4", "anonymousId": "p", "name": "Cart",'
        ' "timestamp": "2026-03-01T10:00:00Z", "originalTimestamp": "2026-03-01T09:00:00Z",'
        ' "sentAt": "2026-03-01T09:00:00Z", "receivedAt": "2026-03-01T10:00:00Z",'
        ' "context": {"os": {"name": "iOS"}, "campaign": {"source": "mail"}},'
        ' "properties": {"plan": "a"}}\n'
        '{"type": "identify", "messageId": "5", "anonymousId": "p", "userId": "u",'
        ' "timestamp": "2026-03-01T10:05:00Z", "traits": {"plan": "b"}}\n'
    )
    said = " ".join(run_models(project).output.split())
    assert "Export of RudderStack: 4 rows" in said
    assert "Not read, since they hold no calls: web/users" in said
    assert project.duckdb.query("""
        select event_id, event_name, cast(occurred_at as time), page, platform,
            utm_source, person_id, properties
        from events left join sessions using (session_id, person_id)
        order by event_id
    """.replace("platform", "events.platform")).rows == [
        ("rudderstack:1", "page", dt.time(10), "/a", "web", "news", "v",
         '{"url":"https://shop.example/a","title":"A"}'),
        ("rudderstack:2", "Order Completed", dt.time(10, 1), None, None, "news", "v",
         '{"order_id":"o1","total":"10.50","timestamp_of_cart":"x","value":"10.50"}'),
        ("rudderstack:3", "Rare Event", dt.time(10, 2), None, None, "news", "v", "{}"),
        ("rudderstack:9", "alias", dt.time(10, 9), None, None, None, "v",
         '{"previous_id":"d"}'),
        ("segment:4", "screen", dt.time(10), "Cart", "ios", "mail", "u", '{"plan":"a"}'),
        ("segment:5", "identify", dt.time(10, 5), None, None, "mail", "u", '{"plan":"b"}'),
    ]


def test_a_table_of_calls_without_a_time_stops_the_run_and_is_named(project):
    pages = project.raw / "segment"
    pages.mkdir(parents=True)
    (pages / "pages.csv").write_text("id,anonymous_id,url\n1,d,/\n")
    said = " ".join(run_models(project, expect=1).output.split())
    assert "The export of Segment lacks the column pages.timestamp" in said, said


def test_an_export_of_another_form_stops_the_run_with_the_columns_that_are_missing(project):
    amplitude = project.raw / "amplitude"
    amplitude.mkdir(parents=True)
    (amplitude / "one.json").write_text('{"event": "page_viewed", "properties": {"time": 1}}\n')
    said = " ".join(run_models(project, expect=1).output.split())
    assert (
        "The export of Amplitude lacks the columns event_type, client_event_time, "
        "server_upload_time, device_id" in said
    ), said
    assert "docs/amplitude.md" in said
    assert "No table was touched" in said


def test_an_export_of_earlier_years_is_read_and_what_it_lacks_is_null(project):
    value = (
        "{'string_value': %s, 'int_value': null::bigint, 'float_value': null::double, "
        "'double_value': null::double}"
    )
    ga4 = project.raw / "ga4"
    ga4.mkdir(parents=True)

    def write(more: str = "") -> None:
        with duckdb.connect() as connection:
            connection.execute(f"""
                copy (
                    select
                        '20180612' as event_date, 1528787811000000 as event_timestamp,
                        'screen_view' as event_name,
                        [{{'key': 'firebase_screen', 'value': {value % "'Menu'"}}}] as event_params,
                        'd' as user_pseudo_id, 'ANDROID' as platform
                        {more}
                ) to '{ga4}/events_20180612.parquet'
            """)

    write()
    run_models(project)
    assert project.duckdb.query(
        "select page, device_category, platform, properties from events"
    ).rows == [("Menu", None, "android", "{}")]
    write(", [{'item_id': 'p1'}] as items")
    said = " ".join(run_models(project, expect=1).output.split())
    assert "lacks the columns items.item_name, items.item_category, items.price, items.quantity" in said, said


def test_an_export_without_a_row_stops_the_run(project):
    mixpanel = project.raw / "mixpanel"
    mixpanel.mkdir(parents=True)
    (mixpanel / "none.jsonl").write_text("")
    said = " ".join(run_models(project, expect=1).output.split())
    assert "The export of Mixpanel is empty" in said, said


def test_a_file_that_an_export_is_not_read_from_is_named(exports, project):
    (day, *_) = shards(exports("ga4") / "raw" / "ga4")
    write_shard(day, project.raw / "ga4" / day.name)
    (project.raw / "ga4" / "events_20260301.json").write_text('{"event_name": "page_view"}\n')
    said = " ".join(run_models(project).output.split())
    assert "events_20260301.json is not read: this export is read from .parquet" in said, said


def load_tables(project: Project, tracker: str, files: dict[str, Path]) -> str:
    """Load tables by name from Parquet, with their types; return the dataset."""
    client, dataset = project.client, f"{tracker}_{project.dataset}"
    client.create_dataset(dataset, exists_ok=True)
    lists = bigquery.ParquetOptions()
    lists.enable_list_inference = True
    for name, file in files.items():
        with duckdb.connect() as connection:
            rows = connection.sql(f"select * from '{file}'")
            schema = [field(*column) for column in zip(rows.columns, rows.types, strict=True)]
        table = bigquery.Table(f"{client.project}.{dataset}.{name}", schema=schema)
        client.create_table(table)
        settings = bigquery.LoadJobConfig(source_format="PARQUET", schema=schema)
        settings.parquet_options = lists
        with file.open("rb") as content:
            client.load_table_from_file(content, table, job_config=settings).result()
    return dataset


def field(name: str, kind) -> bigquery.SchemaField:
    """A column of DuckDB as BigQuery declares it."""
    if kind.id == "list":
        one = field(name, kind.children[0][1])
        return bigquery.SchemaField(name, one.field_type, mode="REPEATED", fields=one.fields)
    if kind.id == "struct":
        return bigquery.SchemaField(
            name, "RECORD", fields=[field(*child) for child in kind.children]
        )
    types = {"VARCHAR": "STRING", "BIGINT": "INT64", "DOUBLE": "FLOAT64",
             "BOOLEAN": "BOOL", "TIMESTAMP": "TIMESTAMP"}
    return bigquery.SchemaField(name, types[str(kind)])


def test_ga4_is_the_same_on_bigquery(exports, emulator, tmp_path):
    days = shards(exports("ga4") / "raw" / "ga4")[-5:]
    project = Project(tmp_path, emulator=emulator)
    for file in days:
        write_shard(file, project.raw / "ga4" / file.name)
    intraday = project.raw / "ga4" / days[-1].name.replace("events_", "events_intraday_")
    write_shard(days[-1], intraday, where="hash(event_timestamp) % 2 = 0")
    dataset = load_tables(
        project, "ga4", {file.stem: file for file in sorted((project.raw / "ga4").iterdir())}
    )
    run_models(project)
    run_models(
        project, target="emulator", tracker_datasets={"ga4": dataset},
        raw_schema=project.raw_dataset,
    )
    for name in MARTS:
        assert_same_rows(project.duckdb.table(name), project.bigquery.table(name))


def test_segment_is_the_same_on_bigquery(exports, emulator, tmp_path):
    project = Project(tmp_path, raw=exports("segment") / "raw", emulator=emulator)
    tables = {
        file.parent.name: file for file in sorted((project.raw / "segment").rglob("*.parquet"))
    }
    dataset = load_tables(project, "segment", {**tables, "pages_view": tables["pages"]})
    run_models(project)
    run_models(
        project, target="emulator", tracker_datasets={"segment": dataset},
        raw_schema=project.raw_dataset,
    )
    for name in MARTS:
        assert_same_rows(project.duckdb.table(name), project.bigquery.table(name))


@pytest.mark.parametrize("tracker", ["amplitude", "mixpanel", "posthog"])
def test_exports_of_one_table_are_the_same_on_bigquery(tracker, exports, emulator, tmp_path):
    project = Project(tmp_path, raw=exports(tracker) / "raw", emulator=emulator)
    dataset = f"{tracker}_{project.dataset}"
    client = project.client
    client.create_dataset(dataset, exists_ok=True)
    copy = tmp_path / "events.parquet"
    (file,) = (project.raw / tracker).iterdir()
    with duckdb.connect() as connection:
        if ".parquet" in file.name:
            names = connection.read_parquet(str(file)).columns
            rows = f"read_parquet('{file}')"
        else:
            names = connection.read_json(str(file)).columns
            texts = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
            rows = f"read_json('{file}', columns = {{{texts}}})"
        # BigQuery has no `$` in the name of a column.
        columns = {name: name.replace("$", "") for name in names}
        selected = ", ".join(
            f'cast("{name}" as varchar) as {column}' for name, column in columns.items()
        )
        connection.execute(f"copy (select {selected} from {rows}) to '{copy}'")
        schema = [bigquery.SchemaField(column, "STRING") for column in columns.values()]
    table = client.create_table(
        bigquery.Table(f"{client.project}.{dataset}.events", schema=schema)
    )
    with copy.open("rb") as content:
        client.load_table_from_file(
            content, table, job_config=bigquery.LoadJobConfig(source_format="PARQUET")
        ).result()
    run_models(project)
    run_models(
        project, target="emulator", tracker_datasets={tracker: dataset},
        raw_schema=project.raw_dataset,
    )
    for name in MARTS:
        assert_same_rows(project.duckdb.table(name), project.bigquery.table(name))
