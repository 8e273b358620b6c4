"""Files brought lately, and what is wrong with them in words."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongban.data.catalogue.errors import FAULTS
from tongban.data.catalogue.models import Intake
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.lookup import find

from .checking import title_of

WRITE = "catalogue.write"
FILE_FAULTS = {
    "no_rows": _("文件里没有可以导入的行。请用下载的模板填写，不要改表头；CSV 请另存为 UTF-8。"),
    "too_many_files": _("一次最多三个文件：每张表一个。"),
    "not_allowed": _("请上传 .xlsx 工作簿，或者 .csv 文件。"),
    "not_text": _("看不懂这个文件的编码。请另存为 UTF-8 或者 GB 18030。"),
    "too_many_rows": _("行数太多，请分成几个文件。"),
    "broken": _("文件损坏，打不开。"),
}
ROW_FAULTS = {
    "column_missing": _("缺少“%(value)s”这一列。"),
    "heading_unknown": _("模板里没有“%(value)s”这一列。请改成模板的名称，不要的列请删掉。"),
    "damaged": _("这一格是错误值或者没有算出结果的公式：%(value)s"),
    "resource_unknown": _("“数据资源”表里没有叫“%(value)s”的资源。"),
    "resource_missing": _("请填写这个数据项属于哪个资源。"),
    "code_unknown": _("本部门没有代码为“%(value)s”的条目；新的请把代码空着。"),
    "row_twice": _("“%(value)s”在文件里出现了两次。"),
    "in_review": _("“%(value)s”正在审核，有结果以前不能改。"),
}


@dataclass(frozen=True)
class Told:
    """One fault and where it stands."""

    sheet: str
    row: int
    column: str
    text: str


def intake_for(actor: Actor, intake_id: UUID | str, *, lock: bool = False) -> Intake:
    """A file of one's own department."""
    rows = Intake.objects.select_for_update() if lock else Intake.objects
    found = find(rows, pk=intake_id)
    if found.department_id != actor.department_id or WRITE not in actor.grants:
        raise NotFound
    return found


def intakes_of(actor: Actor) -> list[Intake]:
    """The last ten of one's department, without their rows."""
    permit(actor, WRITE, department_id=actor.department_id)
    rows = Intake.objects.filter(department_id=actor.department_id).defer("rows", "faults")
    return list(rows.order_by("-id")[:10])


def faults_told(intake: Intake) -> list[Told]:
    """Every fault in words, in the order of the file."""
    return [Told(one["sheet"], one["row"], one["column"], _text(one)) for one in intake.faults]


def _text(one: dict[str, object]) -> str:
    code, path = str(one["code"]), str(one["path"])
    sentence = ROW_FAULTS.get(code) or FAULTS[code]
    words = one["words"] if isinstance(one["words"], dict) else {}
    return str(sentence) % ({"field": title_of(str(one["kind"]), path)} | words)
