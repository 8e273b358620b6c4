"""A list behind a department's HTTP interface, page after page. Its rows' values come as texts, nested ones as JSON."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceUnreadable
from tongban.data.lake.queries import PARQUET
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.quoting import literal, quoted

from .books import REJECT
from .calls import answer_of, away
from .faults import told
from .reading import Page, Reader, Table

FIRST = {"page": "1", "offset": "0"}
TOLD = {
    "list": (_("在返回的内容里没有找到这个列表，请核对列表的位置。"), "list"),
    "loop": (_("接口总是返回同一页，没有往下走，请核对翻页的设置。"), "paging"),
    "elsewhere": (_("下一页的地址在别的主机上，平台不跟过去。"), "paging"),
}


class API(Reader):
    """One list. Where a part ended, the next begins: a page's number, how many rows are behind, a mark, or the next page's address."""

    def open(self) -> None:
        self.headers = self._proof()
        self.made = TemporaryDirectory()
        self.first: dict[str, Any] = {}

    def close(self) -> None:
        super().close()
        self.made.cleanup()

    def tables(self) -> list[Table]:
        self._page_at("")
        return [Table(self._name)]

    @property
    def _name(self) -> str:
        return urlsplit(self.place["url"]).path.rstrip("/").rpartition("/")[2] or "list"

    def columns(self, table: str) -> dict[str, str]:
        """Of the rows on its first page."""
        if table != self._name:
            return {}
        rows, _next = self._page_at("")
        return dict.fromkeys((name for row in rows if isinstance(row, dict) for name in row), "VARCHAR")

    def write(self, table: str, page: Page, path: Path, first: int) -> list[str]:
        """Pages until there are `limit` rows; where the next one begins."""
        place, count = page.after[0] if page.after else "", 0
        names = list(dict.fromkeys(page.columns))
        lines = Path(self.made.name) / "rows.ndjson"
        with lines.open("w", encoding="utf-8") as opened:
            while True:
                rows, following = self._page_at(place)
                for row in rows:
                    count += 1
                    opened.write(json.dumps({"_row": first + count - 1, **_texts(row, names)}, ensure_ascii=False))
                    opened.write("\n")
                if following and following == place:
                    raise _unreadable("loop")
                place = following
                if not place or (page.limit and count >= page.limit):
                    break
        kinds = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in [*names, REJECT])
        said = f"format = 'newline_delimited', maximum_object_size = 67108864, columns = {{'_row': 'BIGINT', {kinds}}}"
        taken = ", ".join(quoted(name) for name in ["_row", *names, REJECT])
        with told():
            self.duck.execute(
                f"copy (select {taken} from read_json({literal(str(lines))}, {said})) "
                f"to {literal(str(path))} ({PARQUET})"
            )
        return [place] if place else []

    def _page_at(self, place: str) -> tuple[list[Any], str]:
        """The rows of a page, and where the next one begins: empty when there is none."""
        if not place and self.first:
            return self.first["rows"], self.first["next"]
        answer = answer_of(self._address(place), self.headers)
        rows = _at(answer, self.place.get("list", ""))
        if not isinstance(rows, list):
            raise _unreadable("list")
        following = self._following(answer, rows, place) if rows else ""
        if not place:
            self.first = {"rows": rows, "next": following}
        return rows, following

    def _address(self, place: str) -> str:
        way, url = self.place.get("paging", ""), self.place["url"]
        if way == "next" and place:
            return place
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True))
        if self.place.get("size_name"):
            asked[self.place["size_name"]] = self.place.get("size", "")
        if way in ("page", "offset", "cursor") and (place or way in FIRST):
            asked[self.place["page_name"]] = place or FIRST[way]
        return parts._replace(query=urlencode(asked)).geturl()

    def _following(self, answer: Any, rows: Sequence[Any], place: str) -> str:
        way = self.place.get("paging", "")
        if way in FIRST:
            short = self.place.get("size_name") and len(rows) < int(self.place.get("size") or 0)
            return "" if short else str(int(place or FIRST[way]) + (1 if way == "page" else len(rows)))
        if not way:
            return ""
        found = _at(answer, self.place.get("next", ""))
        if found in (None, "", False, True) or isinstance(found, dict | list):
            return ""
        return str(found) if way == "cursor" else self._link(str(found))

    def _link(self, found: str) -> str:
        """An address of the next page; only where the first one is, for it is asked with the same secrets."""
        here, there = urlsplit(self.place["url"]), urlsplit(urljoin(self.place["url"], found))
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise _unreadable("elsewhere")
        return there.geturl()

    def _proof(self) -> Mapping[str, str]:
        """The header that shows who asks."""
        way, user, word = self.place.get("auth", ""), self.secret.get("user", ""), self.secret.get("password", "")
        if way == "key":
            return {self.place.get("header") or "X-API-Key": word}
        if way == "basic":
            return {"Authorization": "Basic " + b64encode(f"{user}:{word}".encode()).decode()}
        if way == "oauth":
            form = {"grant_type": "client_credentials", "client_id": user, "client_secret": word}
            found = answer_of(self.place["token_url"], {}, form=urlencode(form).encode())
            word = found.get("access_token", "") if isinstance(found, dict) else ""
            if not isinstance(word, str) or not word or not word.isprintable():
                raise away("password")
        return {"Authorization": f"Bearer {word}"} if way in ("bearer", "oauth") else {}


def _at(answer: Any, place: str) -> Any:
    """What lies at `data.rows`; all of it when no place is said."""
    for name in place.split(".") if place else ():
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def _texts(row: Any, names: Iterable[str]) -> dict[str, str | None]:
    """A row's values as texts; what is no row is put aside as it stands."""
    if not isinstance(row, dict):
        return {REJECT: json.dumps(row, ensure_ascii=False)[:2000]}
    return {name: _text(row.get(name)) for name in names}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _unreadable(code: str) -> SourceUnreadable:
    return SourceUnreadable(reasons=[Reason(code, TOLD[code][0], TOLD[code][1])])
