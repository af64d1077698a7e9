select
    'source_categories.csv' as file_name,
    source as row_name,
    concat(
        'source_categories.csv, ', source,
        ': a source is looked up in lower case, trimmed and without www; write ',
        regexp_replace(lower({{ trimmed('source') }}), '^www[.]', ''), '.'
    ) as problem
from {{ ref('source_categories') }}
where source <> regexp_replace(lower({{ trimmed('source') }}), '^www[.]', '')
