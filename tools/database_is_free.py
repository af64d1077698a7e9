"""Say in one sentence that another program holds the database, before dbt says it in forty.

    python -m tools.database_is_free
"""

import os
import re
import sys

import duckdb


def main() -> int:
    path = os.environ.get("FOOTFALL_DB", "footfall.duckdb")
    if not os.path.exists(path):
        return 0
    try:
        duckdb.connect(path).close()
    except duckdb.IOException as error:
        holder = re.search(r"held in (.+?) \(PID (\d+)\)", str(error))
        if holder is None:
            print(f"The database {path} cannot be opened: {error}", file=sys.stderr)
        else:
            print(
                f"The database {path} is open in {holder[1]} (process {holder[2]}): close it "
                "there, or its notebook's connection, and run this again. No table was touched.",
                file=sys.stderr,
            )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
