"""What a GPU check can find wrong."""

from __future__ import annotations


class NoDriver(Exception):
    """The container sees no driver of NVIDIA."""


class WrongResult(Exception):
    """The GPU computed something else than the CPU."""
