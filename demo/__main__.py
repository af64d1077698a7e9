"""Command line of the simulated shop: `python -m demo --help`."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path

from demo.write import Request, generate

FEWEST, MOST = 10_000, 100_000_000


def _count(text: str) -> int:
    """Return a number of events; underscores may group its digits."""
    number = _whole(text)
    if not FEWEST <= number <= MOST:
        message = f"{text} is not between {FEWEST:,} and {MOST:,}"
        raise argparse.ArgumentTypeError(message)
    return number


def _whole(text: str) -> int:
    """Return a whole number that is not negative."""
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return number


def _days(text: str) -> int:
    """Return a number of days, up to a year: older events would be refused."""
    number = _whole(text)
    if not 7 <= number <= 366:
        raise argparse.ArgumentTypeError(f"{text} is not between 7 and 366 days")
    return number


def _workers(text: str) -> int:
    """Return a number of processes."""
    number = _whole(text)
    if not 1 <= number <= 256:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and 256 processes")
    return number


def _date(text: str) -> date:
    """Return a date from 1975 up, since times are stored from 1970 on."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date like 2026-03-01"
        ) from error
    if not 1975 <= day.year <= 2200:
        raise argparse.ArgumentTypeError(f"{text} is not between 1975 and 2200")
    return day


def main(arguments: list[str] | None = None) -> int:
    """Write the demo data; return the exit code (2: bad arguments, 1: cannot write)."""
    parser = argparse.ArgumentParser(
        prog="python -m demo",
        description="Write the raw tables of a simulated shop, and the truth beside.",
    )
    parser.add_argument("--events", type=_count, default=100_000,
                        help="raw event rows, within 2 %% (default 100000)")
    parser.add_argument("--seed", type=_whole, default=7,
                        help="same seed and size, same files (default 7)")
    parser.add_argument("--out", type=Path, default=Path("demo/data"),
                        help="folder to write or replace (default demo/data)")
    parser.add_argument("--start", type=_date, default=date(2026, 3, 1),
                        help="first day, UTC (default 2026-03-01)")
    parser.add_argument("--days", type=_days, default=122,
                        help="length in days (default 122: to 2026-06-30)")
    parser.add_argument("--workers", type=_workers, default=None,
                        help="processes (default: one a core); changes no file")
    options = parser.parse_args(arguments)
    request = Request(options.events, options.seed, options.start, options.days)
    began = time.perf_counter()
    try:
        summary = generate(request, options.out, options.workers)
    except OSError as error:
        print(f"python -m demo: cannot write {options.out}: {error}", file=sys.stderr)
        return 1
    took = time.perf_counter() - began
    rows = summary["tables"]["events"]
    print(f"{rows:,} events of {summary['truth']['humans']:,} visitors"
          f" written to {options.out} in {took:.1f} s ({rows / took:,.0f} a second)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
