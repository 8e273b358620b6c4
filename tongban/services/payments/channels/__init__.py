"""The registry of payment channels: one file each, switched on by `PAYMENT_CHANNELS`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from .pretend_bank import PretendBank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tongban.services.payments.gateways import Channel

KNOWN: Mapping[str, type[Channel]] = {PretendBank.name: PretendBank}


def channels() -> dict[str, Channel]:
    """Those that are switched on, in the order of the setting."""
    return {name: KNOWN[name]() for name in settings.PAYMENT_CHANNELS}
