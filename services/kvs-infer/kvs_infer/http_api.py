"""The HTTP side: routes, limits, JSON answers."""

from __future__ import annotations

import json
import logging
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kvs_infer.frames import BadRequest, read_batch
from kvs_infer.logs import event
from kvs_infer.service import Service, Unavailable

CHUNK_BYTES = 64 * 1024


class InferenceServer(ThreadingHTTPServer):
    """One thread per connection. A thread that hangs must not keep the process alive."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], service: Service) -> None:
        super().__init__(address, Handler)
        self.service = service

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are no error of ours; everything else is logged as JSON."""
        event(logging.WARNING, "connection_failed", client=str(client_address))


class Handler(BaseHTTPRequestHandler):
    """GET /healthz, GET /readyz, POST /infer."""

    server: InferenceServer
    protocol_version = "HTTP/1.1"
    server_version = "kvs-infer"
    sys_version = ""
    # Longer than the 60 s after which a load balancer drops idle connections: else it would write
    # a request into a connection that this side has just closed.
    timeout = 75

    ROUTES = {"/healthz": "GET", "/readyz": "GET", "/infer": "POST"}

    def do_GET(self) -> None:
        """Answer a GET request."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a POST request."""
        self._serve()

    def _serve(self) -> None:
        started = time.monotonic()
        path = self.path.partition("?")[0]
        with self.server.service.request():
            try:
                status, answer = self._answer(path)
            except BadRequest as error:
                status, answer = error.status, {"error": str(error)}
            except Unavailable as error:
                status, answer = 503, {"error": str(error)}
            except Exception:
                logging.getLogger("kvs_infer").exception("request_failed")
                status, answer = 500, {"error": "internal error"}
            self._send(status, answer, path)
        event(
            logging.INFO,
            "request",
            method=self.command,
            path=path,
            status=status,
            milliseconds=round((time.monotonic() - started) * 1000, 1),
            trace=self.headers.get("X-Amzn-Trace-Id"),
        )

    def _answer(self, path: str) -> tuple[int, dict[str, object]]:
        method = self.ROUTES.get(path)
        if method is None:
            raise BadRequest(404, f"no such path; there are: {', '.join(self.ROUTES)}")
        if method != self.command:
            raise BadRequest(405, f"{path} takes {method}")
        service = self.server.service
        if path == "/healthz":
            return 200, {"status": "alive"}
        if path == "/readyz":
            reason = service.not_ready()
            return (
                (200, {"status": "ready"})
                if reason is None
                else (503, {"status": "not ready", "reason": reason})
            )
        batch = read_batch(self.headers.get("Content-Type", ""), self._read_body(), service.settings)
        return 200, service.infer(batch)

    def _read_body(self) -> bytes:
        settings = self.server.service.settings
        lengths = self.headers.get_all("Content-Length", [])
        if self.headers.get("Transfer-Encoding") is not None or not lengths:
            raise BadRequest(411, "a Content-Length is needed; chunked bodies are not taken")
        if len(lengths) > 1 or not (lengths[0].isascii() and lengths[0].isdigit()):
            raise BadRequest(400, "Content-Length must be one whole number")
        length = int(lengths[0]) if len(lengths[0]) <= 12 else settings.max_body_bytes + 1
        if length > settings.max_body_bytes:
            raise BadRequest(413, f"the body has more than {settings.max_body_bytes} bytes")
        return self._read_bytes(length, time.monotonic() + settings.body_seconds)

    def _read_bytes(self, length: int, deadline: float) -> bytes:
        """Read with one deadline for the whole body, so that a slow sender cannot hold a thread."""
        body = bytearray()
        try:
            while len(body) < length:
                self.connection.settimeout(max(0.01, deadline - time.monotonic()))
                piece = self.rfile.read1(min(CHUNK_BYTES, length - len(body)))
                if not piece:
                    raise BadRequest(400, f"the body ended after {len(body)} of {length} bytes")
                body += piece
                if time.monotonic() > deadline:
                    raise TimeoutError
        except TimeoutError as error:
            raise BadRequest(408, "the body did not arrive in time") from error
        finally:
            self.connection.settimeout(self.timeout)
        return bytes(body)

    def _send(self, status: int, answer: dict[str, object], path: str) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if path in self.ROUTES and status == 405:
            self.send_header("Allow", self.ROUTES[path])
        if status == 503:
            self.send_header("Retry-After", "1")
        # After an error the body may be unread: what is left of it must not be taken for a request.
        if status >= 400 or self.server.service.draining:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class refuses (malformed request line, unknown method), as JSON like the rest."""
        self.close_connection = True
        self._send(int(code), {"error": message or explain or "bad request"}, "")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """The base class's own lines (malformed requests) become events; access is logged in `_serve`."""
        if not format.startswith('"%s"'):
            event(logging.WARNING, "protocol", detail=format % args)
