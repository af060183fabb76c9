from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from conftest import ImageFactory

from kvs_infer.frames import BadRequest, read_batch
from kvs_infer.settings import Settings

SETTINGS = Settings(max_frames=2, max_pixels=10_000)


def frames(*values: object) -> bytes:
    return json.dumps({"frames": values}).encode()


@pytest.mark.parametrize(
    ("content_type", "image_format"), [("image/png", "PNG"), ("IMAGE/JPEG; x=y", "JPEG")]
)
def test_image(image: ImageFactory, content_type: str, image_format: str) -> None:
    batch = read_batch(content_type, image(image_format=image_format), SETTINGS)
    assert batch.shape == (1, 3, 64, 64)
    assert batch.dtype == np.float32
    assert 0.0 <= batch.min() < batch.max() <= 1.0


def test_json_frames_keep_their_order(image: ImageFactory) -> None:
    small, large = image(20, 20), image(90, 90, "JPEG")
    batch = read_batch(
        "application/json", frames(*(base64.b64encode(x).decode() for x in (small, large))), SETTINGS
    )
    assert np.array_equal(batch[0], read_batch("image/png", small, SETTINGS)[0])
    assert np.array_equal(batch[1], read_batch("image/jpeg", large, SETTINGS)[0])


def test_exactly_the_allowed_number_of_pixels(image: ImageFactory) -> None:
    assert read_batch("image/png", image(100, 100), SETTINGS).shape[0] == 1


@pytest.mark.parametrize(
    ("content_type", "body", "status", "words"),
    [
        ("", b"x", 415, "image/png"),
        ("text/plain", b"x", 415, "text/plain"),
        ("image/png", b"", 422, "not a readable PNG"),
        ("image/png", b"GIF89a", 422, "not a readable PNG"),
        ("application/json", b"{", 400, "not JSON"),
        ("application/json", b"\xff\xfe\xfd", 400, "not JSON"),
        ("application/json", b"[" * 100_000, 400, "not JSON"),
        ("application/json", b"[]", 422, "frames"),
        ("application/json", frames(), 422, "1 to 2"),
        ("application/json", frames("", "", ""), 422, "1 to 2"),
        ("application/json", frames(5), 422, "frames[0] must be"),
        ("application/json", frames("%%"), 422, "frames[0] is not base64"),
        ("application/json", frames("é"), 422, "frames[0] is not base64"),
        ("application/json", frames("QUJD"), 422, "frames[0] is not a readable"),
    ],
)
def test_refused(content_type: str, body: bytes, status: int, words: str) -> None:
    with pytest.raises(BadRequest) as caught:
        read_batch(content_type, body, SETTINGS)
    assert caught.value.status == status
    assert words in str(caught.value)


def test_other_format_than_declared(image: ImageFactory) -> None:
    with pytest.raises(BadRequest) as caught:
        read_batch("image/png", image(image_format="JPEG"), SETTINGS)
    assert caught.value.status == 422


def test_truncated_image(image: ImageFactory) -> None:
    with pytest.raises(BadRequest) as caught:
        read_batch("image/png", image()[:-40], SETTINGS)
    assert caught.value.status == 422


@pytest.mark.parametrize("size", [(101, 100), (20_000, 20_000)])
def test_too_many_pixels(image: ImageFactory, size: tuple[int, int]) -> None:
    body = image(4, 4)
    # Rewrite the header only: such a file is small, but would unpack to a gigabyte.
    body = body[:16] + size[0].to_bytes(4, "big") + size[1].to_bytes(4, "big") + body[24:]
    body = _with_header_checksum(body)
    with pytest.raises(BadRequest) as caught:
        read_batch("image/png", body, SETTINGS)
    assert caught.value.status == 413


def _with_header_checksum(body: bytes) -> bytes:
    import zlib

    return body[:29] + zlib.crc32(body[12:29]).to_bytes(4, "big") + body[33:]
