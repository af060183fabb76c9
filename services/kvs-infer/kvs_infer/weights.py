"""The model's weights: drawn from a fixed seed, so that nothing has to be downloaded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

SEED = 20_261_120
INPUT_SIZE = 64
LABELS = ("background", "person", "bicycle", "car", "bus", "truck", "dog", "parcel", "door", "smoke")

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Weights:
    """Two 3×3 convolutions (stride 2, padding 1), a global mean, one linear layer."""

    conv1: Array
    bias1: Array
    conv2: Array
    bias2: Array
    linear: Array
    bias3: Array

    def sha256(self) -> str:
        """Names these weights: the same on every backend that loads them."""
        digest = hashlib.sha256()
        for field in fields(self):
            digest.update(np.ascontiguousarray(getattr(self, field.name), dtype="<f4").tobytes())
        return digest.hexdigest()


def make_weights(seed: int = SEED) -> Weights:
    """He-scaled normal weights from the seed."""
    random = np.random.Generator(np.random.PCG64(seed))

    def normal(*shape: int) -> Array:
        fan_in = int(np.prod(shape[1:]))
        return (random.standard_normal(shape) * np.sqrt(2.0 / fan_in)).astype(np.float32)

    def zeros(size: int) -> Array:
        return np.zeros(size, dtype=np.float32)

    return Weights(
        conv1=normal(8, 3, 3, 3),
        bias1=zeros(8),
        conv2=normal(16, 8, 3, 3),
        bias2=zeros(16),
        linear=normal(len(LABELS), 16),
        bias3=zeros(len(LABELS)),
    )
