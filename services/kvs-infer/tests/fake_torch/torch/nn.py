"""See `torch`."""

functional = None
