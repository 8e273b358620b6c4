"""Which room owns which kind of draft: how it calls a place of the document, and where that place is edited."""

DRAFT_KINDS: dict[str, tuple[str, str]] = {
    "item": ("tongban.services.authoring.queries.describe", "tongban.services.authoring.queries.link"),
}
