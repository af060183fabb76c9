"""From a request body to a batch of frames. Everything here may be hostile."""

from __future__ import annotations

import base64
import binascii
import io
import json
import warnings

import numpy as np
from PIL import Image, UnidentifiedImageError

from kvs_infer.settings import Settings
from kvs_infer.weights import INPUT_SIZE, Array

IMAGE_TYPES = {"image/jpeg": "JPEG", "image/png": "PNG"}
JSON_TYPE = "application/json"


class BadRequest(ValueError):
    """The request cannot be served; `status` is its HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def read_batch(content_type: str, body: bytes, settings: Settings) -> Array:
    """Decode one image, or the frames of a JSON document; raises BadRequest."""
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in IMAGE_TYPES:
        return np.stack([_decode(body, (IMAGE_TYPES[media_type],), settings, "the body")])
    if media_type == JSON_TYPE:
        return _read_json(body, settings)
    allowed = ", ".join([*IMAGE_TYPES, JSON_TYPE])
    raise BadRequest(415, f"Content-Type is {content_type!r}; allowed: {allowed}")


def _read_json(body: bytes, settings: Settings) -> Array:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(400, f"the body is not JSON: {error}") from error
    frames = document.get("frames") if isinstance(document, dict) else None
    if not isinstance(frames, list) or not 1 <= len(frames) <= settings.max_frames:
        raise BadRequest(422, f'"frames" must be a list of 1 to {settings.max_frames} base64 strings')
    return np.stack([_decode_frame(frame, index, settings) for index, frame in enumerate(frames)])


def _decode_frame(frame: object, index: int, settings: Settings) -> Array:
    place = f"frames[{index}]"
    if not isinstance(frame, str):
        raise BadRequest(422, f"{place} must be a base64 string")
    try:
        data = base64.b64decode(frame, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadRequest(422, f"{place} is not base64: {error}") from error
    return _decode(data, tuple(IMAGE_TYPES.values()), settings, place)


def _decode(data: bytes, formats: tuple[str, ...], settings: Settings, place: str) -> Array:
    try:
        # Pillow warns about large images where this service has a bound of its own.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=formats) as image:
                # The size stands in the header: refuse before the pixels are unpacked.
                if image.width * image.height > settings.max_pixels:
                    raise BadRequest(
                        413,
                        f"{place} has {image.width}×{image.height} pixels; allowed: {settings.max_pixels}",
                    )
                rgb = image.convert("RGB").resize((INPUT_SIZE, INPUT_SIZE), Image.Resampling.BILINEAR)
    except BadRequest:
        raise
    except Image.DecompressionBombError as error:
        raise BadRequest(413, f"{place} is too large: {error}") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadRequest(422, f"{place} is not a readable {' or '.join(formats)} image") from error
    pixels = np.asarray(rgb, dtype=np.float32) / 255.0
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))
