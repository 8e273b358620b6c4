"""One who looks at pages as the law asks: on a phone and on a desk, by axe and by the eye."""

from __future__ import annotations

from tongban.foundation.kernel.tests.looking import keep_picture

from .people import Visitor

NARROW, WIDE = 390, 1440
# Two thirds of axe's work, and hardly a matter of width: in full on every page of the phone and on the first page elsewhere.
MEASURED = ("color-contrast", "target-size")


class Looker:
    """Looks at one page after the other on both widths, keeps pictures of them and remembers every fault."""

    def __init__(self, visitor: Visitor, *, care: bool = False) -> None:
        self.visitor, self.care = visitor, care
        self.faults: list[str] = []
        self._measured: set[int] = set()

    def at(self, pages: dict[str, str]) -> None:
        for name, path in pages.items():
            answer = self.visitor.page.goto(path)
            if answer and answer.status not in (200, 403, 404):
                self.faults.append(f"{path}: {answer.status}")
            self.here(name)

    def here(self, name: str) -> None:
        """The page as it stands; in 关怀版 on the phone only, where room is scarcest."""
        for width in (NARROW,) if self.care else (WIDE, NARROW):
            self.visitor.page.set_viewport_size({"width": width, "height": 900})
            in_full = width not in self._measured or (width == NARROW and not self.care)
            self._measured.add(width)
            self.faults += self.visitor.judge(but=() if in_full else MEASURED)
            keep_picture(self.visitor.page, f"{name}-{width}{'-care' if self.care else ''}")
