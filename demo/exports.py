"""The demo's events in the shape in which trackers export them: `python -m demo.exports`.

A tracker carries less than the raw table. For each one there are two selects: the rows as
`carried`, in the raw table's own form but without what the tracker has no place for, and the
same rows as `exported`. So the marts from both are equal, but for ids that the tracker draws.
An export has the defects of its kind: GA4 writes a day again under another name and sends
some rows twice, the others repeat what was sent twice. Times are UTC.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Export:
    """How a tracker carries events, as selects: from `events`, the raw table, and `carried`.

    `written` is the statement that writes `exported` into `{folder}`; empty where each day or,
    with `has_table_per_event`, each event has a file of its own.
    """

    carried: str
    exported: str
    written: str = ""
    has_table_per_event: bool = False


# What a tracker cannot send: properties that are no object.
WELL_FORMED = """
    (
        properties is null
        or (json_valid(properties) and json_type(properties) = 'OBJECT')
    )
"""

# GA4 has no id of an event, no times but one, and sends nothing without a name and a device;
# what comes from the application's server is not in it. An event's day is its shard.
GA4 = Export(
    carried=f"""
        with sent as (
            select
                event_id, event_name, occurred_at, anonymous_id, user_id, platform, app_version,
                page_url, page_title, page_referrer, screen_name, element, device_category, os,
                browser, country, language, properties,
                row_number() over (order by event_id, received_at) as sequence_number
            from events
            where
                {WELL_FORMED}
                and trim(event_id) != '' and anonymous_id is not null
                and trim(event_name) != '' and occurred_at is not null
                and coalesce(platform, '') != 'server'
            qualify row_number() over (partition by event_id order by received_at) = 1
        )

        select
            * exclude (repeated),
            occurred_at as received_at,
            date_trunc('day', occurred_at) as loaded_at
        from sent
        cross join unnest(
            case when sequence_number % 100 = 0 then [1, 2] else [1] end
        ) as copies (repeated)
    """,
    exported="""
        select
            strftime(occurred_at, '%Y%m%d') as event_date,
            epoch_us(occurred_at) as event_timestamp,
            event_name,
            list_filter([
                {'key': 'page_location', 'value': text_value(page_url)},
                {'key': 'page_title', 'value': text_value(page_title)},
                {'key': 'page_referrer', 'value': text_value(page_referrer)},
                {'key': 'firebase_screen', 'value': text_value(screen_name)},
                {'key': 'link_id', 'value': text_value(element)},
                {'key': 'currency', 'value': text_value(properties ->> '$.currency')},
                {'key': 'search_term', 'value': text_value(properties ->> '$.search_term')},
                {'key': 'value', 'value': {
                    'string_value': null, 'int_value': null, 'float_value': null,
                    'double_value': (properties ->> '$.value')::double
                }},
                {'key': 'engagement_time_msec', 'value': {
                    'string_value': null,
                    'int_value': (properties ->> '$.engagement_msec')::bigint,
                    'float_value': null, 'double_value': null
                }}
            ], lambda one: coalesce(
                one.value.string_value, one.value.int_value::varchar,
                one.value.double_value::varchar
            ) is not null) as event_params,
            sequence_number as event_bundle_sequence_id,
            user_id,
            anonymous_id as user_pseudo_id,
            []::struct(key varchar, value struct(
                string_value varchar, int_value bigint, float_value double, double_value double
            ))[] as user_properties,
            {
                'category': device_category, 'operating_system': os, 'language': language,
                'web_info': {'browser': browser}
            } as device,
            {'country': country} as geo,
            {'version': app_version} as app_info,
            upper(platform) as platform,
            {'transaction_id': properties ->> '$.order_id'} as ecommerce,
            case
                when coalesce(properties ->> '$.product_id', properties ->> '$.quantity')
                    is not null
                    then [{
                        'item_id': properties ->> '$.product_id', 'item_name': null::varchar,
                        'item_category': null::varchar, 'price': null::double,
                        'quantity': (properties ->> '$.quantity')::bigint
                    }]
            end as items
        from carried
    """,
)

# Amplitude has all times and ids. On the web it knows the browser, elsewhere the system.
AMPLITUDE = Export(
    carried=f"""
        select
            * exclude (user_agent, os, browser),
            case when platform != 'web' then os end as os,
            case when platform = 'web' then browser end as browser
        from events
        where {WELL_FORMED}
    """,
    exported="""
        select
            event_id as "$insert_id",
            event_name as event_type,
            strftime(occurred_at, '%Y-%m-%d %H:%M:%S.%f') as client_event_time,
            strftime(sent_at, '%Y-%m-%d %H:%M:%S.%f') as client_upload_time,
            strftime(received_at, '%Y-%m-%d %H:%M:%S.%f') as server_received_time,
            strftime(loaded_at, '%Y-%m-%d %H:%M:%S.%f') as server_upload_time,
            anonymous_id as device_id,
            user_id,
            case platform when 'web' then 'Web' when 'ios' then 'iOS' when 'android' then 'Android'
                else platform end as platform,
            app_version as version_name,
            device_category as device_type,
            coalesce(os, browser) as os_name,
            country,
            language,
            json_merge_patch(coalesce(properties, '{}')::json, json_object(
                '[Amplitude] Page Location', page_url, '[Amplitude] Page Title', page_title,
                '[Amplitude] Screen Name', screen_name, '[Amplitude] Element ID', element,
                'referrer', page_referrer
            )) as event_properties,
            '{}'::json as user_properties
        from carried
    """,
    written="copy exported to '{folder}/events.json.gz' (format json, compression gzip)",
)

# Mixpanel has one time of the device, in whole seconds, and when it was stored. An event
# without an id gets one.
MIXPANEL = Export(
    carried=f"""
        select
            event_id, event_name, date_trunc('second', occurred_at) as occurred_at,
            coalesce(date_trunc('milliseconds', loaded_at), occurred_at) as received_at,
            coalesce(date_trunc('milliseconds', loaded_at), occurred_at) as loaded_at,
            anonymous_id, user_id, platform, app_version, page_url, page_title, page_referrer,
            element, device_category, os, browser, country, properties
        from events
        where
            {WELL_FORMED} and trim(event_id) != ''
            and loaded_at is not null and occurred_at is not null
    """,
    exported="""
        select
            event_name as event,
            json_merge_patch(coalesce(properties, '{}')::json, json_object(
                '$insert_id', event_id, 'time', epoch(occurred_at)::bigint,
                'mp_processing_time_ms', epoch_ms(loaded_at),
                'distinct_id', coalesce(user_id, '$device:' || anonymous_id),
                '$device_id', anonymous_id, '$user_id', user_id,
                'mp_lib', case platform
                    when 'ios' then 'swift' when 'server' then 'python' else platform
                end,
                '$app_version_string', app_version, '$current_url', page_url,
                'current_page_title', page_title, '$referrer', page_referrer,
                '$el_id', element, '$device', device_category, '$os', os,
                '$browser', browser, 'mp_country_code', country
            )) as properties
        from carried
    """,
    written="copy exported to '{folder}/events.jsonl' (format json)",
)

# PostHog has the device's time, corrected, and two of its own.
POSTHOG = Export(
    carried=f"""
        select
            event_id, event_name, occurred_at, received_at,
            coalesce(loaded_at, received_at) as loaded_at,
            anonymous_id, user_id, platform, app_version, page_url, page_title, page_referrer,
            screen_name, element, user_agent, device_category, os, browser, country, language,
            properties
        from events
        where {WELL_FORMED} and platform in ('web', 'ios', 'android')
    """,
    exported="""
        select
            event_id as uuid,
            event_name as event,
            coalesce(user_id, anonymous_id) as distinct_id,
            json_merge_patch(coalesce(properties, '{}')::json, json_object(
                '$device_id', anonymous_id, '$user_id', user_id,
                '$lib', case platform when 'web' then 'web' else 'posthog-' || platform end,
                '$app_version', app_version, '$current_url', page_url, 'title', page_title,
                '$referrer', page_referrer, '$screen_name', screen_name, '$el_text', element,
                '$raw_user_agent', user_agent, '$device_type', device_category, '$os', os,
                '$browser', browser, '$geoip_country_code', country,
                '$browser_language', language
            ))::varchar as properties,
            occurred_at as timestamp,
            received_at as created_at,
            loaded_at as _inserted_at
        from carried
    """,
    written="copy exported to '{folder}/events.parquet.zst' (format parquet, compression zstd)",
)

# Segment and RudderStack have all times and ids, and of what is around an event what their
# library says. A page is no event but a call of its own, as is a screen, which alone has a name.
SEGMENT = Export(
    carried=f"""
        select
            * exclude (device_category, os, browser, country) replace (
                case event_name
                    when 'page_viewed' then 'page' when 'screen_viewed' then 'screen'
                    else event_name
                end as event_name,
                case when event_name = 'screen_viewed' then screen_name end as screen_name
            ),
            case when platform in ('ios', 'android') then os end as os
        from events
        where
            {WELL_FORMED} and trim(event_id) != '' and trim(event_name) != ''
            and occurred_at is not null and received_at is not null
            and coalesce(platform, '') in ('web', 'ios', 'android', 'server')
    """,
    exported="""
        select
            event_id as id,
            anonymous_id,
            user_id,
            case event_name
                when 'page' then 'pages' when 'screen' then 'screens'
                else regexp_replace(lower(trim(event_name)), '[^a-z0-9]+', '_', 'g')
            end as table_name,
            event_name as event_text,
            case
                when event_name = 'page' then page_title when event_name = 'screen' then screen_name
            end as name,
            occurred_at as original_timestamp,
            coalesce(received_at - (sent_at - occurred_at), occurred_at) as timestamp,
            sent_at,
            received_at,
            loaded_at,
            case platform
                when 'web' then 'analytics.js' when 'ios' then 'analytics-ios'
                when 'android' then 'analytics-android' else 'analytics-node'
            end as context_library_name,
            os as context_os_name,
            app_version as context_app_version,
            language as context_locale,
            user_agent as context_user_agent,
            page_url as context_page_url,
            page_title as context_page_title,
            page_referrer as context_page_referrer,
            json_merge_patch(
                coalesce(properties, '{}')::json, json_object('element', element)
            ) as properties
        from carried
    """,
    has_table_per_event=True,
)

# Snowplow has all times and ids, and names of its own for events that all shops have. What
# is e-commerce is an action with entities for products and orders; all else has either a schema
# (order_paid, review_submitted) or is a structured event. Now and then a device tells no time.
# A page that is looked at sends a ping every ten seconds; there is no other measure of attention.
SNOWPLOW = Export(
    carried=f"""
        with sent as (
            select
                event_id,
                case event_name
                    when 'page_viewed' then 'page_view'
                    when 'screen_viewed' then 'screen_view'
                    when 'button_clicked'
                        then case platform when 'web' then 'link_click' else 'button_click' end
                    when 'product_viewed' then 'product_view'
                    when 'product_added_to_cart' then 'add_to_cart'
                    when 'product_removed_from_cart' then 'remove_from_cart'
                    when 'checkout_started' then 'checkout_step'
                    when 'order_completed' then 'transaction'
                    else event_name
                end as event_name,
                occurred_at is not null and hash(event_id) % 40 != 0 as is_timed,
                case when is_timed then occurred_at else received_at end as occurred_at,
                case when is_timed then sent_at end as sent_at,
                received_at, loaded_at, anonymous_id, user_id, platform, app_version, page_url,
                page_title, page_referrer, screen_name, element, user_agent, device_category, os,
                browser, country, language,
                json_object(
                    'product_id', properties ->> '$.product_id',
                    'order_id', properties ->> '$.order_id',
                    'value', case
                        when properties ->> '$.order_id' is not null
                            then (properties ->> '$.value')::double
                    end,
                    'currency', properties ->> '$.currency',
                    'quantity', (properties ->> '$.quantity')::bigint
                )::varchar as properties,
                lead(occurred_at) over (partition by anonymous_id order by occurred_at)
                    - occurred_at as time_until_next
            from events
            where {WELL_FORMED} and trim(event_name) != ''
        ),

        pinged as (
            select * exclude (seconds) replace (
                event_id || '-' || seconds as event_id,
                'page_ping' as event_name,
                occurred_at + to_seconds(seconds) as occurred_at,
                sent_at + to_seconds(seconds) as sent_at,
                received_at + to_seconds(seconds) as received_at,
                loaded_at + to_seconds(seconds) as loaded_at,
                '{{}}' as properties
            )
            from sent
            cross join range(10, 70, 10) as pings (seconds)
            where
                event_name = 'page_view' and anonymous_id != '' and hash(event_id) % 4 = 0
                and time_until_next between to_seconds(seconds) and interval 30 minutes
        )

        select * exclude (time_until_next) from sent
        union all
        select * exclude (time_until_next) from pinged
    """,
    exported="""
        with kinds as (
            select
                *,
                case
                    when event_name in (
                        'product_view', 'add_to_cart', 'remove_from_cart', 'checkout_step',
                        'transaction'
                    ) then 'snowplow_ecommerce_action'
                    when event_name in (
                        'page_view', 'page_ping', 'screen_view', 'link_click', 'button_click',
                        'order_paid', 'review_submitted'
                    ) then event_name
                    else 'event'
                end as schema_name,
                properties ->> '$.order_id' as order_id,
                properties ->> '$.product_id' as product_id,
                properties ->> '$.currency' as currency,
                (properties ->> '$.value')::double as order_value,
                (properties ->> '$.quantity')::bigint as quantity,
                platform in ('ios', 'android') as is_app
            from carried
        )

        select
            'shop' as app_id,
            case when is_app then 'mob' when platform = 'server' then 'srv' else platform end
                as platform,
            event_id,
            case
                when schema_name in ('page_view', 'page_ping') then schema_name
                when schema_name = 'event' then 'struct' else 'unstruct'
            end as event,
            schema_name as event_name,
            null::timestamp as true_tstamp,
            case when is_timed then occurred_at end as dvce_created_tstamp,
            sent_at as dvce_sent_tstamp,
            received_at as collector_tstamp,
            received_at as etl_tstamp,
            loaded_at as load_tstamp,
            case when not is_app then anonymous_id end as domain_userid,
            user_id, page_url, page_title, page_referrer,
            case when schema_name = 'event' then 'shop' end as se_category,
            case when schema_name = 'event' then event_name end as se_action,
            case when schema_name = 'event' then element end as se_label,
            user_agent as useragent,
            case device_category
                when 'desktop' then 'Computer' when 'mobile' then 'Mobile'
                else device_category
            end as dvce_type,
            os as os_family, browser as br_family, language as br_lang, country as geo_country,
            case when schema_name = 'snowplow_ecommerce_action' then {'type': event_name} end
                as unstruct_event_com_snowplowanalytics_snowplow_ecommerce_snowplow_ecommerce_action_1,
            case when schema_name = 'screen_view' then {'name': screen_name, 'id': event_id} end
                as unstruct_event_com_snowplowanalytics_mobile_screen_view_1_0_0,
            case when schema_name = 'link_click' then {
                'target_url': page_url, 'element_id': element
            } end as unstruct_event_com_snowplowanalytics_snowplow_link_click_1_0_1,
            case when schema_name = 'button_click' then {'label': element} end
                as unstruct_event_com_snowplowanalytics_snowplow_button_click_1,
            case when schema_name = 'order_paid' then {
                'order_id': order_id, 'value': order_value, 'currency': currency,
                'quantity': quantity
            } end as unstruct_event_com_example_order_paid_1,
            case when schema_name = 'review_submitted' then {'product_id': product_id} end
                as unstruct_event_com_example_review_submitted_1,
            case when platform = 'web' then [{'id': md5(coalesce(page_url, ''))}] end
                as contexts_com_snowplowanalytics_snowplow_web_page_1,
            -- The loader was brought up to date in the middle.
            case
                when is_app and received_at < '2026-05-01'
                    then [{'user_id': anonymous_id, 'session_id': md5(anonymous_id)}]
            end as contexts_com_snowplowanalytics_snowplow_client_session_1_0_1,
            case
                when is_app and received_at >= '2026-05-01'
                    then [{'user_id': anonymous_id, 'session_id': md5(anonymous_id)}]
            end as contexts_com_snowplowanalytics_snowplow_client_session_1,
            case when app_version is not null then [{'version': app_version}] end
                as contexts_com_snowplowanalytics_mobile_application_1,
            case when screen_name is not null then [{'name': screen_name}] end
                as contexts_com_snowplowanalytics_mobile_screen_1,
            case
                when schema_name not in ('order_paid', 'review_submitted', 'page_ping')
                and order_id is null
                and coalesce(product_id, currency, quantity::varchar) is not null
                    then [{'id': product_id, 'currency': currency, 'quantity': quantity}]
            end as contexts_com_snowplowanalytics_snowplow_ecommerce_product_1,
            case
                when schema_name != 'order_paid' and order_id is not null then [{
                    'transaction_id': order_id, 'revenue': order_value, 'currency': currency,
                    'total_quantity': quantity
                }]
            end as contexts_com_snowplowanalytics_snowplow_ecommerce_transaction_1
        from kinds
    """,
    written="copy exported to '{folder}/events.parquet' (format parquet)",
)

EXPORTS = {
    "amplitude": AMPLITUDE, "ga4": GA4, "mixpanel": MIXPANEL, "posthog": POSTHOG,
    "segment": SEGMENT, "snowplow": SNOWPLOW,
}


def write_export(tracker: str, events: Path, out: Path) -> None:
    """Write `carried/events/` and `raw/<tracker>/` below a folder, in place of what is there.

    `events` is the folder of the demo's raw table.
    """
    export = EXPORTS[tracker]
    carried, exported = out / "carried" / "events", out / "raw" / tracker
    for folder in (carried, exported):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute("""
            create macro text_value(text) as {
                'string_value': text, 'int_value': null::bigint,
                'float_value': null::double, 'double_value': null::double
            }
        """)
        connection.execute(
            f"create table events as select * from read_parquet('{events}/**/*.parquet')"
        )
        connection.execute(f"create table carried as {export.carried}")
        connection.execute(f"copy carried to '{carried}/events.parquet'")
        connection.execute(f"create table exported as {export.exported}")
        if export.written:
            connection.execute(export.written.format(folder=exported))
        elif export.has_table_per_event:
            write_tables(connection, exported)
        else:
            write_shards(connection, exported)


def write_shards(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write a file a day, and for the last day the half that came while it lasted too."""
    days = [day for day, in connection.sql(
        "select distinct event_date from exported order by event_date"
    ).fetchall()]
    for day in days:
        connection.execute(
            f"copy (from exported where event_date = '{day}') to '{folder}/events_{day}.parquet'"
        )
    connection.execute(
        f"copy (from exported where event_date = '{days[-1]}' using sample 50%) "
        f"to '{folder}/events_intraday_{days[-1]}.parquet'"
    )


