"""Stands in front of a torch that may be installed, so that its absence can be tested anywhere."""

raise ImportError("No module named 'torch'")
