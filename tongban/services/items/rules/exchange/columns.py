"""The sheets of a workbook: the province's template as it is published, and the sheets that carry what it has no room for."""

from __future__ import annotations

from .cells import Column

TEMPLATE = "权责清单导入模板"
LINK = Column("资源库编号", "code")  # the first column of every further sheet: which item the row is of

# The template's columns in its own order: (key, Chinese name, element that the column alone carries, how it is written).
# Columns without an element are written for people: they repeat what a further sheet says row by row.
_TEMPLATE: tuple[tuple[str, str, str, str], ...] = (
    ("libNum", "资源库编号", "code", "text"),
    ("catalogId", "目录编号", "catalog_code", "text"),
    ("title", "标题", "task_name", "text"),
    ("issuedNum", "颁布文号", "", "doc_no"),
    ("publisher", "发布者", "", "publisher"),
    ("publishDate", "发布日期", "effective_on", "day"),
    ("source", "来源", "", ""),
    ("belongDomain", "归属领域", "", ""),
    ("genre", "体裁", "", ""),
    ("classify", "主题分类", "topics", "topics"),
    ("abstractText", "摘要", "summary", "text"),
    ("originalAddress", "原文地址", "", "address"),
    ("htmlContent", "正文html内容", "", ""),
    ("creatorName", "创建人名称", "", ""),
    ("fileInfos", "附件信息", "", ""),
    ("pkfield", "领域", "", ""),
    ("pkindustry", "行业", "", ""),
    ("pkfastTime", "快通道时限", "", ""),
    ("pkregion", "区域", "", ""),
    ("pkitemType", "类别", "task_type", "code:task_type"),
    ("pkbasis", "设定依据", "", "basis"),
    ("pkexeLevel", "行使层级", "use_level", "code:use_level"),
    ("pkitemSource", "权力来源", "power_source", "code:power_source"),
    ("pkorgName", "行使主体", "department", "text"),
    ("pkmplementerKind", "实施主体性质", "dept_type", "code:dept_type"),
    ("pkdeclareType", "办件类型", "project_type", "code:project_type"),
    ("pkcommitmentTime", "承诺办结时限", "promise", "limit"),
    ("pklegalTime", "法定办结时限", "statutory", "limit"),
    ("pkpresenceNum", "到办事现场次数", "visits", "int"),
    ("pkpresenceReason", "必须现场办理原因说明", "visits_explain", "text"),
    ("pkserviceObjects", "适用范围", "server_type", "codes:server_type"),
    ("pkoperationScope", "通办范围", "handle_area", "code:handle_area"),
    ("pkexerciseContent", "行使内容", "exercise_content", "text"),
    ("pkimplementationObject", "实施对象", "applicants", "applicants"),
    ("pkrequirements", "受理条件", "accept_conditions", "lines"),
    ("pkapprovalMode", "审批模式", "review_type", "text"),
    ("pkmaterials", "办理材料", "", "materials"),
    ("pkprocessForm", "办理形式", "handle_type", "codes:handle_type"),
    ("pkprocedures", "办理流程", "", "stages"),
    ("pkprocessTime", "办理时间", "", "hours"),
    ("pkprocessPlace", "办理地点", "", "addresses"),
    ("pkresultName", "结果名称", "", "result_names"),
    ("pkresultSample", "结果样本", "", "result_samples"),
    ("pkresultType", "结果类型", "", "result_types"),
    ("pkresultCollectionMethod", "结果领取方式", "", "result_delivery"),
    ("pklogisticsExpress", "是否支持物流快递", "mail_result", "bool"),
    ("pkonlinePayment", "是否支持网上支付", "pay_online", "bool"),
    ("pkonlineProcessing", "是否网办", "", "online"),
    ("pkonlineProcessingDepth", "网上办理深度", "online_depth", "codes:online_depth"),
    ("pkappointment", "是否支持预约办理", "schedule", "bool"),
    ("pkIsCharge", "是否收费", "", "charged"),
    ("pkChargeStandard", "收费标准及依据", "", "charges"),
    ("pkintermediary", "中介服务", "service_type", "text"),
    ("pkspecialProcedure", "特殊环节", "", "special"),
    ("pkconsultationWays", "咨询方式", "consult_phone", "text"),
    ("pkmonitorWays", "监督方式", "complaint_phone", "text"),
)
FIRST_EXTENDED = 15  # from here on the template writes 篇扩<name>/<key> in its first row and nothing in its second
TEMPLATE_COLUMNS = tuple(
    Column(name if place < FIRST_EXTENDED else f"篇扩{name}/{key}", path, kind, (key, name))
    for place, (key, name, path, kind) in enumerate(_TEMPLATE)
)
TEMPLATE_KEYS = tuple(key for key, *_ in _TEMPLATE)

