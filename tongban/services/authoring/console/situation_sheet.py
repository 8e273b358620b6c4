"""The table of materials, fees, limits and flow over all ways, as a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tongban.foundation.kernel.cells import inert
from tongban.foundation.kernel.listing import listed
from tongban.services.authoring.queries.tree import Survey, leaf_sheet, lines_of

TICK = "✓"


def rows_of(survey: Survey) -> Iterator[list[str]]:
    """One row for each material and fee, one column for each way; then limit and flow of each way."""
    numbers = [number for number, way in enumerate(survey.ways) if not way.stop]
    yield ["", "", *(inert(" → ".join(survey.ways[number].labels) or _("所有人")) for number in numbers)]
    for title, lines in lines_of(survey):
        for line in lines:
            cells = (f"{TICK} {words}".strip() if ticked else "" for _number, ticked, words in line.cells)
            yield [title, inert(line.name), *map(inert, cells)]
    sheets = [sheet for number in numbers if (sheet := leaf_sheet(survey, number))]
    yield [_("时限"), _("承诺办结时限"), *(inert(sheet.promise) for sheet in sheets)]
    flows = (listed(str(stage.get("name") or "") for stage, _who, _when in sheet.stages) for sheet in sheets)
    yield [_("流程"), _("办理环节"), *map(inert, flows)]


def csv_of(survey: Survey) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows_of(survey))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def workbook_of(survey: Survey, title: str) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    for number, row in enumerate(rows_of(survey), start=1):
        sheet.append(row)
        for cell in sheet[number]:
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="center" if cell.column > 2 else None)
            cell.font = Font(bold=number == 1 or cell.column == 2)
    for column in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(column)].width = {1: 8, 2: 30}.get(column, 18)
    sheet.freeze_panes = "C2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
