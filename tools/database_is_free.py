"""Says in one sentence that another program holds the database file, where dbt would print
forty lines. A plugin of dbt-duckdb, named in the profile: it is asked before dbt connects.
"""

import os
import re

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin


class Plugin(BasePlugin):
    def update_connection_config(self, creds, config):
        """Raises RuntimeError, which dbt prints without a traceback."""
        problem = problem_of(creds.path, config)
        if problem:
            raise RuntimeError(problem)


def problem_of(path: str, config: dict) -> str | None:
    """Why the file cannot be opened for writing, and what to do; None where it can, or is not
    there yet."""
    if not os.path.exists(path):
        return None
    try:
        duckdb.connect(path, config=config).close()
    except duckdb.IOException as error:
        holder = re.search(r"held in (.+?) \(PID (\d+)\)", str(error))
        if holder is None:
            return f"The database {path} cannot be opened: {error}"
        return (
            f"The database {path} is open in {holder[1]} (process {holder[2]}): close it there, "
            "or its notebook's connection, and run this again. No table was touched."
        )
    return None
