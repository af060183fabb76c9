"""What a caller is told when a request is refused."""

from __future__ import annotations


class Refused(Exception):
    """An answer with status, and with MLflow's error code and message in the body."""

    def __init__(self, status: int, error_code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code


def bad_request(message: str, status: int = 400) -> Refused:
    """The request cannot be understood."""
    return Refused(status, "BAD_REQUEST", message)


def mismatch(message: str) -> Refused:
    """The request is understood, but it is not what the model was made for."""
    return Refused(400, "INVALID_PARAMETER_VALUE", message)


def unavailable(message: str) -> Refused:
    """Another try, or another instance, may serve the request."""
    return Refused(503, "TEMPORARILY_UNAVAILABLE", message)
