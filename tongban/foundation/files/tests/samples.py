"""Files of every kind, good and bad, made here and now: nothing dangerous lies in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image
from pypdf import PdfWriter


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def pdf(pages: int = 2, password: str = "", owner_password: str = "") -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    if password or owner_password:
        writer.encrypt(password, owner_password or None, algorithm="AES-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>", **more})


def xlsx() -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


def ofd() -> bytes:
    return archive({"OFD.xml": b"<ofd:OFD/>", "Doc_0/Document.xml": b"<ofd:Document/>"})


def docx_bomb() -> bytes:
    return docx(**{"word/media/zeros.bin": bytes(230 * 1024 * 1024)})


def overlapping_bomb() -> bytes:
    """A zip whose list names one member's bytes many times over (after Fifield)."""
    data = docx(**{"word/a.bin": bytes(range(256)) * 4000})
    start = data.rindex(b"PK\x05\x06")
    size, offset = struct.unpack("<II", data[start + 12 : start + 20])
    listing = data[offset : offset + size] * 40
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 120, 120, len(listing), offset, 0)
    return data[:offset] + listing + end


def encrypted_zip() -> bytes:
    data = bytearray(archive({"a.txt": b"secret"}))
    data[6] |= 1  # the flag in the member's own header, and in the list
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def encrypted_docx() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(480)


def old_doc() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(480)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(side: int = 50_000) -> bytes:
    """A small PNG that says it is fifty thousand pixels wide and high."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(1000)))
        + _chunk(b"IEND", b"")
    )


def pdf_bomb() -> bytes:
    """One stream of zeros, a thousand times larger unpacked."""
    packed = zlib.compress(bytes(210 * 1024 * 1024), 9)
    return b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n" + packed + b"\nendstream endobj\n%%EOF"


def pdf_packed_twice() -> bytes:
    packed = zlib.compress(zlib.compress(bytes(1000)))
    return b"%PDF-1.7\n1 0 obj<</Filter [/FlateDecode /FlateDecode]>>stream\n" + packed + b"\nendstream endobj\n%%EOF"


def crowded_zip() -> bytes:
    """A list of two hundred thousand entries that all name nothing."""
    entry = b"PK\x01\x02" + bytes(42)
    listing = entry * 200_000
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 65535, 65535, len(listing), 30, 0)
    return b"PK\x03\x04" + bytes(26) + listing + end


def pdf_of_beginnings() -> bytes:
    """A million places where a stream could begin, and no end."""
    return b"%PDF-1.7\n" + b"stream\nx" * 1_000_000


def pdf_bomb_behind_a_false_beginning() -> bytes:
    return pdf_bomb().replace(b"1 0 obj", b"% stream\nxx\n1 0 obj", 1)
