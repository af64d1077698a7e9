{#- After a run that built the marts, what came out, in a few lines: rows by fate, days,
    sessions, persons, conversions and money, what was new, and what to look at next. -#}
{% macro say_what_came_out(results) %}
    {%- set built = [] -%}
    {%- for result in results
        if result.node.resource_type == 'model' and result.status == 'success' -%}
        {%- do built.append(result.node.name) -%}
    {%- endfor -%}
    {%- set told = [
        'event_accounting', 'sessions', 'persons', 'conversions_mart', 'orders',
        'int_events_read_this_run'
    ] -%}
    {%- if told | reject('in', built) | list or flags.EMPTY -%} {{ return('') }} {%- endif -%}
    {%- set of = {} -%}
    {%- for name in told -%} {%- do of.update({name: table_of_last_run(name)}) -%} {%- endfor -%}

    {%- set rows = run_query(
        'select sum(raw), sum(accepted), sum(duplicate), sum(rejected), '
        ~ '(select count(*) from ' ~ of.int_events_read_this_run ~ ') from '
        ~ of.event_accounting
    ).rows[0] -%}
    {%- set visits = run_query(
        'select min(session_date), max(session_date), count(*), '
        ~ 'sum(case when is_bot then 1 else 0 end), (select count(*) from '
        ~ of.persons ~ ') from ' ~ of.sessions
    ).rows[0] -%}
    {%- set conversions, money = [], [] -%}
    {%- for name, count in run_query(
        'select conversion_name, count(*) as conversion_count from ' ~ of.conversions_mart
        ~ ' group by conversion_name order by conversion_count desc, conversion_name'
    ) -%}
        {%- do conversions.append(name ~ ' ' ~ with_commas(count)) -%}
    {%- endfor -%}
    {%- for currency, count, net in run_query(
        'select currency, count(*) as order_count, sum(net_revenue) from ' ~ of.orders
        ~ ' where counts_as_sale group by currency order by order_count desc, currency'
    ) -%}
        {%- do money.append(
            '{:,.2f}'.format(net or 0) ~ ' ' ~ (currency or '(no currency)') ~ ' net of '
            ~ with_commas(count) ~ (' sale' if count == 1 else ' sales')
        ) -%}
    {%- endfor -%}

    {%- for title, words in {
        'Raw events': with_commas(rows[0]) ~ ': ' ~ with_commas(rows[1]) ~ ' accepted, '
            ~ with_commas(rows[2]) ~ ' copies, ' ~ with_commas(rows[3])
            ~ ' refused (rejected_events says why)',
        'Read now': (
            with_commas(rows[4]) ~ ', of load dates that are new or changed'
            if rows[4] else 'none: nothing was new'
        ),
        'Days': (visits[0] ~ ' to ' ~ visits[1]) if visits[0] else 'none with a session',
        'Sessions': with_commas(visits[2]) ~ ', of which ' ~ with_commas(visits[3])
            ~ ' of bots',
        'Persons': with_commas(visits[4]),
        'Conversions': conversions | join(', ') or 'none',
        'Orders': money | join('; ') or 'none that count as a sale',
        'Look at': '`make report`, `make docs`, '
            ~ '`.venv/bin/dbt show --select checkout_exits` and other files of analyses/',
    }.items() -%}
        {%- do log('{:<12}'.format(title) ~ words, info=true) -%}
    {%- endfor -%}
{% endmacro %}


{#- A number with a comma before each three digits. -#}
{% macro with_commas(number) %}
    {{ return('{:,}'.format((number or 0) | int)) }}
{% endmacro %}
