"""Stands in for a torch that finds no GPU."""

from types import SimpleNamespace

Tensor = object
cuda = SimpleNamespace(is_available=lambda: False)
