"""What the service needs from a model, whatever library runs it."""

from __future__ import annotations

from typing import Protocol

from kvs_infer.settings import BackendName
from kvs_infer.weights import Array, make_weights


class BackendFault(RuntimeError):
    """The backend cannot go on (a broken CUDA context never heals). The process must be replaced."""


class BackendBusy(RuntimeError):
    """The backend is out of memory for now. The same request may succeed later."""


class Backend(Protocol):
    """A loaded model."""

    @property
    def name(self) -> str:
        """Library that runs the model."""

    @property
    def device(self) -> str:
        """Where it runs, such as `cuda:0 (Tesla T4)` or `cpu`."""

    @property
    def has_gpu(self) -> bool:
        """True when the model runs on a CUDA device."""

    def predict(self, batch: Array) -> Array:
        """Probabilities, frames × labels, of a batch of shape frames × 3 × 64 × 64 in 0…1."""


def load_backend(name: BackendName) -> Backend:
    """Load the model. `torch` is imported only here, so that tests run without it."""
    if name == "numpy":
        from kvs_infer.numpy_backend import NumpyBackend

        return NumpyBackend(make_weights())
    from kvs_infer.torch_backend import TorchBackend

    return TorchBackend(make_weights())
