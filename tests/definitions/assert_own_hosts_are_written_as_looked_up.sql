select
    'own_hosts.csv' as file_name,
    host as row_name,
    concat(
        'own_hosts.csv, ', coalesce(host, '(no host)'), ': write the host alone, ',
        'in lower case and without https://, www, port and path, such as ',
        coalesce({{ url_host('host') }}, 'shop.example'), '.'
    ) as problem
from {{ ref('stg_own_hosts') }}
where host is null or host <> coalesce({{ url_host('host') }}, lower(host))
