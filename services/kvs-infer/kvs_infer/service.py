"""The life of the service: loading, ready, failed, draining; and how many requests run at once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kvs_infer.backend import Backend, BackendBusy, BackendFault, load_backend
from kvs_infer.logs import event
from kvs_infer.settings import BackendName, Settings
from kvs_infer.weights import LABELS, Array, make_weights


class Unavailable(RuntimeError):
    """The request cannot be served now; another try, or another task, may serve it."""


class Service:
    """Thread-safe. One instance per process."""

    def __init__(self, settings: Settings, load: Callable[[BackendName], Backend] = load_backend) -> None:
        self.settings = settings
        self._load = load
        self._backend: Backend | None = None
        self._not_ready: str | None = "the model is loading"
        self._draining = False
        self._active = 0
        self._idle = threading.Condition()
        self._slots = threading.BoundedSemaphore(settings.max_concurrency)
        self._model = {"name": "frame-classifier", "sha256": make_weights().sha256()}

    def load(self) -> None:
        """Load the model; a failure is kept as the reason that `/readyz` gives."""
        started = time.monotonic()
        try:
            backend = self._load(self.settings.backend)
        # Whatever goes wrong here must reach /readyz: a thread that dies in silence would "load" forever.
        except Exception as error:
            self._not_ready = f"the model could not be loaded: {error}"
            event(logging.ERROR, "load_failed", reason=str(error))
            return
        if self.settings.require_gpu and not backend.has_gpu:
            self._not_ready = f"REQUIRE_GPU=1, but backend {backend.name} found no CUDA device"
            event(logging.ERROR, "gpu_missing", backend=backend.name, device=backend.device)
            return
        self._backend = backend
        self._not_ready = None
        seconds = round(time.monotonic() - started, 3)
        event(logging.INFO, "ready", backend=backend.name, device=backend.device, seconds=seconds)

    def not_ready(self) -> str | None:
        """Why no request should be sent here, or None."""
        return "the service is shutting down" if self._draining else self._not_ready

    @property
    def draining(self) -> bool:
        """True once `begin_drain` was called."""
        return self._draining

    def infer(self, batch: Array) -> dict[str, object]:
        """Classify the frames; raises Unavailable."""
        backend = self._backend
        if backend is None or self._not_ready is not None:
            raise Unavailable(self._not_ready or "the model is loading")
        if not self._slots.acquire(blocking=False):
            raise Unavailable(f"{self.settings.max_concurrency} inferences are running")
        started = time.monotonic()
        try:
            scores = backend.predict(batch)
        except BackendBusy as error:
            raise Unavailable(f"the device is out of memory: {error}") from error
        except BackendFault as error:
            self._not_ready = f"the device failed: {error}"
            event(logging.ERROR, "device_failed", reason=str(error))
            raise Unavailable(self._not_ready) from error
        finally:
            self._slots.release()
        return {
            "model": self._model,
            "backend": backend.name,
            "device": backend.device,
            "milliseconds": round((time.monotonic() - started) * 1000, 3),
            "predictions": [_prediction(index, row) for index, row in enumerate(scores)],
        }

    @contextmanager
    def request(self) -> Iterator[None]:
        """Counts a request as active, so that `wait_until_idle` waits for it."""
        with self._idle:
            self._active += 1
        try:
            yield
        finally:
            with self._idle:
                self._active -= 1
                self._idle.notify_all()

    def begin_drain(self) -> None:
        """Tell load balancers to send nothing more."""
        self._draining = True

    def wait_until_idle(self) -> int:
        """Wait for active requests, at most `drain_seconds`; the number that were cut off."""
        with self._idle:
            self._idle.wait_for(lambda: self._active == 0, timeout=self.settings.drain_seconds)
            return self._active


def _prediction(index: int, row: Array) -> dict[str, object]:
    best = int(row.argmax())
    scores = {label: round(float(score), 6) for label, score in zip(LABELS, row, strict=True)}
    return {"frame": index, "label": LABELS[best], "score": scores[LABELS[best]], "scores": scores}
