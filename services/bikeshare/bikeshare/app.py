"""The HTTP side of SageMaker's container contract: GET /ping and POST /invocations.

See https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bikeshare.errors import Refused, bad_request, unavailable
from bikeshare.logs import event
from bikeshare.service import Service

JSON = "application/json"
ACCEPTED = ("", "*/*", "application/*", JSON)
CLIENT_WENT_AWAY = 499


def create_app(service: Service) -> Starlette:
    """The application for one service."""

    async def ping(_request: Request) -> Response:
        reason = service.not_ready()
        if reason is not None:
            raise unavailable(reason)
        return Response()

    async def invocations(request: Request) -> Response:
        _check_types(request)
        body = await _read_body(request, service)
        # Off the event loop: /ping has two seconds to answer, whatever the model is doing.
        predictions = await run_in_threadpool(service.predict, body)
        return JSONResponse({"predictions": predictions})

    return Starlette(
        routes=[
            Route("/ping", _logged(ping), methods=["GET"]),
            Route("/invocations", _logged(invocations), methods=["POST"]),
        ],
        exception_handlers={HTTPException: _http_error},
    )


def _check_types(request: Request) -> None:
    sent = request.headers.get("content-type", "")
    kind, _, parameters = sent.partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if kind.strip().lower() != JSON or charset not in ("", "charset=utf-8"):
        raise bad_request(f"Content-Type: got {sent or 'none'}; allowed: {JSON} in UTF-8", 415)
    wanted = request.headers.get("accept", "")
    if not any(item.partition(";")[0].strip().lower() in ACCEPTED for item in wanted.split(",")):
        raise bad_request(f"Accept: got {wanted}; this service answers {JSON}", 406)


async def _read_body(request: Request, service: Service) -> bytes:
    """Counted while it arrives: a length may be missing, or a lie."""
    limit = service.settings.max_body_bytes
    body = bytearray()
    try:
        async with asyncio.timeout(service.settings.body_seconds):
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise bad_request(f"the body has more than {limit} bytes", 413)
    except TimeoutError as error:
        raise bad_request("the body did not arrive in time", 408) from error
    return bytes(body)


def _logged(
    answer: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Answers errors as JSON, and logs each request; what failed inside is told to the log only."""

    async def handle(request: Request) -> Response:
        started = time.monotonic()
        try:
            response = await answer(request)
        except Refused as error:
            response = _error(error.status, error.error_code, str(error))
        except ClientDisconnect:
            response = _error(CLIENT_WENT_AWAY, "BAD_REQUEST", "the client went away")
        except Exception:
            logging.getLogger("bikeshare").exception("request_failed")
            response = _error(500, "INTERNAL_ERROR", "internal error")
        if request.url.path != "/ping" or response.status_code != 200:
            milliseconds = round((time.monotonic() - started) * 1000, 1)
            path = request.url.path
            event(logging.INFO, "request", path=path, status=response.status_code, milliseconds=milliseconds)
        return response

    return handle


async def _http_error(_request: Request, error: Exception) -> Response:
    """Paths and methods that there are not, in the same form as other errors."""
    if not isinstance(error, HTTPException):
        raise error
    response = _error(error.status_code, "BAD_REQUEST", error.detail)
    response.headers.update(error.headers or {})
    return response


def _error(status: int, error_code: str, message: str) -> Response:
    response = JSONResponse({"error_code": error_code, "message": message}, status_code=status)
    if status in (408, 413):
        # The rest of the body is still on its way: it must not be taken for a request.
        response.headers["Connection"] = "close"
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response
