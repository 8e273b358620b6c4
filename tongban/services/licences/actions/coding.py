"""The code on a licence's face, which anybody can check without us."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tongban.foundation.credentials.actions import credential_for
from tongban.services.licences.rules.masking import mask_holder, mask_number
from tongban.services.licences.rules.standing import word_of

if TYPE_CHECKING:
    from tongban.services.licences.models import Licence


def credential_of(licence: Licence) -> str:
    """The address to print as a QR code: a signed credential. Made once a version; asks nobody, the caller has."""
    return credential_for(
        licence.identifier,
        kind=licence.type_name,
        number=mask_number(str(licence.number)),
        holder=mask_holder(licence.holder_kind, str(licence.holder_name)),
        issuer=licence.issuer_name,
        valid_from=licence.valid_from or licence.issued_on,
        valid_until=licence.valid_until,
        state=word_of(licence.state),
    )
