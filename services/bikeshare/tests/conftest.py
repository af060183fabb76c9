from __future__ import annotations

import http.client
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from bikeshare.app import create_app
from bikeshare.dataset import make_dataset
from bikeshare.model import Model
from bikeshare.payload import Split
from bikeshare.service import Service
from bikeshare.settings import Settings
from bikeshare.train import fit, save

ROOT = Path(__file__).parent.parent
PAYLOAD = (ROOT / "payload.json").read_bytes()


class StandIn:
    """Answers 1.5 for each row, or fails."""

    uuid = "stand-in"

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure

    def predict(self, split: Split) -> list[float]:
        if self.failure:
            raise self.failure
        return [1.5] * len(split.data)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> dict[str, object]:
        return json.loads(self.text)


def call(
    port: int, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
) -> Answer:
    """One request on a connection of its own. An iterator as body is sent in chunks."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers or {})  # type: ignore[arg-type]
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read().decode())
    finally:
        connection.close()


def invoke(port: int, body: object = PAYLOAD, **headers: str) -> Answer:
    """POST /invocations as SageMaker sends it."""
    sent = {"Content-Type": "application/json"}
    sent.update({name.replace("_", "-"): value for name, value in headers.items()})
    return call(port, "POST", "/invocations", body, sent)


@contextmanager
def running(service: Service) -> Iterator[int]:
    """The service on a free port of loopback."""
    config = uvicorn.Config(create_app(service), host="127.0.0.1", port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


Start = Callable[..., int]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers and stops them at the end of the test."""
    with ExitStack() as stack:

        def begin(model: object = None, load: bool = True, **settings: int) -> int:
            service = Service(Settings(**settings), lambda _folder: model or StandIn())  # type: ignore[arg-type,return-value]
            if load:
                service.load()
            return stack.enter_context(running(service))

        yield begin


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """A `main` sends the log to the standard output of its test: not to that of the next one."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model as `bikeshare.train` writes it."""
    folder = tmp_path_factory.mktemp("trained") / "model"
    save(fit(make_dataset())[0], folder)
    return folder


@pytest.fixture(scope="session")
def model(model_dir: Path) -> Model:
    return Model(model_dir)
