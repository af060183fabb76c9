"""Starts the service: `python -m kvs_infer`."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from types import FrameType

from kvs_infer.http_api import InferenceServer
from kvs_infer.logs import event, start_logging
from kvs_infer.service import Service
from kvs_infer.settings import Settings, SettingsError

POLL_SECONDS = 0.1


def main() -> int:
    """Serve until SIGTERM or SIGINT; 0 after a clean end, 2 for unusable settings."""
    start_logging()
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as error:
        event(logging.ERROR, "unusable_settings", reason=str(error))
        return 2
    service = Service(settings)
    server = InferenceServer(("0.0.0.0", settings.port), service)

    def stop(number: int, _frame: FrameType | None) -> None:
        service.begin_drain()
        event(logging.INFO, "draining", signal=signal.Signals(number).name)
        # shutdown() waits for serve_forever(), which this handler interrupts: call it from elsewhere.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    event(logging.INFO, "listening", port=server.server_address[1])
    threading.Thread(target=service.load, name="load", daemon=True).start()
    server.serve_forever(poll_interval=POLL_SECONDS)
    server.socket.close()
    cut_off = service.wait_until_idle()
    event(logging.INFO, "stopped", cut_off=cut_off)
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # Not sys.exit: a thread that is still importing torch can block the interpreter's own way out.
    os._exit(code)
