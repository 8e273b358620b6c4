"""Pictures: how many pixels they would unpack to, and whether they are whole."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image, UnidentifiedImageError

MOST_PIXELS = 60_000_000  # a 50-megapixel photograph; in memory four bytes each
MOST_SIDE = 20_000
LOADED_UP_TO = 25_000_000


def picture_faults(data: bytes) -> Iterator[str]:
    """Codes of what is wrong: `bomb` (too many pixels), `broken`."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
                yield "bomb"
                return
            if width * height <= LOADED_UP_TO:
                picture.draft("RGB", (256, 256))
                picture.load()
            else:
                picture.verify()
    except Image.DecompressionBombError:
        yield "bomb"
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError):
        yield "broken"


def thumbnail(data: bytes, side: int = 320) -> bytes:
    """A small WebP picture of a picture that passed `picture_faults`, turned the way it was taken, without its metadata."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("RGB", (side * 2, side * 2))
        turned = _turned(picture)
        turned.thumbnail((side, side))
        out = io.BytesIO()
        turned.convert("RGB").save(out, "WEBP", quality=75)
        return out.getvalue()


def _turned(picture: Image.Image) -> Image.Image:
    quarter = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270, 8: Image.Transpose.ROTATE_90}
    how = quarter.get(picture.getexif().get(0x0112, 1))
    return picture.transpose(how) if how else picture
