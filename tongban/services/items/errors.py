"""How the catalogue says no, and the sentence for each thing that can be wrong with a definition or a listed row."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.foundation.kernel.errors import Conflict, NotAllowed, NotFound, Refused


class ItemRefused(Refused):
    """A definition breaks rules; `reasons` holds every finding."""

    code, title = "items.refused", _("这份事项定义还不能发布，请按下面的问题逐条修改。")


class ItemNotFound(NotFound):
    code, title = "items.not_found", _("没有这个事项，可能已经取消或改了名称。请换个说法再搜一搜。")


class ItemNotInForce(NotFound):
    """The item exists, but no published version holds on the day asked for."""

    code, title = "items.not_in_force", _("这个事项目前没有生效的办事指南。")


class CodeTaken(Refused):
    """Another item holds, or held, this code; each reason says who."""

    code, title = "items.code_taken", _("这个代码不能用。")


class ProposalUnderWay(Conflict):
    code, title = "items.proposal_under_way", _("这个事项已有一项提议等待确认，请先答复它。")


class OwnWork(NotAllowed):
    """Two different people, always: who wrote a text does not review it, and only who wrote it recalls it."""

    code, title = "items.own_work", _("起草人不能审核自己起草的事项，请由另一位同事审核发布。")


class PublishRefused(Refused):
    code, title = "items.publish_refused", _("现在不能这样发布。")


class TableRefused(Refused):
    """A new version of a dictionary cannot be handed in or published; `reasons` holds every one."""

    code, title = "items.table_refused", _("这张代码表现在不能这样改。")


class TableUnderReview(Conflict):
    code, title = "items.table_under_review", _("这张代码表已有一版等待审核，请先答复它。")


class StandingRefused(Refused):
    """An item cannot be cancelled, merged or split in this way; `reasons` holds every one."""

    code, title = "items.standing_refused", _("现在不能这样处理这个事项。")


class ReasonMissing(Refused):
    code, title = "items.reason_missing", _("请写明原因。")


class CorrectionRefused(Refused):
    code, title = "items.correction_refused", _("这处更正无法保存。")


# Why a text cannot have these codes, or cannot take effect on that day.
CLASHES: dict[str, Any] = {
    "code_unfit": _(
        "网上代码“%(code)s”不合要求：只用小写字母、数字和连字符，以字母开头，最多60个字符。可以用“%(free)s”。"
    ),
    "code_taken": _("网上代码“%(code)s”已由%(department)s的“%(name)s”使用%(state)s。可以改用“%(free)s”。"),
    "task_code_taken": _("实施编码“%(code)s”已由%(department)s的“%(name)s”使用%(state)s。请核对基本编码。"),
    "task_code_fixed": _(
        "这个事项已经发布，实施编码“%(code)s”不能再改。编码变了就是另一个事项：请新建事项，再合并或者拆分。"
    ),
    "department_fixed": _("这个事项属于%(department)s，不能在草稿里改给别的部门。"),
    "department_unknown": _("没有找到实施主体“%(department)s”。请使用本地清单里的部门名称。"),
    "day_past": _("生效日期不能早于今天。今天可以。"),
    "day_too_far": _("生效日期在一年以后，请核对年份。"),
    "day_before_last": _("第%(version)s版已定于%(day)s生效，这一版不能更早。要先用这一版，请先撤下第%(version)s版。"),
    "in_force": _("这一版已经生效，不能撤下。要用回以前的内容，请从以前的版本恢复。"),
    "cancelled": _("这个事项已经取消，代码永久冻结，不能再发布新版本。"),
}
# Why a dictionary cannot be changed in this way.
TABLE_FAULTS: dict[str, Any] = {
    "empty": _("至少要有一行。"),
    "too_many": _("最多%(most)s行。"),
    "code_unfit": _("代码“%(code)s”不合要求：1到20个数字、字母、横线。"),
    "word_unfit": _("群众的说法“%(code)s”不合要求：1到60个字。"),
    "code_twice": _("“%(code)s”写了两次。"),
    "name_missing": _("“%(code)s”还没有写名称。"),
    "name_too_long": _("“%(code)s”的名称太长，最多60个字。"),
    "unchanged": _("和现行的一样，没有改动。"),
    "of_the_standard": _("“%(code)s %(name)s”是国家标准里的代码，可以改名称，不能去掉。"),
    "in_use": _("“%(code)s %(name)s”还有%(count)s个事项在用：%(items)s。请先改这些事项。"),
}
# Why items cannot end or take each other's place in this way.
SUCCESSIONS: dict[str, Any] = {
    "too_few": _("合并至少要有两个原事项，拆分至少要有两个新事项。"),
    "day_past": _("日期不能早于今天。今天可以。"),
    "ended": _("事项“%(name)s”已经取消，或者已经定了取消的日期。"),
    "never_published": _("事项“%(name)s”还没有发布过，不用合并或者拆分。"),
    "follows_itself": _("事项“%(name)s”不能接替它自己。合并、拆分后要用新的代码。"),
    "not_in_force": _("接替的事项“%(name)s”在这一天还没有生效。请先发布它，或者把日期往后推。"),
    "not_a_new_code": _("事项“%(name)s”在原事项之前就有了。合并、拆分后的事项要用新的代码。"),
}


class ImportRefused(Refused):
    """A file, or the confirmation of one, that cannot be taken; each reason says why and what to do."""

    code, title = "items.import_refused", _("这个文件不能导入。")


class ExportRefused(Refused):
    code, title = "items.export_refused", _("选中的事项不能导出。")


FINDINGS: dict[str, Any] = {
    # shape
    "unreadable": _("文件第 %(line)s 行无法读懂（%(problem)s）。请检查缩进、引号和重复的键。"),
    "required": _("缺少必填的要素“%(word)s”。"),
    "additionalProperties": _("有不认识的要素“%(word)s”，请核对拼写。"),
    "type": _("“%(word)s”的类型不对。文字、数字、是否、列表请分清；编码请加引号。"),
    "enum": _("“%(word)s”不在允许的取值之内。"),
    "pattern": _("“%(word)s”的格式不对。"),
    "minLength": _("这里不能为空。"),
    "maxLength": _("“%(word)s”太长了。"),
    "minItems": _("这里至少要有一项。"),
    "uniqueItems": _("这里有重复的项：%(word)s。"),
    "shape": _("“%(word)s”不符合要求。"),
    # consistency
    "instant_too_slow": _("即办件的承诺时限应是当场或1个工作日，现在写的是%(days)s。"),
    "instant_review_type": _("即办件的审查类型应为“即审即办”。"),
    "promised_review_type": _("承诺件的审查类型应为“前审后批”。"),
    "statutory_missing": _("承诺件要同时写明法定办结时限和承诺办结时限。"),
    "promise_longer": _("承诺时限（%(promise)s）比法定时限（%(statutory)s）还长。"),
    "result_is_licence": _("结果“%(words)s”是证照，结果类型应为“证照”。"),
    "result_is_approval": _("结果“%(words)s”是批文，结果类型应为“批文”。"),
    "result_without_sample": _("结果“%(words)s”没有样本。"),
    "visits_unexplained": _("写了要到现场%(visits)s次，请说明为什么必须到现场。"),
    "no_visit_but_no_way": _("写了不用到现场，但既不能网上办，也不能快递申请。"),
    "online_but_visits": _("各项都能网上办，却仍要求到现场，请核对到现场次数。"),
    "fee_without_ground": _("收费项目“%(words)s”要写明收费标准和收费依据。"),
    "free_but_pay_online": _("不收费的事项不应写支持网上支付。"),
    "phones_equal": _("咨询电话和投诉电话不能是同一个号码（%(words)s）。"),
    "phone_without_area": _("电话“%(words)s”应带区号，例如 0826-2345678。"),
    "person_topic_unserved": _("服务对象不含自然人，却归入了个人主题“%(words)s”。"),
    "company_topic_unserved": _("服务对象不含法人，却归入了法人主题“%(words)s”。"),
    "person_topic_missing": _("服务对象含自然人，请至少归入一个个人主题。"),
    "company_topic_missing": _("服务对象含法人，请至少归入一个法人主题。"),
    "applicants_unserved": _("允许申请的人与服务对象不一致。"),
    "permit_without_faq": _("行政许可至少要有一条常见问题。"),
    "permit_steps_missing": _("行政许可的流程要有受理、审查、决定、办结、送达，现在缺少：%(words)s。"),
    "vague_clause": _("不能使用兜底条款或含糊的说法：“%(words)s”。请逐一写明具体的名称。"),
    "no_basis": _("缺少设定依据。"),
    "basis_without_text": _("设定依据《%(words)s》没有写条款内容。"),
    "material_repeated": _("材料“%(words)s”出现了不止一次。"),
    "issuer_missing": _("材料“%(words)s”由政府部门核发，请写明核发部门。"),
    "waive_missing": _("材料“%(words)s”由政府部门核发，请写明能否用电子证照或数据核验免提交；不能的，说明原因。"),
    "licence_type_unknown": _("没有在用的证照类型“%(words)s”，请从证照类型里选。"),
    "licence_without_waiver": _("材料“%(words)s”写了可以代替的电子证照，免提交方式里也要选“电子证照”。"),
    "optional_without_case": _("材料“%(words)s”不是必要材料，请写明什么情形下才要提交。"),
    "main_material_tolerated": _("材料“%(words)s”是主审要件，不能容缺后补。"),
    "tolerance_without_days": _("材料“%(words)s”可以容缺，请写明补交的期限。"),
    "entruster_missing": _("受委托组织办理的事项要写明委托部门。"),
    "situation_repeated": _("情形问题的键“%(words)s”重复了。"),
    "option_repeated": _("同一个问题里，选项“%(words)s”重复了。"),
    "code_unknown": _("代码“%(words)s”不在代码表（%(table)s）里。"),
    "catalog_type_differs": _("基本编码里的事项类型与填写的事项类型不一致（%(words)s）。"),
    "catalog_code_invalid": _("基本编码应为12位数字或字母。"),
    "department_code_invalid": _("实施主体的统一社会信用代码“%(words)s”校验不通过。"),
    "task_code_differs": _("实施编码“%(words)s”与实施主体、行使层级或事项类型对不上（%(part)s）。"),
    "form_fault": "%(text)s",  # the forms room says it in its own words
    "department_unknown": _("没有找到实施主体“%(words)s”。请使用本地清单里的部门名称。"),
    "version_published": _("第%(version)s版已经发布，内容不能再改。请把版本号加一，并写明从哪天起生效。"),
    "version_backwards": _("第%(version)s版的生效日期早于上一版。"),
}


# What a flag of a listed row says to the department that owns it.
FLAGS: dict[str, Any] = {
    "name_missing": _("没有事项名称。"),
    "name_repeated": _("清单里有%(count)s行用了同一个名称，请核对是否重复，或在名称里写明区别。"),
    "name_alike": _("清单里有%(count)s行的名称只在全角半角、空格或引号上不同，请核对是否重复。"),
    "name_too_long": _("名称有%(count)s个字，超过了200个字的上限。"),
    "width_half": _("用了半角标点“%(words)s”，中文里应使用全角。"),
    "width_mixed": _("同一个名称里混用了全角和半角标点（半角：%(words)s）。"),
    "digits_full": _("用了全角数字或字母“%(words)s”，应使用半角。"),
    "odd_characters": _("含有不该出现的符号“%(words)s”。"),
    "level_in_name": _("名称里写了行使层级“%(words)s”，层级应填在行使层级一栏。"),
    "note_in_name": _("名称里夹带了说明“%(words)s”，应移到备注。"),
    "open_list_in_name": _("名称里用“等”列举，范围不清楚。"),
    "main_item_missing": _("没有归入主项（清单里写的是“%(words)s”）。"),
    "area_missing_in_code": _("事项编码“%(words)s”里没有12位行政区划代码。"),
    "other_area_in_code": _("事项编码里的行政区划是%(words)s，不是本区。"),
    "area_differs": _("行政区划代码是%(words)s，不是本区。"),
    "placeholder_in_code": _("事项编码里的“%(words)s”像是占位数字，不是真实代码。"),
    "item_code_form": _("事项编码“%(words)s”的写法与其他事项不同。"),
    "department_code_missing": _("没有部门代码。"),
    "department_code_suffix": _("部门代码“%(words)s”带有下划线后缀，像是科室编号，不是统一社会信用代码。"),
    "department_code_lower": _("部门代码“%(words)s”里有小写字母，统一社会信用代码应为大写。"),
    "department_code_old": _("部门代码“%(words)s”是旧的组织机构代码，应换成18位统一社会信用代码。"),
    "department_code_serial": _("部门代码“%(words)s”是系统流水号（19位数字），不是统一社会信用代码。"),
    "department_code_length": _("部门代码“%(words)s”有%(length)s位，统一社会信用代码应为18位。"),
    "department_code_check": _("部门代码“%(words)s”的校验位不对，请逐位核对。"),
    "department_codes_differ": _("同一个部门在清单里用了%(count)s种代码，另有：%(words)s。"),
    "department_unknown": _("没有找到部门“%(words)s”，这一行暂时没有人负责更正。"),
}

# The same flags in a word or two, for filters and counts.
FLAG_TITLES: dict[str, Any] = {
    "name_missing": _("没有名称"),
    "name_repeated": _("名称重复"),
    "name_alike": _("名称近似"),
    "name_too_long": _("名称太长"),
    "width_half": _("半角标点"),
    "width_mixed": _("全角半角混用"),
    "digits_full": _("全角数字"),
    "odd_characters": _("异常符号"),
    "level_in_name": _("名称带层级"),
    "note_in_name": _("名称带说明"),
    "open_list_in_name": _("名称用“等”"),
    "main_item_missing": _("没有主项"),
    "area_missing_in_code": _("编码缺区划"),
    "other_area_in_code": _("编码是外区"),
    "area_differs": _("区划不符"),
    "placeholder_in_code": _("编码是占位数字"),
    "item_code_form": _("编码写法不同"),
    "department_code_missing": _("没有部门代码"),
    "department_code_suffix": _("部门代码带后缀"),
    "department_code_lower": _("部门代码小写"),
    "department_code_old": _("旧组织机构代码"),
    "department_code_serial": _("部门代码是流水号"),
    "department_code_length": _("部门代码位数不对"),
    "department_code_check": _("部门代码校验不过"),
    "department_codes_differ": _("部门代码不统一"),
    "department_unknown": _("部门不明"),
}

# What stands in the way of doing an item wholly online.
BLOCKS: dict[str, Any] = {
    "not_taken_online": _("还不能在网上提交和办理全过程"),
    "identity_at_counter": _("身份要到窗口核对"),
    "paper_materials": _("有材料只能交纸质的"),
    "result_collected": _("结果要到窗口领取"),
    "fee_offline": _("费用不能在网上缴"),
    "visits": _("要到现场"),
    "original_shown": _("要出示原件"),
    "signature_in_person": _("要本人当面签字"),
    "inspection_of_applicant": _("要查看本人"),
    "paper_only": _("只发纸质证照"),
    "vertical_system": _("上级部门的系统还没有接通"),
    "law_demands_presence": _("法律要求本人到场"),
}
