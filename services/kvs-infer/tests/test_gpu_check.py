"""The program of the GPU check, without a GPU."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import check
import pytest
from faults import NoDriver

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "gpu-check" / "check.py"


class FakeDevice:
    """A GPU whose products and frames take a known time."""

    gpu = "Tesla T4"
    capability = "7.5"
    cuda = "12.1"
    pytorch = "2.4.0+cu121"

    def __init__(self, wrong_at: int | None = None) -> None:
        self.wrong_at = wrong_at
        self.products = 0
        self.frames = 0

    def multiply(self, size: int) -> tuple[float, bool]:
        self.products += 1
        # The first product loads the kernels.
        return (1000.0 if self.products == 1 else 30.0), self.products != self.wrong_at

    def infer(self) -> float:
        self.frames += 1
        # Slow while it warms up, then one to 200 milliseconds.
        return 10_000.0 if self.frames <= check.WARM_UP else float(self.frames - check.WARM_UP)


def smi(
    code: int = 0, stdout: str = "580.159.03\n", stderr: str = ""
) -> Callable[..., subprocess.CompletedProcess[str]]:
    return lambda command, **_: subprocess.CompletedProcess(command, code, stdout, stderr)


def test_says_what_it_measured() -> None:
    said, code = check.check(lambda: "580.159.03", FakeDevice)
    assert code == 0
    assert said == {
        "driver": "580.159.03",
        "gpu": "Tesla T4",
        "cuda": "12.1",
        "pytorch": "2.4.0+cu121",
        "capability": "7.5",
        "matmul": {"size": 4096, "milliseconds": 30.0, "teraflops": 4.581},
        "frames": {"count": 200, "perSecond": 10.0, "p50Milliseconds": 100.0, "p95Milliseconds": 190.0},
    }


@pytest.mark.parametrize("product", [1, 2, check.PRODUCTS + 1])
def test_one_wrong_product_of_all_is_a_wrong_result(product: int) -> None:
    said, code = check.check(lambda: "580.159.03", lambda: FakeDevice(wrong_at=product))
    assert (said["error"], code) == ("wrongResult", 4)
    assert "4096" in str(said["message"])


def test_a_fault_of_cuda_is_told_as_it_was_said() -> None:
    def broken() -> FakeDevice:
        raise RuntimeError("CUDA error: no kernel image is available for execution on the device")

    said, code = check.check(lambda: "580.159.03", broken)
    assert (said["error"], code) == ("cudaFault", 1)
    assert "no kernel image" in str(said["message"])


def test_takes_the_driver_of_the_first_gpu() -> None:
    assert check.read_driver(smi(stdout="580.159.03\n580.159.03\n")) == "580.159.03"


@pytest.mark.parametrize(
    "run",
    [
        smi(code=9, stdout="NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver"),
        smi(stdout=""),
        smi(code=1, stdout="", stderr="no devices"),
    ],
)
def test_an_answer_without_driver_is_no_driver(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    with pytest.raises(NoDriver, match="nvidia-smi exited with"):
        check.read_driver(run)


def test_a_hanging_nvidia_smi_is_no_driver() -> None:
    def hang(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        raise subprocess.TimeoutExpired(command, 60)

    with pytest.raises(NoDriver, match="timed out"):
        check.read_driver(hang)


def run_program(path: str) -> subprocess.CompletedProcess[str]:
    """Run the program with a torch that finds no GPU."""
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "tests" / "fake_torch")}
    return subprocess.run([sys.executable, PROGRAM], env=env, capture_output=True, text=True, check=False)


def test_the_process_exits_with_3_where_there_is_no_nvidia_smi(tmp_path: Path) -> None:
    outcome = run_program(str(tmp_path))
    assert outcome.returncode == 3
    (line,) = outcome.stdout.splitlines()
    assert line.startswith("GPU_CHECK ")
    assert json.loads(line.removeprefix("GPU_CHECK "))["error"] == "noDriver"


def test_the_process_exits_with_3_where_torch_sees_no_gpu(tmp_path: Path) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 580.159.03\n")
    program.chmod(0o755)
    outcome = run_program(f"{tmp_path}:{os.defpath}")
    assert outcome.returncode == 3
    said = json.loads(outcome.stdout.removeprefix("GPU_CHECK "))
    assert said == {"error": "noDriver", "message": "torch.cuda.is_available() is False"}


def test_a_call_that_hangs_ends_the_process_with_5() -> None:
    hang = "import check, time; check.watch(0.1); time.sleep(60)"
    env = {**os.environ, "PYTHONPATH": str(PROGRAM.parent)}
    outcome = subprocess.run(
        [sys.executable, "-c", hang], env=env, capture_output=True, text=True, check=False, timeout=30
    )
    assert outcome.returncode == check.TIMED_OUT == 5
    said = json.loads(outcome.stdout.removeprefix("GPU_CHECK "))
    assert said == {"error": "timedOut", "message": "the check had not ended after 0.1 s"}


def test_the_installer_is_the_same_as_that_of_the_service() -> None:
    locks = [ROOT / folder / "requirements-build.txt" for folder in (".", "gpu-check")]
    assert locks[0].read_text() == locks[1].read_text()
