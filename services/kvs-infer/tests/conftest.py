"""Fixtures: images, and a service with the NumPy backend behind a real socket."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from kvs_infer.http_api import InferenceServer
from kvs_infer.numpy_backend import NumpyBackend
from kvs_infer.service import Service
from kvs_infer.settings import Settings
from kvs_infer.weights import make_weights

ImageFactory = Callable[..., bytes]
ServerFactory = Callable[..., InferenceServer]


@pytest.fixture
def image() -> ImageFactory:
    """Makes an encoded picture with a gradient."""

    def make(width: int = 80, height: int = 60, image_format: str = "PNG") -> bytes:
        picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
        out = io.BytesIO()
        picture.save(out, format=image_format)
        return out.getvalue()

    return make


@pytest.fixture
def start() -> Iterator[ServerFactory]:
    """Starts servers on free ports and stops them at the end of the test."""
    servers: list[InferenceServer] = []

    def begin(service: Service | None = None, load: bool = True) -> InferenceServer:
        service = service or Service(Settings(backend="numpy"), lambda _name: NumpyBackend(make_weights()))
        if load:
            service.load()
        server = InferenceServer(("127.0.0.1", 0), service)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return server

    yield begin
    for server in servers:
        server.shutdown()
        server.server_close()
