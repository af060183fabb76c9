from __future__ import annotations

import base64
import json
import socket

import pytest
from client import call
from conftest import ImageFactory, ServerFactory

from kvs_infer.http_api import InferenceServer
from kvs_infer.numpy_backend import NumpyBackend
from kvs_infer.service import Service
from kvs_infer.settings import Settings
from kvs_infer.weights import LABELS, make_weights


def raw(server: InferenceServer, request: bytes) -> bytes:
    """Send bytes as they are; everything up to the end of the connection."""
    with socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_alive_but_not_ready_while_loading(start: ServerFactory) -> None:
    server = start(load=False)
    assert call(server, "GET", "/healthz").status == 200
    answer = call(server, "GET", "/readyz")
    assert (answer.status, answer.body["reason"]) == (503, "the model is loading")


def test_ready(start: ServerFactory) -> None:
    assert call(start(), "GET", "/readyz?from=lb").body == {"status": "ready"}


def test_gpu_missing(start: ServerFactory, image: ImageFactory) -> None:
    settings = Settings(backend="numpy", require_gpu=True)
    server = start(Service(settings, lambda _name: NumpyBackend(make_weights())))
    assert call(server, "GET", "/healthz").status == 200
    assert "no CUDA device" in str(call(server, "GET", "/readyz").body["reason"])
    answer = call(server, "POST", "/infer", image(), {"Content-Type": "image/png"})
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


def test_infer_image(start: ServerFactory, image: ImageFactory) -> None:
    answer = call(start(), "POST", "/infer", image(), {"Content-Type": "image/png"})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    [prediction] = answer.body["predictions"]  # type: ignore[misc]
    assert set(prediction["scores"]) == set(LABELS)
    assert prediction["score"] == max(prediction["scores"].values())
    assert answer.body["model"] == {"name": "frame-classifier", "sha256": make_weights().sha256()}


def test_infer_json(start: ServerFactory, image: ImageFactory) -> None:
    body = json.dumps({"frames": [base64.b64encode(image()).decode()] * 2}).encode()
    answer = call(start(), "POST", "/infer", body, {"Content-Type": "application/json"})
    assert [item["frame"] for item in answer.body["predictions"]] == [0, 1]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 404), ("POST", "/nothing", 404), ("GET", "/infer", 405), ("POST", "/healthz", 405)],
)
def test_wrong_path_or_method(start: ServerFactory, method: str, path: str, status: int) -> None:
    answer = call(start(), method, path)
    assert answer.status == status
    assert "error" in answer.body
    assert ("Allow" in answer.headers) == (status == 405)


def test_unknown_method_is_refused_as_json(start: ServerFactory) -> None:
    assert call(start(), "DELETE", "/infer").status == 501


def test_bad_input_is_the_clients_fault(start: ServerFactory) -> None:
    answer = call(start(), "POST", "/infer", b"no image", {"Content-Type": "image/png"})
    assert (answer.status, answer.body) == (422, {"error": "the body is not a readable PNG image"})


def test_body_over_the_limit_is_refused_unread(start: ServerFactory) -> None:
    head = b"POST /infer HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n"
    for length in (Settings.max_body_bytes + 1, 10**30):
        assert raw(start(), head % length).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"", b"411"),
        (b"Transfer-Encoding: chunked\r\n", b"411"),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", b"411"),
        (b"Content-Length: -1\r\n", b"400"),
        (b"Content-Length: 3\r\nContent-Length: 4\r\n", b"400"),
    ],
)
def test_unclear_length_closes_the_connection(start: ServerFactory, headers: bytes, status: bytes) -> None:
    request = b"POST /infer HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\nabcGET /healthz HTTP/1.1\r\n\r\n"
    answer = raw(start(), request)
    assert answer.startswith(b"HTTP/1.1 " + status)
    # The rest of the body was not answered as a second request.
    assert answer.count(b"HTTP/1.1") == 1


def test_body_that_stops_is_given_up(start: ServerFactory) -> None:
    settings = Settings(backend="numpy", body_seconds=1)
    server = start(Service(settings, lambda _name: NumpyBackend(make_weights())))
    request = b"POST /infer HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"
    assert raw(server, request).startswith(b"HTTP/1.1 408 ")


def test_internal_error_tells_nothing(start: ServerFactory, image: ImageFactory) -> None:
    class Broken(NumpyBackend):
        def predict(self, batch: object) -> object:  # type: ignore[override]
            raise KeyError("secret path")

    server = start(Service(Settings(backend="numpy"), lambda _name: Broken(make_weights())))
    answer = call(server, "POST", "/infer", image(), {"Content-Type": "image/png"})
    assert (answer.status, answer.body) == (500, {"error": "internal error"})
