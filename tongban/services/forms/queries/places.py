"""Places people choose from: the five levels of an address, each list depending on the one before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.foundation.organisations import queries as organisations

DIGITS = (2, 4, 6, 9, 12)


def lineage(code: str) -> list[str]:
    """The codes from province down to `code`: `511602001001` → `510000000000`, `511600000000`, …"""
    full = code.ljust(12, "0")
    codes = [full[:digits].ljust(12, "0") for digits in DIGITS]
    return list(dict.fromkeys(above for above in codes if above.strip("0")))


class Places:
    """The divisions one page needs. Names are read in one query, each list of options once, however many rows show it."""

    def __init__(self, codes: Iterable[str] = ()) -> None:
        self.city = settings.CITY_DIVISION
        self._named = {above for code in codes for above in lineage(code)}
        self._names: dict[str, str] | None = None
        self._lists: dict[str, list[Any]] = {}

    def words(self, value: dict[str, Any]) -> str:
        """An address as it is written on a letter."""
        if self._names is None:
            self._names = organisations.division_names(self._named)
        names = [self._names.get(code, "") for code in lineage(str(value.get("division") or ""))]
        # A municipality's second level is called 市辖区, a province's counties without a city 直辖: nobody writes them.
        place = "".join(name for name in names if name not in ("市辖区", "县"))
        return f"{place}{value.get('detail') or ''}"

    def levels(self, code: str) -> list[dict[str, Any]]:
        """The dependent lists down to the first level not chosen yet; our own city is offered when nothing is."""
        chosen = lineage(code or self.city)
        labels = (_("省级"), _("市级"), _("区县"), _("乡镇、街道"), _("村、社区"))
        made: list[dict[str, Any]] = []
        above = ""
        for number, label in enumerate(labels, 1):
            options = self._below(above)
            if not options:
                break
            here = next((c for c in chosen if c in {option.code for option in options}), "")
            made.append({"number": number, "label": label, "options": options, "chosen": here})
            if not here:
                break
            above = here
        return made

    def _below(self, code: str) -> list[Any]:
        if code not in self._lists:
            self._lists[code] = organisations.children_of(code)
        return self._lists[code]
