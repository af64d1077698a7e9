{#- A whole select: the rows of a CTE of events with `session_id`, `person_id`, `is_bot` and
    `bot_category`. A bot is a device, so an event is a bot's when its session is; a server's
    own user agent says nothing of the person. -#}
{% macro identified_events(events, sessions, server_events) -%}
    select
        events.*,
        sessions.session_id,
        sessions.bot_category,
        coalesce(sessions.person_id, server_events.person_id) as person_id,
        coalesce(sessions.is_bot, false) as is_bot
    from {{ events }} as events
    left join {{ sessions }} as sessions
        on events.session_key = sessions.session_key
    left join {{ server_events }} as server_events
        on events.event_key = server_events.event_key
{%- endmacro %}
