"""The model in PyTorch, on the first CUDA device when there is one."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from kvs_infer.backend import BackendBusy, BackendFault
from kvs_infer.weights import INPUT_SIZE, Array, Weights


class TorchBackend:
    """Runs on CUDA, else on the CPU; `/readyz` refuses the CPU when REQUIRE_GPU=1."""

    name = "torch"

    def __init__(self, weights: Weights) -> None:
        self.has_gpu: bool = torch.cuda.is_available()
        self._device = torch.device("cuda:0" if self.has_gpu else "cpu")
        self.device: str = f"cuda:0 ({torch.cuda.get_device_name(0)})" if self.has_gpu else "cpu"
        self._weights = {
            name: torch.from_numpy(array).to(self._device) for name, array in vars(weights).items()
        }
        # A wheel without kernels for this GPU fails at the first kernel, not at load: find out now.
        self.predict(np.zeros((1, 3, INPUT_SIZE, INPUT_SIZE), dtype=np.float32))

    def predict(self, batch: Array) -> Array:
        """See `Backend.predict`."""
        try:
            with torch.inference_mode():
                return self._forward(torch.from_numpy(batch).to(self._device)).cpu().numpy()
        except torch.OutOfMemoryError as error:
            raise BackendBusy(str(error)) from error
        except RuntimeError as error:
            raise BackendFault(str(error)) from error

    def _forward(self, frames: torch.Tensor) -> torch.Tensor:
        weights = self._weights
        hidden = functional.conv2d(frames, weights["conv1"], weights["bias1"], stride=2, padding=1).relu()
        hidden = functional.conv2d(hidden, weights["conv2"], weights["bias2"], stride=2, padding=1).relu()
        logits = functional.linear(hidden.mean(dim=(2, 3)), weights["linear"], weights["bias3"])
        return logits.softmax(dim=1)
