"""Command line of the benchmark: `python -m benchmarks --help`.

Simulates a year of events, measures and writes benchmarks/RESULTS.md and the plot beside
it. Nothing but times, ratios of times measured on one machine in one run, and memory:
that the tables are right is what the tests are for.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.measure import ROOT, BenchmarkError, Settings, measure
from benchmarks.report import write_report


def main() -> int:
    """Measure and report; return the exit code (1: a build failed)."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure builds of a year of simulated events.",
    )
    parser.add_argument("--events", type=int, default=10_000_000,
                        help="raw event rows in 360 days (default 10 million)")
    parser.add_argument("--days-added", type=int, default=2,
                        help="days that are added to each history, one by one (default 2)")
    parser.add_argument("--memory-limit", default="8GB",
                        help="of DuckDB in builds and floors alike; Python comes on top"
                        " (default 8GB)")
    parser.add_argument("--folder", type=Path, default=ROOT / "target-benchmark",
                        help="for data, database and measurements; events that are there"
                        " already are used again (default target-benchmark)")
    parser.add_argument("--results", type=Path, default=ROOT / "benchmarks",
                        help="where RESULTS.md and history.svg go (default benchmarks)")
    options = parser.parse_args()
    settings = Settings(
        options.events, options.days_added, options.memory_limit, options.folder.resolve()
    )
    try:
        measured = measure(settings)
    except BenchmarkError as error:
        print(f"python -m benchmarks: {error}", file=sys.stderr)
        return 1
    (settings.folder / "measured.json").write_text(json.dumps(measured, indent=1) + "\n")
    print(write_report(measured, options.results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
