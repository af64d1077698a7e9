"""Exports of trackers go in as they are: the marts from one equal those from raw events."""

from __future__ import annotations

import csv
import datetime as dt
import os
import re
import shutil
import time
from datetime import datetime, timedelta
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
    said = " ".join(run.output.split())
    assert f": {counted} rows, " in said
    # Mixpanel's rows have no date of their own.
    assert tracker == "mixpanel" or re.search(rf": {counted} rows, \w+ from [0-9]+", said)
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


# Snowplow -----------------------------------------------------------------------------


def test_snowplow_is_the_same_on_bigquery_entities_included(exports, emulator, tmp_path):
    project = Project(tmp_path, raw=exports("snowplow") / "raw", emulator=emulator)
    dataset = load_tables(project, "snowplow", {"events": project.raw / "snowplow" / "events.parquet"})
    run_models(project)
    run_models(
        project, target="emulator", tracker_datasets={"snowplow": dataset},
        raw_schema=project.raw_dataset,
    )
    assert project.duckdb.query(
        "select count(*) from events where properties like '%ecommerce_product\":[{\"id\":%'"
    ).scalar() > 1_000
    for name in MARTS:
        assert_same_rows(project.duckdb.table(name), project.bigquery.table(name))


def test_snowplow_entities_as_json_say_what_they_say_as_fields(exports, tmp_path):
    """A warehouse that keeps entities as JSON keeps the schema's names of fields; its own names
    of columns may be in capitals."""
    nested = exports("snowplow") / "raw" / "snowplow" / "events.parquet"
    fields, texts = Project(tmp_path / "fields"), Project(tmp_path / "texts")
    write_shard(nested, fields.raw / "snowplow" / "events.parquet", where="hash(event_id) % 5 = 0")
    (texts.raw / "snowplow").mkdir(parents=True)
    session = "contexts_com_snowplowanalytics_snowplow_client_session_1"
    click = "unstruct_event_com_snowplowanalytics_snowplow_link_click_1_0_1"
    with duckdb.connect() as connection:
        rows = connection.sql(f"""
            select * replace (
                case when {session} is not null then [{{
                    'userId': {session}[1].user_id, 'sessionId': {session}[1].session_id
                }}] end as {session},
                case when {click} is not null then {{
                    'targetUrl': {click}.target_url, 'elementId': {click}.element_id
                }} end as {click}
            )
            from '{fields.raw}/snowplow/events.parquet'
        """)
        capitals = ", ".join(f'{name} as "{name.upper()}"' for name in rows.columns)
        rows.query("rows", f"""
            copy (select {capitals} from rows)
            to '{texts.raw}/snowplow/events.jsonl.gz' (format json, compression gzip)
        """)
    run_models(fields)
    run_models(texts)
    for name in MARTS:
        assert mart(fields, name, "snowplow") == mart(texts, name, "snowplow"), name


def test_snowplow_without_a_required_column_stops_the_run(exports, project):
    nested = exports("snowplow") / "raw" / "snowplow" / "events.parquet"
    write_shard(
        nested, project.raw / "snowplow" / "events.parquet",
        select="* exclude (collector_tstamp, domain_userid)", where="event_id < '1'",
    )
    said = " ".join(run_models(project, expect=1).output.split())
    assert "The export of Snowplow lacks the columns collector_tstamp, domain_userid" in said, said
    assert "docs/snowplow.md" in said
    assert "No table was touched" in said


# The seeds' times are those of New York, five hours behind.
def at(time_of_day: str) -> datetime:
    return datetime.fromisoformat(f"2018-01-01 {time_of_day}")


def expected_rows(file: Path, key: str) -> dict[str, dict]:
    """Rows of a table that is expected, by key; times in UTC, NULL as none."""
    with file.open(newline="") as lines:
        rows = [
            {name: None if value == "NULL" else value for name, value in row.items()}
            for row in csv.DictReader(lines)
        ]
    for row in rows:
        for name in row:
            if name.endswith(("_start", "_end")):
                row[name] = datetime.strptime(row[name], "%Y-%m-%d %H:%M:%S") + timedelta(hours=5)
    return {row[key]: row for row in rows}


def snowplow_sessions(warehouse) -> dict[str, dict]:
    """Sessions by Snowplow's own id, which each of their events carries."""
    rows = warehouse.query("""
        select distinct
            events.properties ->> '$.snowplow_session_id' as session_id,
            replace(sessions.person_id, 'snowplow:', '') as inferred_user_id,
            sessions.started_at as session_start,
            sessions.ended_at as session_end,
            sessions.session_number::varchar as session_index,
            case when sessions.utm_medium is not null then sessions.source end as marketing_source,
            sessions.utm_medium as marketing_medium,
            sessions.utm_campaign as marketing_campaign,
            sessions.utm_term as marketing_term,
            sessions.utm_content as marketing_content,
            sessions.referrer_domain,
            sessions.page_view_count,
            sessions.engaged_seconds
        from sessions
        inner join events on sessions.session_id = events.session_id
    """)
    found = rows.dicts()
    assert len({row["session_id"] for row in found}) == len(found)
    return {row["session_id"]: row for row in found}


