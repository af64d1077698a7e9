"""The report: one HTML file made from the marts, on DuckDB and on BigQuery alike.

    python -m report                       # footfall.duckdb into target/report.html
    python -m report --target bigquery     # the marts of that target of profiles.yml

`warehouse` opens the database that a target of profiles.yml names, `marts` asks it,
`charts` draws, `words` holds every word in English and Korean, and `page` writes the file.
"""
