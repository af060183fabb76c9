from __future__ import annotations

from pathlib import Path

import pytest

from bikeshare.settings import Settings, SettingsError


def test_defaults() -> None:
    assert Settings.from_env({}) == Settings()


def test_values_are_read() -> None:
    settings = Settings.from_env({"PORT": "9000", "MODEL_DIR": "/models/a", "DRAIN_SECONDS": "25"})
    assert settings == Settings(port=9000, model_dir=Path("/models/a"), drain_seconds=25)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"PORT": "http", "MODEL_DIR": "model", "DRAIN_SECONDS": "26", "MAX_ROWS": "0"})
    assert all(name in str(caught.value) for name in ("PORT", "MODEL_DIR", "DRAIN_SECONDS", "MAX_ROWS"))


@pytest.mark.parametrize("text", ["", "-1", "1.5", " 80", "²", "65536", "9" * 5000])
def test_unusable_ports(text: str) -> None:
    with pytest.raises(SettingsError, match="PORT"):
        Settings.from_env({"PORT": text})
