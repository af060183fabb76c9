"""Starts the service: `python -m bikeshare serve`, the argument that SageMaker gives to the image."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading

import uvicorn

from bikeshare.app import create_app
from bikeshare.logs import event, start_logging
from bikeshare.service import Service
from bikeshare.settings import Settings, SettingsError

KEEP_ALIVE_SECONDS = 75


class Server(uvicorn.Server):
    """Says where it listens, once it does."""

    async def startup(self, sockets: list[object] | None = None) -> None:
        """Open the port."""
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            event(logging.INFO, "listening", port=self.servers[0].sockets[0].getsockname()[1])


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM or SIGINT; 0 after a clean end, 2 for unusable arguments or settings."""
    start_logging()
    if arguments != ["serve"]:
        event(logging.ERROR, "unusable_arguments", got=arguments, allowed="serve")
        return 2
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        event(logging.ERROR, "unusable_settings", reason=str(error))
        return 2
    service = Service(settings)
    config = uvicorn.Config(
        create_app(service),
        # A container listens for its host.
        host="0.0.0.0",  # noqa: S104  # nosec B104
        port=settings.port,
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=settings.drain_seconds,
        # Longer than callers keep idle connections: else one writes into a connection that was just closed.
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    # uvicorn raises the signal again once it has shut down: without a handler the end would not be clean.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: event(logging.INFO, "stopped", signal=received))
    threading.Thread(target=service.load, name="load", daemon=True).start()
    server = Server(config)
    server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    # Not sys.exit: a thread that is still importing MLflow can block the interpreter's own way out.
    os._exit(code)
