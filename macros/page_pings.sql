{#- The event by which a tracker says, again and again, that somebody still does something on the
    page: a measure of attention, and nothing that a person did. Another tracker's name for it
    is brought to this one in event_names.csv. -#}
{% macro page_ping() %}
    {{- return("'page_ping'") -}}
{% endmacro %}


{#- A whole select: for each session with page pings the time that they prove, in microseconds.
    A ping says that something was done since the ping before, or since the view of the page, and
    counts the time since then, a minute at most. Pings stay away while nothing is done; the ping
    after such a pause counts no more than the interval that the site has set, which no event
    tells: it is the least time, from a second on, between two pings of the session that follow
    each other on one page. -#}
{% macro measured_pings(events, condition) -%}
    with

    views_and_pings as (
        select
            session_key,
            event_index,
            coalesce(page, '') as page,
            occurred_at,
            normalized_event_name = {{ page_ping() }} as is_ping
        from {{ events }}
        where
            session_key is not null
            and (is_page_view or normalized_event_name = {{ page_ping() }})
            and {{ condition }}
    ),

    preceded as (
        select
            session_key,
            page,
            occurred_at,
            is_ping,
            lag(page) over (partition by session_key order by event_index)
                as previous_page,
            lag(occurred_at) over (partition by session_key order by event_index)
                as previous_occurred_at,
            lag(is_ping) over (partition by session_key order by event_index)
                as is_after_ping
        from views_and_pings
        where
            session_key in (
                select pinged.session_key from views_and_pings as pinged
                where pinged.is_ping
            )
    ),

    timed as (
        select
            session_key,
            coalesce(is_after_ping, false) as is_after_ping,
            coalesce(is_after_ping and page = previous_page, false) as is_on_one_page,
            -- A visit may begin with a ping, in a tab that was left open.
            coalesce({{ microseconds_between('previous_occurred_at', 'occurred_at') }}, 0)
                as microseconds
        from preceded
        where is_ping
    ),

    spaced as (
        select
            *,
            min(case when is_on_one_page and microseconds >= 1000000 then microseconds end)
                over (partition by session_key) as interval_microseconds
        from timed
    ),

    limited as (
        select
            session_key,
            least(
                microseconds,
                case
                    when is_after_ping then coalesce(interval_microseconds, 60000000)
                    else 60000000
                end,
                60000000
            ) as microseconds
        from spaced
    )

    select
        session_key,
        cast(sum(microseconds) as bigint) as ping_microseconds
    from limited
    group by session_key
{%- endmacro %}
