"""python -m report: the marts of a target as one HTML file."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from report import page
from report.warehouse import ReportError, open_warehouse

PROJECT = Path(__file__).resolve().parent.parent
DAYS_SHOWN = 400


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m report", description="Write the report, one HTML file, from the marts."
    )
    parser.add_argument("--target", help="a target of profiles.yml; its default without this")
    parser.add_argument("--out", type=Path, default=PROJECT / "target" / "report.html")
    parser.add_argument(
        "--days", type=int, default=DAYS_SHOWN,
        help=f"how many days of the data to show, counted from the last ({DAYS_SHOWN})",
    )
    parser.add_argument(
        "--project", type=Path, default=PROJECT, help="the folder of dbt_project.yml"
    )
    settings = parser.parse_args()
    if settings.days < 1:
        parser.error("--days must be at least 1")
    begun = time.monotonic()
    try:
        text = page.write(
            open_warehouse(settings.project, settings.target), settings.project, settings.days
        )
    except ReportError as error:
        print(error, file=sys.stderr)
        return 1
    settings.out.parent.mkdir(parents=True, exist_ok=True)
    settings.out.write_text(text)
    print(
        f"{os.path.relpath(settings.out)}: {len(text.encode()) / 1e6:.1f} MB in "
        f"{time.monotonic() - begun:.1f} s. Open it in a browser; it needs no network."
    )
    return 0


sys.exit(main())
