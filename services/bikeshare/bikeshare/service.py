"""The life of the service: loading, ready or failed; and how many predictions run at once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from bikeshare.errors import unavailable
from bikeshare.logs import event
from bikeshare.payload import Split, read_split
from bikeshare.settings import Settings


class Predictor(Protocol):
    """What a model must offer."""

    @property
    def uuid(self) -> str:
        """Which model this is."""

    def predict(self, split: Split) -> list[float]:
        """One number per row."""


def load_mlflow(folder: Path) -> Predictor:
    """Load from the folder that SageMaker unpacked; raises FileNotFoundError, or what loading raises."""
    if not (folder / "MLmodel").is_file():
        found = ", ".join(sorted(entry.name for entry in folder.iterdir())) if folder.is_dir() else ""
        raise FileNotFoundError(
            f"{folder} holds no MLmodel (found: {found or 'nothing'}); "
            "model.tar.gz must have it at its top, without a folder around it"
        )
    # Importing MLflow takes seconds: it must not keep the port closed.
    from bikeshare.model import Model

    return Model(folder)


class Service:
    """Thread-safe. One instance per process."""

    def __init__(self, settings: Settings, load: Callable[[Path], Predictor] = load_mlflow) -> None:
        self.settings = settings
        self._load = load
        self._model: Predictor | None = None
        self._not_ready = "the model is loading"
        self._slots = threading.BoundedSemaphore(settings.max_concurrency)

    def load(self) -> None:
        """Load the model; a failure is kept as the reason that `/ping` gives."""
        started = time.monotonic()
        folder = self.settings.model_dir
        try:
            model = self._load(folder)
        # Whatever goes wrong here must reach /ping: a thread that dies in silence would "load" forever.
        except Exception as error:
            self._not_ready = f"the model could not be loaded: {error}"
            event(logging.ERROR, "load_failed", folder=str(folder), reason=str(error))
            return
        self._model = model
        event(logging.INFO, "ready", model=model.uuid, seconds=round(time.monotonic() - started, 3))

    def not_ready(self) -> str | None:
        """Why no request should be sent here, or None."""
        return None if self._model is not None else self._not_ready

    def predict(self, body: bytes) -> list[float]:
        """Predictions for a request's body; raises Refused."""
        model = self._model
        if model is None:
            raise unavailable(self._not_ready)
        if not self._slots.acquire(blocking=False):
            raise unavailable(f"{self.settings.max_concurrency} predictions are running")
        try:
            return model.predict(read_split(body, self.settings.max_rows))
        finally:
            self._slots.release()
