"""The real process, as SageMaker starts and ends it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import PAYLOAD, ROOT, call, invoke

LIMIT_SECONDS = 120
HEAD = (
    b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
)


class Process:
    """The service as a child process, and the events that it logged."""

    def __init__(self, *arguments: str, **env: str) -> None:
        self.seen: dict[str, dict[str, object]] = {}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "bikeshare", *arguments],
            cwd=ROOT,
            env={**os.environ, "PORT": "0", **env},
            stdout=subprocess.PIPE,
            text=True,
        )

    def until(self, name: str) -> dict[str, object]:
        """Read log lines up to an event, which may have come before; each line must be JSON."""
        assert self.child.stdout is not None
        while name not in self.seen:
            line = self.child.stdout.readline()
            assert line, f"the log ended without {name}; it had {list(self.seen)}"
            event = json.loads(line)
            self.seen[event["event"]] = event
        return self.seen[name]


@contextmanager
def process(*arguments: str, **env: str) -> Iterator[Process]:
    service = Process(*arguments, **env)
    # Ends a log that would otherwise be waited for without end.
    limit = threading.Timer(LIMIT_SECONDS, service.child.kill)
    limit.start()
    try:
        yield service
    finally:
        limit.cancel()
        service.child.kill()
        service.child.wait()
        assert service.child.stdout is not None
        service.child.stdout.close()


def wait_until_closed(port: int) -> None:
    """The port is closed once the signal has been seen."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=30).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.02)
    raise AssertionError("the port stayed open")


def test_it_serves_the_model_and_lets_a_request_finish_on_sigterm(model_dir: Path) -> None:
    with process("serve", MODEL_DIR=str(model_dir)) as service:
        port = int(str(service.until("listening")["port"]))
        service.until("ready")
        assert call(port, "GET", "/ping").status == 200
        assert invoke(port).status == 200
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            connection.sendall(HEAD % len(PAYLOAD) + PAYLOAD[:9])
            # Another answer shows that the server has read what came before.
            assert call(port, "GET", "/ping").status == 200
            service.child.send_signal(signal.SIGTERM)
            wait_until_closed(port)
            connection.sendall(PAYLOAD[9:])
            answer = connection.recv(4096)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert service.until("stopped")["signal"] == signal.SIGTERM
        assert service.child.wait(timeout=30) == 0


def test_without_a_model_it_lives_and_says_why_it_is_not_ready(tmp_path: Path) -> None:
    with process("serve", MODEL_DIR=str(tmp_path)) as service:
        port = int(str(service.until("listening")["port"]))
        assert "holds no MLmodel (found: nothing)" in str(service.until("load_failed")["reason"])
        assert call(port, "GET", "/ping").status == 503


def test_unusable_arguments_and_settings_stop_the_start() -> None:
    with process("train") as service:
        assert service.until("unusable_arguments")["got"] == ["train"]
        assert service.child.wait(timeout=30) == 2
    with process("serve", MAX_ROWS="many") as service:
        assert "MAX_ROWS" in str(service.until("unusable_settings")["reason"])
        assert service.child.wait(timeout=30) == 2
