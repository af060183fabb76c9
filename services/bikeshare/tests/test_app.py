from __future__ import annotations

import logging
import socket
import threading
from pathlib import Path

import pytest
from conftest import PAYLOAD, StandIn, Start, call, invoke, running

from bikeshare.payload import Split
from bikeshare.service import Service
from bikeshare.settings import Settings


def test_ping(start: Start) -> None:
    answer = call(start(), "GET", "/ping")
    assert (answer.status, answer.text) == (200, "")


def test_not_ready_while_loading(start: Start) -> None:
    port = start(load=False)
    for answer in (call(port, "GET", "/ping"), invoke(port)):
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        assert answer.body == {"error_code": "TEMPORARILY_UNAVAILABLE", "message": "the model is loading"}


def test_ping_says_why_loading_failed() -> None:
    def fail(folder: Path) -> StandIn:
        raise OSError(f"no model in {folder}")

    service = Service(Settings(), fail)
    service.load()
    with running(service) as port:
        answer = call(port, "GET", "/ping")
    assert answer.status == 503
    assert answer.body["message"] == "the model could not be loaded: no model in /opt/ml/model"


def test_invocations(start: Start) -> None:
    answer = invoke(start(), Accept="application/json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.body == {"predictions": [1.5, 1.5, 1.5]}


def test_a_body_in_chunks(start: Start) -> None:
    assert invoke(start(), iter([PAYLOAD[:9], PAYLOAD[9:]])).status == 200


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"'],
)
def test_content_types_that_are_taken(start: Start, content_type: str) -> None:
    assert invoke(start(), Content_Type=content_type).status == 200


@pytest.mark.parametrize(
    "content_type", ["", "text/csv", "application/jsonlines", "application/json; charset=latin-1"]
)
def test_other_content_types_are_refused(start: Start, content_type: str) -> None:
    answer = invoke(start(), Content_Type=content_type)
    assert (answer.status, answer.body["error_code"]) == (415, "BAD_REQUEST")
    assert "allowed: application/json" in str(answer.body["message"])


@pytest.mark.parametrize(
    ("accept", "status"),
    [("*/*", 200), ("text/csv, application/json;q=0.5", 200), ("text/csv", 406), ("image/png, text/*", 406)],
)
def test_accept(start: Start, accept: str, status: int) -> None:
    assert invoke(start(), Accept=accept).status == status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("POST", "/invocations/x", 404),
        ("GET", "/invocations", 405),
        ("POST", "/ping", 405),
    ],
)
def test_wrong_path_or_method(start: Start, method: str, path: str, status: int) -> None:
    answer = call(start(), method, path)
    assert (answer.status, answer.body["error_code"]) == (status, "BAD_REQUEST")
    assert ("allow" in answer.headers) == (status == 405)


def test_malformed_input_is_the_callers_fault(start: Start) -> None:
    answer = invoke(start(), b"{}")
    assert (answer.status, answer.body["error_code"]) == (400, "BAD_REQUEST")


def test_too_long_a_body_is_refused(start: Start) -> None:
    port = start(max_body_bytes=1024)
    for body in (b" " * 1025, iter([b" " * 600, b" " * 600])):
        answer = invoke(port, body)
        assert (answer.status, answer.headers["connection"]) == (413, "close")


def test_a_body_that_stops_is_given_up(start: Start) -> None:
    head = b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", start(body_seconds=1)), timeout=30) as connection:
        connection.sendall(head + b"Content-Length: 9\r\n\r\n{")
        assert connection.recv(4096).startswith(b"HTTP/1.1 408 ")


def test_an_internal_error_is_told_to_the_log_only(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    port = start(StandIn(ZeroDivisionError("secret")))
    with caplog.at_level(logging.ERROR, "bikeshare"):
        answer = invoke(port)
    assert (answer.status, answer.body["error_code"]) == (500, "INTERNAL_ERROR")
    assert "secret" not in answer.text
    assert "secret" in caplog.text


class Slow(StandIn):
    """Predicts when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Event()
        self.go = threading.Event()

    def predict(self, split: Split) -> list[float]:
        self.entered.set()
        self.go.wait(30)
        return super().predict(split)


def test_busy_is_said_and_ping_answers_meanwhile(start: Start) -> None:
    slow = Slow()
    port = start(slow, max_concurrency=1)
    statuses: list[int] = []
    first = threading.Thread(target=lambda: statuses.append(invoke(port).status))
    first.start()
    assert slow.entered.wait(30)
    assert call(port, "GET", "/ping").status == 200
    second = invoke(port)
    slow.go.set()
    first.join()
    assert (second.status, second.body["message"]) == (503, "1 predictions are running")
    assert statuses == [200]
    assert invoke(port).status == 200
