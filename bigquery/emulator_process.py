"""The emulator's own process: bqemulator, with one defect of 1.4.0 mended on the way in.

`safe.f(x)` becomes TRY(f(x)) in one pass over the statement. A later pass (a division, a
format_timestamp with fractions of a second) writes the statement out as BigQuery SQL
again, whose writer drops the TRY: then malformed JSON ends the query instead of giving
null. Allowing that writer its TRY keeps it until the statement reaches DuckDB.
"""

from bqemulator.cli import main
from sqlglot.generators.bigquery import BigQueryGenerator

if __name__ == "__main__":
    BigQueryGenerator.TRY_SUPPORTED = True
    main()
