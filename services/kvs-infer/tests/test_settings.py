from __future__ import annotations

import pytest

from kvs_infer.settings import Settings, SettingsError


def test_defaults() -> None:
    assert Settings.from_env({}) == Settings()


def test_values_are_read() -> None:
    settings = Settings.from_env(
        {"PORT": "9000", "BACKEND": "numpy", "REQUIRE_GPU": "1", "DRAIN_SECONDS": "9"}
    )
    assert settings == Settings(port=9000, backend="numpy", require_gpu=True, drain_seconds=9)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(
            {"PORT": "http", "BACKEND": "tensorflow", "DRAIN_SECONDS": "10", "REQUIRE_GPU": "yes"}
        )
    message = str(caught.value)
    assert all(name in message for name in ("PORT", "BACKEND", "DRAIN_SECONDS", "REQUIRE_GPU"))


@pytest.mark.parametrize("text", ["", "-1", "1.5", " 80", "²", "65536", "9" * 5000])
def test_unusable_ports(text: str) -> None:
    with pytest.raises(SettingsError, match="PORT"):
        Settings.from_env({"PORT": text})
