from __future__ import annotations

import numpy as np
import pytest

from kvs_infer.numpy_backend import NumpyBackend
from kvs_infer.weights import LABELS, make_weights


def batch(frames: int) -> np.ndarray:
    return np.random.Generator(np.random.PCG64(7)).random((frames, 3, 64, 64), dtype=np.float32)


def test_weights_come_from_the_seed() -> None:
    assert make_weights().sha256() == make_weights().sha256()
    assert make_weights(1).sha256() != make_weights(2).sha256()


def test_probabilities() -> None:
    scores = NumpyBackend(make_weights()).predict(batch(3))
    assert scores.shape == (3, len(LABELS))
    assert np.allclose(scores.sum(axis=1), 1.0, atol=1e-5)


def test_each_frame_is_judged_alone() -> None:
    backend = NumpyBackend(make_weights())
    frames = batch(2)
    assert np.allclose(backend.predict(frames)[1], backend.predict(frames[1:])[0], atol=1e-6)


def test_convolution_against_the_definition() -> None:
    """One output value, computed by hand from the definition of a strided, padded convolution."""
    from kvs_infer.numpy_backend import _conv_relu

    frames, weights = batch(1), make_weights()
    padded = np.pad(frames[0], ((0, 0), (1, 1), (1, 1)))
    want = max(0.0, float((padded[:, 10:13, 20:23] * weights.conv1[4]).sum()))
    assert _conv_relu(frames, weights.conv1, weights.bias1)[0, 4, 5, 10] == pytest.approx(want, abs=1e-5)


def test_torch_gives_the_same() -> None:
    pytest.importorskip("torch", reason="torch is not installed: only the image has it")
    from kvs_infer.torch_backend import TorchBackend

    frames = batch(4)
    want = NumpyBackend(make_weights()).predict(frames)
    assert np.allclose(TorchBackend(make_weights()).predict(frames), want, atol=1e-3)
