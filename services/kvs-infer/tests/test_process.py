"""The real process: start, probe, SIGTERM."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from client import call
from conftest import ImageFactory

ROOT = Path(__file__).parent.parent


class Running:
    """The service as a child process, and the events that it logged."""

    def __init__(self, **env: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kvs_infer"],
            cwd=ROOT,
            env={**os.environ, "PORT": "0", "BACKEND": "numpy", **env},
            stdout=subprocess.PIPE,
            text=True,
        )

    def until(self, name: str) -> dict[str, object]:
        """Read log lines up to an event; each line must be JSON."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            event = json.loads(line)
            if event["event"] == name:
                return event
        raise AssertionError(f"the log ended without {name}")


@pytest.fixture
def running() -> Iterator[Running]:
    service = Running()
    yield service
    service.process.kill()
    service.process.wait()
    assert service.process.stdout is not None
    service.process.stdout.close()


def probe(port: object) -> int:
    return subprocess.run(
        [sys.executable, "-m", "kvs_infer.probe"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port)},
        check=False,
    ).returncode


def test_probe(running: Running) -> None:
    port = running.until("listening")["port"]
    running.until("ready")
    assert probe(port) == 0
    running.process.kill()
    running.process.wait()
    assert probe(port) == 1


def test_sigterm_ends_cleanly_and_soon(running: Running) -> None:
    running.until("ready")
    started = time.monotonic()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(timeout=10) == 0
    assert time.monotonic() - started < 3


def test_sigterm_lets_a_running_request_finish(running: Running, image: ImageFactory) -> None:
    port = int(str(running.until("listening")["port"]))
    running.until("ready")
    body = image()
    head = (
        f"POST /infer HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head.encode() + body[:50])
        time.sleep(0.3)
        running.process.send_signal(signal.SIGTERM)
        running.until("draining")
        time.sleep(0.3)
        connection.sendall(body[50:])
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"Connection: close" in answer
    assert running.until("stopped")["cut_off"] == 0
    assert running.process.wait(timeout=10) == 0


def test_sigterm_cuts_off_what_does_not_end() -> None:
    service = Running(DRAIN_SECONDS="1")
    port = int(str(service.until("listening")["port"]))
    service.until("ready")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"POST /infer HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        time.sleep(0.3)
        service.process.send_signal(signal.SIGTERM)
        assert service.until("stopped")["cut_off"] == 1
        assert service.process.wait(timeout=10) == 0
    assert service.process.stdout is not None
    service.process.stdout.close()


def test_unusable_settings_stop_the_start() -> None:
    service = Running(MAX_FRAMES="many")
    assert "MAX_FRAMES" in str(service.until("unusable_settings")["reason"])
    assert service.process.wait(timeout=10) == 2
    assert service.process.stdout is not None
    service.process.stdout.close()


def test_without_torch_it_is_alive_and_says_why_it_is_not_ready() -> None:
    service = Running(BACKEND="torch", PYTHONPATH=str(ROOT / "tests" / "no_torch"))
    port = int(str(service.until("listening")["port"]))
    service.until("load_failed")
    assert call(port, "GET", "/healthz").status == 200
    assert "torch" in str(call(port, "GET", "/readyz").body["reason"])
    service.process.kill()
    service.process.wait()
    assert service.process.stdout is not None
    service.process.stdout.close()
