"""Boundaries brought by an official: all of a file or nothing of it, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.places.errors import BoundaryRefused, TakeoverUnderWay
from tongban.data.places.gateways import Piece, alone, read_file
from tongban.data.places.models import Boundary, DivisionSpan
from tongban.data.places.queries import MANAGE, boundary_in_use, open_takeover
from tongban.data.places.rules import SYSTEMS, Fault, Shape, ancestors_of, checked, code_of_twelve
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Conflict, Reason
from tongban.foundation.kernel.lookup import find

TOLD = 20
FAULTS: Mapping[str, Any] = {
    "too_large": _("文件超过 %(most)s MB，请分成几个文件。"),
    "too_many": _("文件里的图形超过 %(most)s 个，请分成几个文件。"),
    "bomb": _("压缩包里的内容太多：最多 %(files)s 个文件，解开后不超过 %(most)s MB。"),
    "kind": _("“%(name)s”不是能读的格式：GeoJSON、KML，或者装着 Shapefile、GeoJSON 的 ZIP。"),
    "unreadable": _("“%(name)s”读不出来，可能已损坏，请重新导出。"),
    "nothing_in_it": _("“%(name)s”里没有图形。"),
    "system": _("坐标系不是 CGCS2000（EPSG:4490）或 WGS 84（EPSG:4326），请先转换成经纬度坐标：%(name)s"),
    "system_unsaid": _("文件没有写明坐标系，请在表单里选。"),
    "system_differs": _("文件写明的坐标系是 %(said)s，与表单里选的不同，请核对。"),
    "system_unknown": _("请从列出的坐标系里选。"),
    "source": _("请写明边界从哪里来。"),
    "licence": _("请写明可以怎样使用，例如有没有审图号、能否公开。"),
    "future": _("这一天还没有到。边界一导入就用，请到那天再导入。"),
    "no_code": _("没有写明是哪个行政区划：请在属性里写代码，或者用代码作文件名。"),
    "code_unknown": _("没有代码为 %(code)s 的行政区划。"),
    "code_twice": _("%(code)s 在文件里出现了两次。"),
    "not_polygon": _("不是面（Polygon 或 MultiPolygon）。"),
    "empty": _("里面没有坐标。"),
    "short_ring": _("第 %(ring)s 个环少于四个点。"),
    "open_ring": _("第 %(ring)s 个环没有闭合：最后一点要与第一点相同。"),
    "no_number": _("第 %(ring)s 个环里有不是数字的坐标。"),
    "too_many_points": _("超过 %(most)s 个点，请先简化。"),
    "crossing": _("边界在 %(place)s 自己与自己相交或重叠。"),
    "swapped": _("坐标 %(place)s 像是把纬度写在了经度前面。"),
    "metres": _("坐标 %(place)s 是以米计的投影坐标，请先转换成经纬度。"),
    "outside": _("坐标 %(place)s 不在中国范围内。"),
    "elsewhere": _("与上级 %(name)s 的边界没有相交，可能代码或者坐标系弄错了。"),
}


@transaction.atomic
def bring_boundaries(
    *, actor: Actor, name: str, data: bytes, system: str, source: str, licence: str, code: str = "", valid_from: date
) -> list[Boundary]:
    """Every boundary of a file takes the place of the one its division had; with one fault nothing changes (`BoundaryRefused`).

    `system`: what the official says the coordinates are in, empty for what the file itself says; `code`: the division, when the
    file holds but one. GCJ-02 is turned into CGCS2000. Refused while divisions are being taken over (`TakeoverUnderWay`).
    """
    permit(actor, MANAGE)
    if open_takeover():
        raise TakeoverUnderWay
    pieces, faults = read_file(name, data)
    told = [_reason(one, "file") for one in faults]
    told += [_reason(Fault("system_unknown"), "system")] if system and system not in SYSTEMS else []
    told += [
        _reason(Fault(field), field)
        for field, text in (("source", source), ("licence", licence))
        if len(text.strip()) < 2
    ]
    told += [_reason(Fault("future"), "valid_from")] if valid_from > today() else []
    taken: list[tuple[str, str, Shape]] = []
    for piece in pieces if not told else []:
        made, wrong = _one(piece, system, code.strip() if len(pieces) == 1 else "")
        told += [Reason(one.code, f"{piece.place}：{FAULTS[one.code] % one.details}", "file") for one in wrong]
        taken += [made] if made else []
        if len(told) >= TOLD:
            break
    alone()
    told = told or [_reason(one, "file") for one in _among(taken)]
    if told:
        raise BoundaryRefused(reasons=told[:TOLD])
    kept = [_put(actor, each, said, shape, source, licence, valid_from) for each, said, shape in taken]
    codes = [one.code for one in kept]
    record(
        "places.boundaries_brought",
        actor=actor,
        subject="places:boundaries",
        data={"codes": codes[:200], "source": source[:200]},
    )
    return kept


def _reason(fault: Fault, field: str) -> Reason:
    return Reason(fault.code, FAULTS[fault.code] % fault.details, field)


def _one(piece: Piece, chosen: str, given: str) -> tuple[tuple[str, str, Shape] | None, list[Fault]]:
    faults: list[Fault] = []
    said = given or piece.code
    held = DivisionSpan.objects.filter(code__in=[said, code_of_twelve(said)], valid_to=None)
    code = held.order_by("-code").values_list("code", flat=True).first() or ""  # 441900 is a county's own code
    if not code:
        faults.append(Fault("code_unknown", {"code": said[:20]}) if said else Fault("no_code"))
    if not piece.system and not chosen:
        return None, [*faults, Fault("system_unsaid")]
    if piece.system and chosen and piece.system != chosen:
        return None, [*faults, Fault("system_differs", {"said": piece.system})]
    shape = checked(piece.geometry, system=piece.system or chosen)
    if isinstance(shape, list):
        return None, [*faults, *shape]
    return ((code, piece.system or chosen, shape) if not faults else None), faults


def _among(taken: list[tuple[str, str, Shape]]) -> list[Fault]:
    """A code twice; a boundary that lies outside that of its nearest division above."""
    codes = [code for code, _system, _shape in taken]
    faults = [Fault("code_twice", {"code": code}) for code in sorted({one for one in codes if codes.count(one) > 1})]
    boxes = {code: shape.box for code, _system, shape in taken}
    for code, _system, shape in taken:
        for parent in reversed(ancestors_of(code)):
            held = boundary_in_use(parent) if parent not in boxes else None
            box = boxes.get(parent) or ((held.west, held.south, held.east, held.north) if held else None)
            if box:
                apart = shape.box[2] < box[0] or shape.box[0] > box[2] or shape.box[3] < box[1] or shape.box[1] > box[3]
                faults += [Fault("elsewhere", {"name": f"{parent} ({code})"})] if apart else []
                break
    return faults


def _put(actor: Actor, code: str, system: str, shape: Shape, source: str, licence: str, day: date) -> Boundary:
    at = now()
    before = Boundary.objects.select_for_update().filter(code=code, until_at=None).first()
    if before:
        before.until_at = at
        before.save(update_fields=["until_at"])
    west, south, east, north = shape.box
    return Boundary.objects.create(
        code=code, geometry=shape.geometry, outline=shape.outline, west=west, south=south, east=east, north=north, points=shape.points,
        area_km2=shape.area_km2, crs=system, source=source.strip()[:200], licence=licence.strip()[:200], valid_from=day, known_at=at,
        replaced=before, brought_by=actor.account_id,
    )  # fmt: skip


@transaction.atomic
def take_back_boundary(*, actor: Actor, boundary_id: UUID, reason: str) -> Boundary | None:
    """The boundary that stood before stands again (None: there was none). What was taken back stays readable, with the reason."""
    permit(actor, MANAGE)
    alone()
    one = find(Boundary.objects.select_for_update(), pk=boundary_id)
    if one.until_at is not None:
        raise Conflict
    if len(reason.strip()) < 4:
        raise BoundaryRefused(
            _("请写明理由，至少四个字。"), reasons=[Reason("reason", _("请写明理由，至少四个字。"), "reason")]
        )
    one.until_at, one.withdrawn_because = now(), reason.strip()[:300]
    one.save(update_fields=["until_at", "withdrawn_because"])
    before = Boundary.objects.select_for_update().filter(pk=one.replaced_id).first() if one.replaced_id else None
    if before:
        before.until_at = None
        before.save(update_fields=["until_at"])
    record(
        "places.boundary_taken_back", actor=actor, subject=f"division:{one.code}", data={"why": one.withdrawn_because}
    )
    return before
