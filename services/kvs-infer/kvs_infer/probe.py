"""Health check of the container: `python -m kvs_infer.probe`. Exit code 0 when the service is ready."""

from __future__ import annotations

import http.client
import os
import sys

TIMEOUT_SECONDS = 4


def main() -> int:
    """Ask /readyz of the service in this container."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", int(os.environ.get("PORT", "8080")), timeout=TIMEOUT_SECONDS
    )
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        sys.stdout.write(answer.read(500).decode(errors="replace") + "\n")
    except OSError as error:
        sys.stdout.write(f"no answer: {error}\n")
        return 1
    return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
