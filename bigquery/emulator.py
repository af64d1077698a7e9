"""Run the BigQuery emulator as a child process, without downloading anything.

The emulator is DuckDB behind BigQuery's REST interface. It wants DuckDB's spatial
extension at start; we install the copy that comes as a Python package into a private
home directory, so neither the network nor the user's own home is touched.

    python -m bigquery.emulator            # foreground, port 9050
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORT = 9050
DEFAULT_PROJECT = "footfall-local"
START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 10


class EmulatorError(RuntimeError):
    """The emulator did not start, with the end of its log."""


@dataclass(frozen=True)
class Emulator:
    """Where a running emulator listens."""

    endpoint: str
    project: str
    log_file: Path


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def install_spatial(home: Path) -> None:
    """Put the packaged spatial extension where a DuckDB with this home looks for it."""
    import duckdb
    import duckdb_extensions

    directory = home / ".duckdb" / "extensions"
    directory.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"extension_directory": str(directory)}) as connection:
        duckdb_extensions.import_extension("spatial", con=connection)


def is_listening(endpoint: str) -> bool:
    """True once the server answers HTTP at all, whatever the status."""
    try:
        urllib.request.urlopen(endpoint, timeout=1).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def wait_until_ready(process: subprocess.Popen, endpoint: str, log_file: Path) -> None:
    """Return when the server answers; raise with its log when it died or never did."""
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if is_listening(endpoint):
            return
        time.sleep(0.1)
    tail = "\n".join(log_file.read_text(errors="replace").splitlines()[-20:])
    state = (
        f"ended with code {process.returncode}"
        if process.returncode is not None
        else f"did not answer within {START_TIMEOUT_SECONDS} s"
    )
    raise EmulatorError(f"The BigQuery emulator {state}. End of its log:\n{tail}")


def end_with_parent() -> None:
    """Linux: the child is told to end when its parent is killed without a chance to."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(process: subprocess.Popen) -> None:
    """End this one process, gently first."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def running(
    port: int | None = None, project: str = DEFAULT_PROJECT
) -> Iterator[Emulator]:
    """An empty emulator for the length of the `with` block, on its own port."""
    home = Path(tempfile.mkdtemp(prefix="footfall-emulator-"))
    rest_port = port or free_port()
    endpoint = f"http://127.0.0.1:{rest_port}"
    log_file = home / "emulator.log"
    process = None
    try:
        if is_listening(endpoint):
            raise EmulatorError(
                f"Something already listens at {endpoint}. Stop it, or choose another "
                "port with --port."
            )
        install_spatial(home)
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                [
                    sys.executable,
                    str(Path(__file__).with_name("emulator_process.py")),
                    "start",
                    "--ephemeral",
                    "--rest-port",
                    str(rest_port),
                    "--grpc-port",
                    str(free_port()),
                    "--project",
                    project,
                    "--log-level",
                    "warning",
                ],
                cwd=home,
                env=os.environ
                | {"HOME": str(home), "BQEMU_ENABLE_FORMAT_EXTENSIONS": "false"},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent if sys.platform == "linux" else None,
            )
        wait_until_ready(process, endpoint, log_file)
        yield Emulator(endpoint=endpoint, project=project, log_file=log_file)
    finally:
        if process is not None:
            stop(process)
        shutil.rmtree(home, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bigquery.emulator",
        description="Run an empty BigQuery emulator until Ctrl-C.",
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--project", default=DEFAULT_PROJECT)
    arguments = parser.parse_args()
    try:
        with running(arguments.port, arguments.project) as emulator:
            print(
                f"BigQuery emulator: {emulator.endpoint}, project {emulator.project}. "
                "Ctrl-C ends it and forgets its tables.",
                flush=True,
            )
            # SIGTERM must run the cleanup above just as Ctrl-C does.
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        return 0
    except EmulatorError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
