"""What certificates, lists and stamps say, byte by byte (RFC 5280, 6960, 3161; GB/T 20518 for SM2), without asking anybody."""

from .certificates import Issuer, Terms, certificate, name_of, request_faults
from .steps import Step, stands

__all__ = ["Issuer", "Step", "Terms", "certificate", "name_of", "request_faults", "stands"]
