"""Builds and increments of `dbt build`, and the floor: what DuckDB takes to sort the rows.

The simulated events are split by load date, one file a day. A history of so many days is
the files of the days up to HISTORY, linked into the raw folder; so histories of any length
end on the same day, and the same days are added to each of them. The application tables
are always those of the whole year. All times are in seconds, all sizes in bytes.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
FIRST_DAY = date(2025, 1, 1)
HISTORY = 360
HISTORIES = (30, 90, HISTORY)
# The late batch: one row of a hundred, of every twelfth day of the longest history.
LATE_DAYS, ONE_OF = 30, 100
MOST_SIMULATED = 100_000_000


class BenchmarkError(Exception):
    """What failed, in words for the person at the prompt."""


@dataclass(frozen=True)
class Settings:
    """What to measure: so many events a year, so many days added to each history."""

    events: int
    days_added: int
    memory_limit: str
    folder: Path

    @property
    def last_day(self) -> int:
        """The day, counted from 0, on which the late batch is loaded."""
        return HISTORY + self.days_added

    @property
    def by_day(self) -> Path:
        """One file of events a load date; their number is part of the name."""
        return self.folder / f"by-day-{self.events}-{self.days_added}"


def measure(settings: Settings) -> dict:
    """Make the data, run every build and return the times and sizes."""
    # In a process of its own: a child begins with its parent's peak of memory as its own.
    with ProcessPoolExecutor(1) as pool:
        pool.submit(prepare_data, settings).result()
    raw, database = settings.folder / "raw", settings.folder / "footfall.duckdb"
    build = Build(settings, raw, database)
    measured = {"machine": machine(settings), "histories": {}}
    for days in HISTORIES:
        remove_database(database)
        empty_folder(raw / "events")
        link_days(settings, raw, range(HISTORY - days, HISTORY))
        floor = [sort_seconds(settings, raw / "events")]
        full = build.run(f"{days} days, full build")
        floor.append(sort_seconds(settings, raw / "events"))
        history = {"floor": floor, "full": full, "added": []}
        history["sorted_matches"] = sort_matches_seconds(settings, database)
        history["rows"] = count_rows(raw / "events")
        # The first run after a full build sums up what was held; no later one has to.
        history["settling"] = build.run(f"{days} days, the run after the full build")
        history["empty"] = build.run(f"{days} days, nothing new")
        for day in range(HISTORY, settings.last_day):
            link_days(settings, raw, [day])
            history["added"].append(build.run(f"{days} days and one more"))
            history["day_rows"] = count_rows(settings.by_day / str(day))
        measured["histories"][days] = history
    link_days(settings, raw, [settings.last_day])
    late = settings.by_day / str(settings.last_day)
    measured["late"] = build.run("late batch") | {"rows": count_rows(late)}
    measured["machine"]["load_after"] = os.getloadavg()[0]
    return measured


# Data ---------------------------------------------------------------------------------


def prepare_data(settings: Settings) -> None:
    """Simulate the year and split it by load date, unless that was done before."""
    raw = settings.folder / "raw"
    if settings.by_day.exists() and raw.exists():
        return
    settings.folder.mkdir(parents=True, exist_ok=True)
    for leftover in (*settings.folder.glob("by-day-*"), raw):
        shutil.rmtree(leftover, ignore_errors=True)
    days = settings.last_day + 1
    events = min(settings.events * days // HISTORY, MOST_SIMULATED)
    simulated = settings.folder / "simulated"
    run([
        sys.executable, "-m", "demo", "--events", str(events), "--seed", "7",
        "--start", str(FIRST_DAY), "--days", str(days), "--out", str(simulated),
    ])
    split_by_day(settings, simulated / "raw" / "events")
    shutil.rmtree(simulated / "raw" / "events")
    (simulated / "raw").rename(raw)
    shutil.rmtree(simulated)


def split_by_day(settings: Settings, events: Path) -> None:
    """Write the events as <day>/*.parquet, the day of their load counted from 0.

    The rows of the late batch are those whose every time lies on their load date, so that
    each touches that day alone, if it does not continue a session over midnight.
    """
    step = HISTORY // LATE_DAYS
    late_at = FIRST_DAY + timedelta(days=settings.last_day)
    unfinished = settings.by_day.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    with connect(settings, settings.folder / "split.duckdb") as connection:
        connection.execute(f"""
            copy (
                with events as (
                    select
                        *,
                        date_diff('day', date '{FIRST_DAY}', loaded_at::date) as day,
                        day % {step} = {step // 2} and day < {HISTORY}
                        and hash(event_id) % {ONE_OF} = 0
                        and occurred_at::date = loaded_at::date
                        and received_at::date = loaded_at::date as is_late
                    from read_parquet('{events}/*.parquet')
                )
                select
                    * exclude (is_late) replace (
                        case when is_late then timestamp '{late_at} 03:00' else loaded_at end
                            as loaded_at,
                        case when is_late then {settings.last_day} else day end as day
                    )
                from events
                where day between 0 and {settings.last_day - 1}
            ) to '{unfinished}' (format parquet, partition_by (day))
        """)
    remove_database(settings.folder / "split.duckdb")
    for folder in unfinished.iterdir():
        folder.rename(folder.with_name(folder.name.removeprefix("day=")))
    unfinished.rename(settings.by_day)


def day_files(settings: Settings, day: int) -> list[Path]:
    return sorted((settings.by_day / str(day)).glob("*.parquet"))


def link_days(settings: Settings, raw: Path, days: Iterable[int]) -> None:
    """Put the events of some load dates into the raw folder."""
    for day in days:
        link(day_files(settings, day), raw / "events", f"{FIRST_DAY + timedelta(days=day)}-")


def link(files: list[Path], folder: Path, prefix: str = "") -> None:
    for file in files:
        os.link(file, folder / f"{prefix}{file.name}")


def empty_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def count_rows(folder: Path) -> int:
    with duckdb.connect() as connection:
        return connection.execute(
            f"select count(*) from read_parquet('{folder}/*.parquet')"
        ).fetchone()[0]


# Measurements -------------------------------------------------------------------------


def connect(settings: Settings, database: Path) -> duckdb.DuckDBPyConnection:
    """A database file of its own, with the memory and the format that the builds have."""
    remove_database(database)
    connection = duckdb.connect(str(database), config={
        "memory_limit": settings.memory_limit, "storage_compatibility_version": "v1.4.0",
    })
    connection.execute("set enable_progress_bar = false")
    # One open file a day, where days are split.
    connection.execute("set partitioned_write_max_open_files = 400")
    return connection


def remove_database(database: Path) -> None:
    """Delete a database and what a run that was stopped left beside it."""
    for file in (database, database.with_name(f"{database.name}.wal")):
        file.unlink(missing_ok=True)


def sort_seconds(settings: Settings, folder: Path) -> float:
    """The floor: seconds to read raw events and store them by device and time."""
    database = settings.folder / "floor.duckdb"
    with connect(settings, database) as connection:
        began = time.perf_counter()
        connection.execute(
            f"create table sorted as select * from read_parquet('{folder}/*.parquet') "
            "order by anonymous_id, occurred_at"
        )
        taken = time.perf_counter() - began
    remove_database(database)
    return taken


def sort_matches_seconds(settings: Settings, database: Path) -> float:
    """What the funnel models are held against: seconds to store the events that a step or an
    exclusion matches once more, by person and time."""
    copies = settings.folder / "copies.duckdb"
    with connect(settings, copies) as connection:
        connection.execute(f"attach '{database}' as built (read_only)")
        began = time.perf_counter()
        connection.execute("""
            create table sorted as select *
            from built.main_intermediate.int_funnel_events_identified
            order by entrant_key, occurred_at
        """)
        taken = time.perf_counter() - began
    remove_database(copies)
    return taken


@dataclass(frozen=True)
class Build:
    """`dbt build` without tests, always on the same raw folder and database."""

    settings: Settings
    raw: Path
    database: Path

    def run(self, name: str) -> dict:
        """Run once; return seconds by table, and what the process took."""
        target = self.settings.folder / "target"
        began = time.perf_counter()
        peak = run(
            [
                str(Path(sys.executable).with_name("dbt")), "build", "--quiet",
                "--exclude-resource-type", "unit_test", "test", "--target", "duckdb",
                "--target-path", str(target), "--log-path", str(self.settings.folder / "logs"),
            ],
            FOOTFALL_RAW=str(self.raw),
            FOOTFALL_DB=str(self.database),
            FOOTFALL_MEMORY_LIMIT=self.settings.memory_limit,
        )
        wall = time.perf_counter() - began
        nodes = json.loads((target / "manifest.json").read_text())["nodes"]
        results = json.loads((target / "run_results.json").read_text())["results"]
        seconds = {
            result["unique_id"]: result["execution_time"]
            for result in results
            if result["unique_id"] in nodes
        }
        found = {
            "seconds": {nodes[key]["name"]: taken for key, taken in seconds.items()},
            "all": sum(seconds.values()),
            "funnels": sum(
                taken for key, taken in seconds.items() if "funnel" in nodes[key]["name"]
            ),
            "wall": wall,
            "peak": peak,
            "days_touched": self.days_touched(),
        }
        print(f"{name}: {found['all']:.1f} s, of which funnels {found['funnels']:.1f} s; "
              f"{wall:.1f} s with dbt, {peak / 1e9:.1f} GB", flush=True)
        return found

    def days_touched(self) -> int:
        """How many days of events the last batch had to replace (0: all)."""
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute("""
                select count(distinct event_date)
                from main_intermediate.event_date_ledger
                where
                    batch_number = (
                        select max(batch_number) from main_intermediate.event_date_ledger
                    )
                    and event_date > date '0001-01-01'
            """).fetchone()[0]


def run(command: list[str], **environment: str) -> int:
    """Run a program from the project's root; return the most memory it held, in bytes."""
    # wait4 tells of this child alone.
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise BenchmarkError(f"{' '.join(command)} failed; see above")
    return usage.ru_maxrss * (1 if platform.system() == "Darwin" else 1024)


def machine(settings: Settings) -> dict:
    """What the times depend on."""
    git = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    return {
        "date": date.today().isoformat(),
        "events": settings.events,
        "commit": git.stdout.strip() or "unknown",
        "cores": os.cpu_count(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "memory_limit": settings.memory_limit,
        "system": f"{platform.system()} {platform.machine()}",
        "versions": {
            "Python": platform.python_version(),
            "DuckDB": duckdb.__version__,
            "dbt-core": version("dbt-core"),
            "dbt-duckdb": version("dbt-duckdb"),
        },
        "load_before": os.getloadavg()[0],
    }
