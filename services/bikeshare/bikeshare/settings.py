"""Settings from the environment. All faults are reported at once, before the port is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# SageMaker sends SIGKILL 30 s after SIGTERM.
LONGEST_DRAIN_SECONDS = 25


class SettingsError(ValueError):
    """One or more environment variables are unusable."""


@dataclass(frozen=True)
class Settings:
    """What can be configured. README.md describes each variable."""

    port: int = 8080
    model_dir: Path = Path("/opt/ml/model")
    max_body_bytes: int = 6 * 1024 * 1024
    max_rows: int = 10_000
    max_concurrency: int = 4
    body_seconds: int = 15
    drain_seconds: int = 20

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

        def folder(name: str, default: Path) -> Path:
            text = env.get(name, str(default))
            if not Path(text).is_absolute():
                faults.append(f"{name}: got {text!r}; allowed: an absolute path")
            return Path(text)

        settings = Settings(
            port=whole("PORT", Settings.port, 0, 65535),
            model_dir=folder("MODEL_DIR", Settings.model_dir),
            max_body_bytes=whole("MAX_BODY_BYTES", Settings.max_body_bytes, 1024, 256 * 1024 * 1024),
            max_rows=whole("MAX_ROWS", Settings.max_rows, 1, 1_000_000),
            max_concurrency=whole("MAX_CONCURRENCY", Settings.max_concurrency, 1, 32),
            body_seconds=whole("BODY_SECONDS", Settings.body_seconds, 1, 55),
            drain_seconds=whole("DRAIN_SECONDS", Settings.drain_seconds, 0, LONGEST_DRAIN_SECONDS),
        )
        if faults:
            raise SettingsError("; ".join(faults))
        return settings
