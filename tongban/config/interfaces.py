"""Which operations of our own API give out data that came from registers: the one visible list, for the lineage.

`form`: what stands in an item's form fields; `licence`: the fields that went onto a licence. Which fields those are, and from which
elements of which register they are filled, an item says when it is published. Operations that tell only descriptions, states and
receipts give out nothing that a source's column would change.
"""

INTERFACES: dict[str, tuple[str, ...]] = {
    "form": (
        "POST /api/v1/drafts",
        "GET /api/v1/drafts/{draft_id}",
        "PATCH /api/v1/drafts/{draft_id}",
        "PUT /api/v1/drafts/{draft_id}/materials/{key}",
        "POST /api/v1/drafts/{draft_id}/renewal",
    ),
    "licence": (
        "GET /api/v1/licences/{identifier}",
        "GET /api/v1/licences/{identifier}/files/{form}",
        "POST /api/v1/licences/look",
        "POST /api/v1/verifications",
        "POST /api/v1/verifications/files",
    ),
}
