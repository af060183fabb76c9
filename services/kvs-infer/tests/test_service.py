from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from kvs_infer.backend import BackendBusy, BackendFault
from kvs_infer.service import Service, Unavailable
from kvs_infer.settings import Settings
from kvs_infer.weights import LABELS

FRAME = np.zeros((1, 3, 64, 64), dtype=np.float32)


class FakeBackend:
    name = "fake"

    def __init__(self, has_gpu: bool = True, fails: list[Exception] | None = None) -> None:
        self.has_gpu = has_gpu
        self.device = "cuda:0 (fake)" if has_gpu else "cpu"
        self.fails = fails or []
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()

    def predict(self, batch: np.ndarray) -> np.ndarray:
        self.entered.set()
        self.gate.wait(5)
        if self.fails:
            raise self.fails.pop()
        return np.full((len(batch), len(LABELS)), 0.1, dtype=np.float32)


def service_with(backend: FakeBackend, **settings: object) -> Service:
    service = Service(Settings(**settings), lambda _name: backend)  # type: ignore[arg-type]
    service.load()
    return service


def test_not_ready_before_the_model_is_loaded() -> None:
    service = Service(Settings(), lambda _name: FakeBackend())
    assert service.not_ready() == "the model is loading"
    with pytest.raises(Unavailable, match="loading"):
        service.infer(FRAME)


def test_ready() -> None:
    service = service_with(FakeBackend(), require_gpu=True)
    assert service.not_ready() is None
    answer = service.infer(FRAME)
    assert answer["device"] == "cuda:0 (fake)"


def test_gpu_required_and_missing() -> None:
    service = service_with(FakeBackend(has_gpu=False), require_gpu=True)
    assert "REQUIRE_GPU=1" in (service.not_ready() or "")
    with pytest.raises(Unavailable, match="no CUDA device"):
        service.infer(FRAME)


def test_gpu_missing_and_not_required() -> None:
    assert service_with(FakeBackend(has_gpu=False)).not_ready() is None


def test_load_failure_is_the_reason() -> None:
    def load(_name: str) -> FakeBackend:
        raise ImportError("No module named 'torch'")

    service = Service(Settings(), load)
    service.load()
    assert "No module named 'torch'" in (service.not_ready() or "")


def test_device_fault_is_for_good() -> None:
    service = service_with(FakeBackend(fails=[BackendFault("CUDA error: an illegal memory access")]))
    with pytest.raises(Unavailable):
        service.infer(FRAME)
    assert "illegal memory access" in (service.not_ready() or "")
    with pytest.raises(Unavailable):
        service.infer(FRAME)


def test_out_of_memory_passes() -> None:
    service = service_with(FakeBackend(fails=[BackendBusy("out of memory")]))
    with pytest.raises(Unavailable, match="out of memory"):
        service.infer(FRAME)
    assert service.not_ready() is None
    service.infer(FRAME)


def test_unexpected_error_frees_its_slot() -> None:
    service = service_with(FakeBackend(fails=[KeyError("x"), KeyError("x")]), max_concurrency=1)
    for _ in range(2):
        with pytest.raises(KeyError):
            service.infer(FRAME)
    service.infer(FRAME)


def test_concurrency_is_bounded() -> None:
    backend = FakeBackend()
    service = service_with(backend, max_concurrency=1)
    backend.gate.clear()
    worker = threading.Thread(target=service.infer, args=(FRAME,))
    worker.start()
    assert backend.entered.wait(5)
    with pytest.raises(Unavailable, match="1 inferences are running"):
        service.infer(FRAME)
    backend.gate.set()
    worker.join(5)
    service.infer(FRAME)


def test_drain_waits_for_active_requests() -> None:
    service = service_with(FakeBackend(), drain_seconds=5)
    done: list[str] = []
    entered = threading.Event()

    def work() -> None:
        with service.request():
            entered.set()
            time.sleep(0.2)
            done.append("answered")

    threading.Thread(target=work).start()
    assert entered.wait(5)
    service.begin_drain()
    assert service.not_ready() == "the service is shutting down"
    assert service.wait_until_idle() == 0
    assert done == ["answered"]


def test_drain_ends_after_its_time() -> None:
    service = service_with(FakeBackend(), drain_seconds=0)
    with service.request():
        assert service.wait_until_idle() == 1
