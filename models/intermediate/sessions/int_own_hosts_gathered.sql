with

own_hosts as (
    select * from {{ ref('stg_own_hosts') }}
),

landings as (
    select
        landing_host as host,
        count(*) as session_count
    from {{ ref('int_sessions_aggregated') }}
    where landing_host is not null
    group by landing_host
),

-- A host on which one visit in a hundred begins is the service's own. Fewer may be a
-- translator's, an archive's or a forger's copy of a page.
seen as (
    select host from landings
    where session_count * 100 >= (
        select sum(visits.session_count) from landings as visits
    )
),

gathered as (
    select
        coalesce(own_hosts.host, seen.host) as host,
        coalesce(own_hosts.kind, 'own') as kind,
        own_hosts.host is not null as is_listed
    from own_hosts
    full outer join seen
        on own_hosts.host = seen.host
)

select * from gathered
