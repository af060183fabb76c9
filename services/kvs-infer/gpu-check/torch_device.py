"""The GPU of this host in PyTorch."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from faults import NoDriver
from torch.nn import functional

# A frame of video, scaled down as services for pictures do it.
FRAME = (1, 3, 224, 224)


class TorchDevice:
    """The first CUDA device."""

    def __init__(self) -> None:
        if not torch.cuda.is_available():
            raise NoDriver("torch.cuda.is_available() is False")
        self._device = torch.device("cuda:0")
        self.gpu: str = torch.cuda.get_device_name(self._device)
        major, minor = torch.cuda.get_device_capability(self._device)
        self.capability = f"{major}.{minor}"
        self.cuda: str = torch.version.cuda or ""
        self.pytorch: str = str(torch.__version__)
        # Full precision everywhere, so that figures of different GPUs mean the same.
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        torch.manual_seed(0)
        self._frame = torch.rand(FRAME, device=self._device)
        self._network = [
            torch.rand(shape, device=self._device) - 0.5
            for shape in ((32, 3, 3, 3), (64, 32, 3, 3), (128, 64, 3, 3))
        ]
        self._labels = torch.rand((10, 128), device=self._device)

    def multiply(self, size: int) -> tuple[float, bool]:
        """See `Device.multiply`. Entries are small and whole: the product is exact in single precision."""
        a, b = (torch.randint(-1, 2, (size, size)).float() for _ in range(2))
        left, right = a.to(self._device), b.to(self._device)
        milliseconds, product = self._timed(lambda: left @ right)
        # Freivalds' check, exact in double precision: a wrong product passes once in a million times.
        vector = torch.randint(0, 2**20, (size, 1)).double()
        return milliseconds, torch.equal(product.cpu().double() @ vector, a.double() @ (b.double() @ vector))

    def infer(self) -> float:
        """See `Device.infer`."""
        with torch.inference_mode():
            return self._timed(self._forward)[0]

    def _forward(self) -> torch.Tensor:
        hidden = self._frame
        for weights in self._network:
            hidden = functional.conv2d(hidden, weights, stride=2, padding=1).relu()
        return functional.linear(hidden.mean(dim=(2, 3)), self._labels).softmax(dim=1)

    def _timed(self, work: Callable[[], torch.Tensor]) -> tuple[float, torch.Tensor]:
        """Milliseconds until the GPU is done, not until it was told."""
        torch.cuda.synchronize(self._device)
        start = time.perf_counter()
        result = work()
        torch.cuda.synchronize(self._device)
        return (time.perf_counter() - start) * 1000, result