def write_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write a folder a table with its properties as columns, and all events into `tracks` too.

    A column has the type of its first value.
    """
    reserved = "* exclude (table_name, event_text, name, properties)"
    tables = [table for table, in connection.sql(
        "select distinct table_name from exported order by table_name"
    ).fetchall()]
    for table in tables:
        columns = [reserved]
        columns += ["name"] if table in ("pages", "screens") else [
            "event_text", f"'{table}' as event"
        ]
        for key, kind in connection.sql(f"""
            select key, first(json_type(properties, '$."' || key || '"'))
            from (
                select properties, unnest(json_keys(properties)) as key from exported
                where table_name = '{table}'
            )
            group by key order by key
        """).fetchall():
            column_type = {
                "UBIGINT": "bigint", "BIGINT": "bigint", "DOUBLE": "double", "BOOLEAN": "boolean"
            }.get(kind, "varchar")
            columns.append(
                f"""try_cast(properties ->> '$."{key}"' as {column_type}) as "{key}\""""
            )
        (folder / table).mkdir()
        connection.execute(f"""
            copy (select {", ".join(columns)} from exported where table_name = '{table}')
            to '{folder}/{table}/1.parquet'
        """)
    (folder / "tracks").mkdir()
    connection.execute(f"""
        copy (
            select {reserved}, event_text, table_name as event from exported
            where table_name not in ('pages', 'screens')
        ) to '{folder}/tracks/1.parquet'
    """)


def main(arguments: list[str] | None = None) -> int:
    """Write the export of one tracker, or of each; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo.exports", description=__doc__)
    parser.add_argument("tracker", choices=[*EXPORTS, "all"])
    parser.add_argument("--events", type=Path, default=Path("demo/data/raw/events"),
                        help="the demo's raw table (default demo/data/raw/events)")
    parser.add_argument("--out", type=Path, default=Path("demo/data/exports"),
                        help="a folder for each tracker goes below it (default demo/data/exports)")
    options = parser.parse_args(arguments)
    for tracker in EXPORTS if options.tracker == "all" else [options.tracker]:
        write_export(tracker, options.events, options.out / tracker)
        print(f"{options.out / tracker}: FOOTFALL_RAW={options.out / tracker}/raw make build")
    return 0


if __name__ == "__main__":
    sys.exit(main())
