"""Settings from the environment. All faults are reported at once, before the port is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

BackendName = Literal["torch", "numpy"]

# The container platform kills the process 30 s after SIGTERM by default; the service promises 10 s.
LONGEST_DRAIN_SECONDS = 9


class SettingsError(ValueError):
    """One or more environment variables are unusable."""


@dataclass(frozen=True)
class Settings:
    """What can be configured. README.md describes each variable."""

    port: int = 8080
    backend: BackendName = "torch"
    require_gpu: bool = False
    max_body_bytes: int = 8 * 1024 * 1024
    max_frames: int = 16
    max_pixels: int = 16_000_000
    max_concurrency: int = 2
    body_seconds: int = 15
    drain_seconds: int = 8

    @staticmethod
    def from_env(env: Mapping[str, str]) -> Settings:
        """Read the settings; raises SettingsError that lists every unusable variable."""
        faults: list[str] = []

        def whole(name: str, default: int, low: int, high: int) -> int:
            text = env.get(name, str(default))
            # str.isdigit also accepts digits such as "²", which int() does not.
            value = int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None
            if value is None or not low <= value <= high:
                faults.append(f"{name}: got {text!r}; allowed: a whole number from {low} to {high}")
                return default
            return value

        def one_of(name: str, default: str, allowed: tuple[str, ...]) -> str:
            text = env.get(name, default)
            if text not in allowed:
                faults.append(f"{name}: got {text!r}; allowed: {', '.join(allowed)}")
                return default
            return text

        settings = Settings(
            port=whole("PORT", Settings.port, 0, 65535),
            backend="numpy"
            if one_of("BACKEND", Settings.backend, ("torch", "numpy")) == "numpy"
            else "torch",
            require_gpu=one_of("REQUIRE_GPU", "0", ("0", "1")) == "1",
            max_body_bytes=whole("MAX_BODY_BYTES", Settings.max_body_bytes, 1024, 256 * 1024 * 1024),
            max_frames=whole("MAX_FRAMES", Settings.max_frames, 1, 256),
            max_pixels=whole("MAX_PIXELS", Settings.max_pixels, 1, 100_000_000),
            max_concurrency=whole("MAX_CONCURRENCY", Settings.max_concurrency, 1, 64),
            body_seconds=whole("BODY_SECONDS", Settings.body_seconds, 1, 60),
            drain_seconds=whole("DRAIN_SECONDS", Settings.drain_seconds, 0, LONGEST_DRAIN_SECONDS),
        )
        if faults:
            raise SettingsError("; ".join(faults))
        return settings