def snowplow_page_views(warehouse) -> dict[str, dict]:
    rows = warehouse.query("""
        select
            events.properties ->> '$.snowplow_page_view_id' as page_view_id,
            events.properties ->> '$.snowplow_session_id' as session_id,
            events.user_id as user_custom_id,
            page_views.viewed_at as page_view_start,
            page_views.viewed_at + to_seconds(coalesce(page_views.dwell_seconds, 0)::int)
                as page_view_end
        from page_views
        inner join events on page_views.event_key = events.event_key
    """)
    return {row["page_view_id"]: row for row in rows.dicts()}


def differences(found: dict[str, dict], expected: dict[str, dict]) -> dict[tuple, tuple]:
    """What is found and what is expected, by row and column, where the two differ."""
    assert found.keys() <= expected.keys()
    return {
        (key, name): (value, expected[key][name])
        for key, row in found.items() for name, value in row.items()
        if name in expected[key] and value != expected[key][name]
    }


def test_the_snowplow_seeds_give_the_sessions_and_page_views_that_are_expected(tmp_path):
    source = shared_data("vendor_seeds/dbt-labs_snowplow")
    if source is None:
        pytest.skip("the seeds dbt-labs_snowplow are not on this machine (FOOTFALL_SHARED)")
    sessions = expected_rows(source / "snowplow_sessions_expected.csv", "session_id")
    views = expected_rows(source / "snowplow_page_views_expected.csv", "page_view_id")
    project = Project(tmp_path)
    folder = project.raw / "snowplow"
    folder.mkdir(parents=True)

    def load(suffix: str) -> None:
        """The events with their web page entity, which the seeds have as a table."""
        with duckdb.connect() as connection:
            connection.execute(f"""
                copy (
                    select
                        events.*,
                        case when pages.id is not null then '[{{"id":"' || pages.id || '"}}]' end
                            as contexts_com_snowplowanalytics_snowplow_web_page_1_0_0
                    from read_csv('{source}/sp_event{suffix}.csv', all_varchar = true) as events
                    left join read_csv('{source}/sp_web_page{suffix}.csv') as pages
                        on events.event_id = pages.root_id
                ) to '{folder}/events{suffix}.csv'
            """)

    load("")
    run_models(project)
    warehouse = project.duckdb
    assert sum(warehouse.table("event_accounting").column("accepted")) == 6
    before = snowplow_sessions(warehouse)
    assert len(before) == 3
    assert differences(before, sessions) == {
        # Nobody has signed in as user_id_3 yet, and user_1 has not come back.
        ("user_3_session_1", "inferred_user_id"): ("domain_userid_3", "user_id_3"),
        ("user_1_session_1", "session_end"): (at("12:00:01"), at("12:00:05")),
        # The device timed the second page view a second before it was received, which in the
        # seed is the time of the event.
        ("user_2_session_1", "session_end"): (at("12:00:01"), at("12:00:02")),
    }
    # A ping ends page view 1.1, and 2.1 the page view that follows in the same second.
    second_view = ("page_view_2.2", "page_view_start"), ("page_view_2.2", "page_view_end")
    assert differences(snowplow_page_views(warehouse), views) == dict.fromkeys(
        second_view, (at("12:00:01"), at("12:00:02"))
    )
    # Views and pings are three seconds in all here, where the seeds take each ping for thirty.
    assert {key: row["engaged_seconds"] for key, row in before.items()} == {
        "user_1_session_1": 1, "user_2_session_1": 0, "user_3_session_1": 0,
    }

    load("_update")
    run_models(project)
    assert sum(warehouse.table("event_accounting").column("accepted")) == 9
    after = snowplow_sessions(warehouse)
    assert len(after) == len(sessions) == 5
    # Three rows of the update were created minutes after they were sent, which measures no
    # clock: Footfall believes the device. The seeds expect the time of receipt.
    late = {"user_1_session_1": ("12:05:00", "12:00:05"),
            "user_3_session_2": ("12:40:00", "12:00:40"),
            "user_4_session_1": ("12:30:00", "12:00:30")}
    assert differences(after, sessions) == {
        ("user_2_session_1", "session_end"): (at("12:00:01"), at("12:00:02")),
        **{(key, "session_end"): tuple(map(at, times)) for key, times in late.items()},
        **{(key, "session_start"): tuple(map(at, late[key]))
           for key in ("user_3_session_2", "user_4_session_1")},
    }
    assert {row["referrer_domain"] for row in after.values()} == {
        None, "facebook.com", "google.com"
    }
    viewed = snowplow_page_views(warehouse)
    assert viewed.keys() == views.keys()
    for key in sessions:
        assert after[key]["page_view_count"] == sum(
            row["session_id"] == key for row in views.values()
        )
    late_views = {"page_view_4.1": "user_1_session_1", "page_view_5.1": "user_3_session_2",
                  "page_view_6.1": "user_4_session_1"}
    assert differences(viewed, views) == {
        **dict.fromkeys(second_view, (at("12:00:01"), at("12:00:02"))),
        **{(view, name): tuple(map(at, late[key])) for view, key in late_views.items()
           for name in ("page_view_start", "page_view_end")},
        # Dwell lasts until the next page view, not until the last ping.
        ("page_view_1.1", "page_view_end"): (at("12:05:00"), at("12:00:01")),
    }
    # A ping is nobody's activity.
    assert dict(warehouse.query(
        "select person_id, sum(event_count)::int from person_activity group by 1"
    ).rows) == {
        "user_id_1": 2, "user_id_2": 2, "user_id_3": 2, "snowplow:domain_userid_4": 1
    }
    reference = Project(tmp_path / "whole", raw=project.raw)
    run_models(reference)
    assert_equals_full_refresh(project, reference)
