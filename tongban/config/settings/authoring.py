"""Trying the addresses officials write into items."""

import os

LINK_CHECK_TIMEOUT_S = float(os.environ.get("TONGBAN_LINK_CHECK_TIMEOUT_S", "8"))
# Whether addresses inside our own network are tried, too; otherwise a draft could make the server look around at home.
LINK_CHECK_INSIDE = os.environ.get("TONGBAN_LINK_CHECK_INSIDE", "") == "1"

# Counts what an act on items would touch: drafts not handed in yet, cases under way.
ITEM_AFFECTED = "tongban.services.cases.queries.affected_by_items"
