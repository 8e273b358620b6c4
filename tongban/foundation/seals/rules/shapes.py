"""The ASN.1 shapes of an electronic seal and of a signature with it: GB/T 38540-2020 (v4), GM/T 0031-2025 (v5), GM/T 0031-2014 (v1–v3)."""

from __future__ import annotations

from asn1crypto import core

SM3 = "1.2.156.10197.1.401"
SM2_WITH_SM3 = "1.2.156.10197.1.501"
CERTIFICATES, DIGESTS = 1, 2  # certListType


class Header(core.Sequence):
    _fields = [("id", core.IA5String), ("version", core.Integer), ("vendor", core.IA5String)]


class Certificates(core.SequenceOf):
    _child_spec = core.OctetString


class CertificateDigest(core.Sequence):
    _fields = [("type", core.PrintableString), ("value", core.OctetString)]


class CertificateDigests(core.SequenceOf):
    _child_spec = CertificateDigest


class Property(core.Sequence):
    """What the seal is. The list holds certificates or their digests, as the number before it says."""

    _fields = [
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("list_type", core.Integer),
        ("certificates", core.Any),
        ("made_at", core.GeneralizedTime),
        ("valid_from", core.GeneralizedTime),
        ("valid_until", core.GeneralizedTime),
    ]
    _spec_callbacks = {
        "certificates": lambda whole: CertificateDigests if whole["list_type"].native == DIGESTS else Certificates
    }


class OldProperty(core.Sequence):
    _fields = [
        ("type", core.Integer),
        ("name", core.UTF8String),
        ("certificates", Certificates),
        ("made_at", core.UTCTime),
        ("valid_from", core.UTCTime),
        ("valid_until", core.UTCTime),
    ]


class Picture(core.Sequence):
    """Width and height in whole millimetres."""

    _fields = [
        ("type", core.IA5String),
        ("data", core.OctetString),
        ("width", core.Integer),
        ("height", core.Integer),
    ]


class Extension(core.Sequence):
    _fields = [
        ("id", core.ObjectIdentifier),
        ("critical", core.Boolean, {"default": False}),
        ("value", core.OctetString),
    ]


class Extensions(core.SequenceOf):
    _child_spec = Extension


_EXTENSIONS = ("extensions", Extensions, {"explicit": 0, "optional": True})


class SealContent(core.Sequence):
    _fields = [
        ("header", Header),
        ("number", core.IA5String),
        ("property", Property),
        ("picture", Picture),
        _EXTENSIONS,
    ]


class OldSealContent(core.Sequence):
    _fields = [
        ("header", Header),
        ("number", core.IA5String),
        ("property", OldProperty),
        ("picture", Picture),
        _EXTENSIONS,
    ]


class Seal(core.Sequence):
    """SESeal of v4 and v5; the time stamp is v5's."""

    _fields = [
        ("content", SealContent),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.OctetBitString),
        ("time_stamp", core.OctetBitString, {"explicit": 0, "optional": True}),
    ]


class OldSigning(core.Sequence):
    _fields = [
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.OctetBitString),
    ]


class OldSeal(core.Sequence):
    _fields = [("content", OldSealContent), ("signing", OldSigning)]


class OldSigned(core.Sequence):
    """What the maker of an old seal signed: the content, his certificate and the algorithm."""

    _fields = [
        ("content", OldSealContent),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
    ]


class ToSign(core.Sequence):
    """TBS_Sign of v4 and v5."""

    _fields = [
        ("version", core.Integer),
        ("seal", Seal),
        ("at", core.GeneralizedTime),
        ("digest", core.OctetBitString),
        ("property_info", core.IA5String),
        _EXTENSIONS,
    ]


class Signature(core.Sequence):
    """SES_Signature of v4 and v5."""

    _fields = [
        ("to_sign", ToSign),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
        ("signature", core.OctetBitString),
        ("time_stamp", core.OctetBitString, {"explicit": 0, "optional": True}),
    ]


class OldToSign(core.Sequence):
    """TBS_Sign of v1–v3: the moment stands in a bit string, as text or as a time stamp."""

    _fields = [
        ("version", core.Integer),
        ("seal", OldSeal),
        ("at", core.OctetBitString),
        ("digest", core.OctetBitString),
        ("property_info", core.IA5String),
        ("certificate", core.OctetString),
        ("algorithm", core.ObjectIdentifier),
    ]


class OldSignature(core.Sequence):
    _fields = [("to_sign", OldToSign), ("signature", core.OctetBitString)]