ELEMENTS = (
    Column("通俗名称", "plain_name"),
    Column("同义说法", "synonyms", "lines"),
    Column("示例", "sample", "bool"),
    Column("版本", "version", "int"),
    Column("实施编码", "task_code"),
    Column("权限划分", "power_divide"),
    Column("委托部门", "entrust_name"),
    Column("实名等级", "assurance_level", "int"),
    Column("网上实名核验代替到场", "identity_proof_online", "bool"),
    Column("不能全程网办的原因", "obstacles", "lines"),
    Column("可延长天数", "extension.days", "int"),
    Column("延长说明", "extension.explain"),
    Column("延长依据", "extension.basis"),
    Column("进驻政务大厅", "entry_center", "bool"),
    Column("材料可以邮寄", "mail_materials", "bool"),
    Column("自助终端可办", "terminals", "bool"),
    Column("联办机构", "other_dept", "lines"),
    Column("数量限制", "limit_explain"),
    Column("受理岗位", "flow.accept.post"),
    Column("受理时限", "flow.accept.limit_days", "int"),
    Column("受理标准", "flow.accept.standard"),
    Column("文书机关代字", "letters.abbreviation"),
    Column("表单标题", "form.title"),
)
LAWS = (
    Column("法律法规名称", "law"), Column("文号", "doc_no"), Column("条款号", "clause"), Column("条款内容", "text"),
    Column("颁布机关", "issuer"), Column("实施日期", "effective_on", "day"), Column("网址", "url"),
    Column("原文来源", "text_source"),
)  # fmt: skip
MATERIALS = (
    Column("内部代码", "key"), Column("材料名称", "name"), Column("材料类型", "type", "code:material_type"),
    Column("材料形式", "format", "code:material_format"), Column("必要性", "need", "code:is_need"),
    Column("需要的条件", "when"), Column("需要的情形", "handle_case"), Column("来源渠道", "source", "code:source_type"),
    Column("核发部门", "issuing_dept"), Column("份数", "copies", "int"), Column("规格", "page_format"),
    Column("要原件", "original", "bool"), Column("受理标准", "standard"), Column("填报须知", "fill_explain"),
    Column("要求依据", "basis"), Column("免提交方式", "waive", "codes:waive_mode"),
    Column("容缺补交天数", "tolerance.days", "int"), Column("容缺说明", "tolerance.explain"),
    Column("主审要件", "main", "bool"), Column("需本人到场", "self_present", "bool"), Column("示例样表", "sample"),
    Column("空白表格", "blank"), Column("所属表单", "form"), Column("备注", "remark"),
)  # fmt: skip
FEES = (
    Column("内部代码", "key"), Column("收费项目", "name"), Column("收费标准", "standard"),
    Column("金额（分）", "amount_fen", "int"), Column("计费单位", "unit"), Column("数量", "quantity"),
    Column("收费依据", "basis"), Column("减免依据", "reduction"), Column("收取的条件", "when"),
)  # fmt: skip
RESULTS = (
    Column("结果名称", "name"), Column("结果类型", "type", "code:result_type"), Column("有效期", "validity"),
    Column("有样本", "sample", "bool"), Column("领取方式", "delivery", "delivery"),
)  # fmt: skip
SPECIAL = (
    Column("内部代码", "key"), Column("种类", "type", "code:special_type"), Column("名称", "name"),
    Column("最长天数", "limit_days", "int"), Column("依据", "basis"), Column("说明", "explain"),
)  # fmt: skip
PLACES = (
    Column("大厅", "hall"), Column("窗口", "window"), Column("地址", "address"), Column("办理时间", "hours"),
    Column("电话", "phone"),
)  # fmt: skip
QUESTIONS = (Column("问题", "q"), Column("答案", "a"))

# Sheets of rows: name → (element of the definition, columns).
ROWS: dict[str, tuple[str, tuple[Column, ...]]] = {
    "设定依据": ("by_law", LAWS),
    "材料": ("materials", MATERIALS),
    "收费": ("fees", FEES),
    "结果": ("results", RESULTS),
    "特别程序": ("special_procedures", SPECIAL),
    "办理地点": ("locations", PLACES),
    "常见问题": ("questions", QUESTIONS),
}

# Sheets of rows in groups: a row repeats what it has in common with its group in the first columns.
SITUATIONS = (
    Column("上一级选择", "parent"), Column("问题代码", "key"), Column("问题", "question"), Column("问题提示", "hint"),
    Column("选项值", "value"), Column("选项", "label"), Column("选项提示", "option_hint"),
    Column("选了不能办的原因", "stop"), Column("承诺办结时限", "promise", "limit"),
)  # fmt: skip
FIELDS = (
    Column("组代码", "group.key"), Column("组标题", "group.title"), Column("组说明", "group.hint"),
    Column("组显示条件", "group.show_if"), Column("组其余内容", "group.rest", "json"), Column("字段代码", "field.key"),
    Column("题目", "field.label"), Column("填写方式", "field.type"), Column("必填", "field.required", "bool"),
    Column("提示", "field.hint"), Column("显示条件", "field.show_if"), Column("数据元素", "field.element"),
    Column("字段其余内容", "field.rest", "json"),
)  # fmt: skip
CHECKS = (
    Column("组代码", "group"), Column("表达式", "expr"), Column("显示在哪个字段", "field"),
    Column("提示语", "message"), Column("其余内容", "rest", "json"),
)  # fmt: skip
STAGES = (
    Column("环节代码", "key"), Column("环节", "name"), Column("种类", "kind"), Column("时限", "limit_days", "int"),
    Column("经过的条件", "when"), Column("审查标准", "standard"), Column("环节其余内容", "rest", "json"),
    Column("部门", "part.department"), Column("岗位", "part.post"), Column("只出意见", "part.opinion", "bool"),
    Column("办理人其余内容", "part.rest", "json"),
)  # fmt: skip
REST = Column("其余内容", "rest", "json")
OWN_SHEETS = ("要素", *ROWS, "情形", "表单", "表单核对", "流程")
COLUMNS_OF: dict[str, tuple[Column, ...]] = {
    TEMPLATE: TEMPLATE_COLUMNS,
    "要素": (LINK, *ELEMENTS, REST),
    **{name: (LINK, *columns, REST) for name, (_, columns) in ROWS.items()},
    "情形": (LINK, *SITUATIONS),
    "表单": (LINK, *FIELDS),
    "表单核对": (LINK, *CHECKS),
    "流程": (LINK, *STAGES),
}
