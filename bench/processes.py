"""The service as it runs: how long it takes to come up, and what memory all its processes share out among them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(instance: Path, port: int, *, url: str = "") -> subprocess.Popen[bytes]:
    """Start ``flask serve`` in a process group of its own."""
    environment = {**os.environ, "INSTANCE_DIR": str(instance), "PORT": str(port), "HOST": "127.0.0.1"}
    if url:
        environment["DATABASE_URL"] = url
    else:
        environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **QUIET)


@contextmanager
def service(instance: Path, *, url: str = "") -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    """Run the service on a free port; yield the process, its address and the seconds until it answered."""
    port = free_port()
    begun = time.perf_counter()
    process = start(instance, port, url=url)
    address = f"http://127.0.0.1:{port}"
    try:
        yield process, address, until_it_answers(address, begun)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def until_it_answers(address: str, begun: float) -> float:
    """Wait for the first good answer of the service; return the seconds since it was begun."""
    for _ in range(2_400):
        try:
            with urllib.request.urlopen(address + "/healthz", timeout=5) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return time.perf_counter() - begun
        except OSError:  # not there yet, or too busy to answer in time
            time.sleep(0.05)
    raise TimeoutError(f"{address} never answered")


def memory(process: subprocess.Popen[bytes]) -> float:
    """Return the proportional set size of a process and all below it, in MiB."""
    total = 0
    for pid in _tree(process.pid):
        rollup = Path(f"/proc/{pid}/smaps_rollup")
        if rollup.exists():
            lines = rollup.read_text().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _tree(int(child))


def peak(command: list[str], instance: Path, *, output: IO[str] | None = None) -> tuple[float, float, float]:
    """Run a command to its end; return its wall seconds, its processor seconds and its peak in MiB."""
    environment = {**os.environ, "INSTANCE_DIR": str(instance)}
    begun = time.perf_counter()
    quiet = QUIET if output is None else QUIET | {"stdout": output}
    program = subprocess.Popen(command, cwd=ROOT, env=environment, **quiet)
    _pid, status, usage = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    assert program.returncode in {0, 1}, f"{command} ended with {program.returncode}"
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
