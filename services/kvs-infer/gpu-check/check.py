"""Whether PyTorch computes on the GPU of this host, and how fast.

It prints one line that begins with `GPU_CHECK`: what it measured, or what is wrong, as JSON. It exits with 0
when all is well, 3 when there is no driver, 4 when the GPU computes wrongly, 5 when it had not ended in
time, and 1 when CUDA fails otherwise.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from faults import NoDriver, WrongResult

MATRIX_SIZE = 4096
PRODUCTS = 10
FRAMES = 200
# The first ones load kernels and choose algorithms.
WARM_UP = 10

NO_DRIVER = 3
WRONG_RESULT = 4
TIMED_OUT = 5

# A call of CUDA that hangs would keep the instance for as long as nobody stops the task.
DEADLINE_SECONDS = 20 * 60.0


class Device(Protocol):
    """A GPU, as PyTorch sees it."""

    gpu: str
    capability: str
    cuda: str
    pytorch: str

    def multiply(self, size: int) -> tuple[float, bool]:
        """Multiply two square matrices: milliseconds, and whether the product is right."""

    def infer(self) -> float:
        """Take one frame through a small network: milliseconds."""


def read_driver(run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run) -> str:
    """Ask nvidia-smi for the driver of the host.

    https://docs.nvidia.com/deploy/nvidia-smi/index.html
    """
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        answer = run(command, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoDriver(f"nvidia-smi: {error}") from error
    said = answer.stdout.strip()
    if answer.returncode != 0 or not said:
        raise NoDriver(f"nvidia-smi exited with {answer.returncode}: {said or answer.stderr.strip()}")
    # One line for each GPU; they share the driver.
    return said.splitlines()[0].strip()


def measure(driver: str, device: Device) -> dict[str, object]:
    """Measure the products of matrices and the frames."""
    products = [device.multiply(MATRIX_SIZE) for _ in range(PRODUCTS + 1)]
    if not all(right for _, right in products):
        raise WrongResult(f"a product of two matrices of {MATRIX_SIZE} rows differs from the CPU's")
    for _ in range(WARM_UP):
        device.infer()
    frames = [device.infer() for _ in range(FRAMES)]
    milliseconds = _mean([taken for taken, _ in products[1:]])
    return {
        "driver": driver,
        "gpu": device.gpu,
        "cuda": device.cuda,
        "pytorch": device.pytorch,
        "capability": device.capability,
        "matmul": {
            "size": MATRIX_SIZE,
            "milliseconds": round(milliseconds, 3),
            "teraflops": round(2 * MATRIX_SIZE**3 / milliseconds / 1e9, 3),
        },
        "frames": {
            "count": FRAMES,
            "perSecond": round(1000 / _mean(frames), 1),
            "p50Milliseconds": round(_percentile(frames, 50), 3),
            "p95Milliseconds": round(_percentile(frames, 95), 3),
        },
    }


def check(read: Callable[[], str], open_device: Callable[[], Device]) -> tuple[dict[str, object], int]:
    """Return what there is to say, and the exit code."""
    try:
        driver = read()
        return measure(driver, open_device()), 0
    except NoDriver as error:
        return {"error": "noDriver", "message": str(error)}, NO_DRIVER
    except WrongResult as error:
        return {"error": "wrongResult", "message": str(error)}, WRONG_RESULT
    # PyTorch raises it, and what it is made of, for whatever CUDA reports.
    except RuntimeError as error:
        return {"error": "cudaFault", "message": str(error)}, 1


def watch(seconds: float = DEADLINE_SECONDS) -> threading.Timer:
    """End the process when it has not ended in time, also in the middle of a call that hangs."""

    def give_up() -> None:
        say({"error": "timedOut", "message": f"the check had not ended after {seconds:g} s"})
        # sys.exit() ends this thread only, and a driver that hangs would hold up what runs at exit.
        os._exit(TIMED_OUT)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()
    return timer


def say(document: dict[str, object]) -> None:
    """Print the one line by which the check is read."""
    print("GPU_CHECK", json.dumps(document), flush=True)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _percentile(values: Sequence[float], percent: int) -> float:
    """Return the smallest value that so many per cent of all are not above (nearest rank)."""
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def _open_torch() -> Device:
    # PyTorch takes seconds to load, and is there in the image only.
    from torch_device import TorchDevice

    return TorchDevice()


def main() -> int:
    """Check, and say what was found."""
    timer = watch()
    said, code = check(read_driver, _open_torch)
    timer.cancel()
    say(said)
    return code


if __name__ == "__main__":
    sys.exit(main())
