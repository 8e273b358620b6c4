"""What the elements of a definition are called, for whoever reads about a change or a fault in one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongban.services.items.errors import BLOCKS

PART_TITLES: dict[str, Any] = {
    "elements": _("要素"),
    "materials": _("材料"),
    "situations": _("情形"),
    "form": _("表单"),
    "flow": _("流程"),
    "fees": _("费用"),
    "results": _("结果"),
}
# By the list a row stands in ("" is the definition itself), then by the element in it.
LABELS: dict[str, dict[str, Any]] = {
    "": {
        "code": _("网上代码"), "sample": _("示例标记"), "task_name": _("事项名称"), "plain_name": _("通俗名称"),
        "summary": _("一句话说明"), "synonyms": _("同义说法"), "catalog_code": _("基本编码"), "task_code": _("实施编码"),
        "task_type": _("事项类型"), "use_level": _("行使层级"), "power_source": _("权力来源"),
        "power_divide": _("权限划分"), "exercise_content": _("行使内容"), "department": _("实施主体"),
        "dept_type": _("实施主体性质"), "entrust_name": _("委托部门"), "by_law": _("设定依据"),
        "server_type": _("服务对象"), "applicants": _("申请人"), "assurance_level": _("实名等级"),
        "project_type": _("办件类型"), "review_type": _("审查类型"), "statutory": _("法定办结时限"),
        "promise": _("承诺办结时限"), "accept_conditions": _("受理条件"), "handle_type": _("办理形式"),
        "visits": _("到办事现场次数"), "visits_explain": _("必须到现场的原因"), "online_depth": _("网上办理深度"),
        "identity_proof_online": _("网上实名核验代替到场"), "obstacles": _("不能全程网办的原因"),
        "special_procedures": _("特别程序"), "extension": _("延长办理期限"), "handle_area": _("通办范围"),
        "entry_center": _("进驻政务大厅"), "schedule": _("可以预约"), "mail_result": _("结果可以邮寄"),
        "mail_materials": _("材料可以邮寄"), "terminals": _("自助终端可办"), "other_dept": _("联办机构"),
        "service_type": _("中介服务"), "basis": _("依据"), "locations": _("办理地点"), "consult_phone": _("咨询电话"),
        "complaint_phone": _("监督投诉电话"), "topics": _("主题"), "topics.person": _("个人主题"),
        "topics.company": _("法人主题"), "fees": _("收费项目"), "pay_online": _("网上支付"),
        "results": _("审批结果"), "limit_explain": _("数量限制"), "questions": _("常见问题"), "situations": _("情形问题"),
        "materials": _("申请材料"), "form": _("表单"), "form.title": _("表单标题"), "form.hint": _("表单说明"),
        "form.groups": _("表单分组"), "form.checks": _("表单核对"), "flow": _("办理流程"), "flow.stages": _("办理环节"),
        "flow.rehearsals": _("流程演练"),
        "flow.accept": _("受理"), "flow.accept.post": _("受理岗位"), "flow.accept.limit_days": _("受理时限（工作日）"),
        "flow.accept.standard": _("受理标准"), "letters.abbreviation": _("文书机关代字"),
    },
    "materials": {
        "key": _("内部代码"), "name": _("名称"), "type": _("材料类型"), "format": _("材料形式"), "need": _("必要性"),
        "when": _("需要的条件"), "source": _("来源渠道"), "issuing_dept": _("核发部门"), "copies": _("份数"),
        "page_format": _("规格"), "original": _("要原件"), "standard": _("受理标准"), "fill_explain": _("填报须知"),
        "basis": _("要求依据"), "waive": _("免提交方式"), "tolerance": _("容缺补交期限"), "main": _("主审要件"),
        "sample": _("示例样表"), "blank": _("空白表格"), "handle_case": _("需要的情形"), "form": _("所属表单"),
        "self_present": _("需本人到场"), "remark": _("备注"), "licence_types": _("可代替的电子证照"),
        "of_legal_person": _("法定代表人的证照"),
    },
    "groups": {
        "title": _("标题"), "hint": _("说明"), "show_if": _("显示条件"), "fields": _("问题"), "checks": _("核对"),
    },
    "fields": {
        "label": _("题目"), "type": _("填写方式"), "required": _("必填"), "hint": _("提示"), "placeholder": _("示范文字"),
        "text": _("说明文字"), "element": _("数据元素"), "element_if": _("自动填入的条件"), "of": _("所属问题"),
        "was": _("以前的内部代码"), "carry": _("沿用上次的答案"), "show_if": _("显示条件"), "value": _("计算公式"), "default": _("默认值"),
        "min": _("下限"), "max": _("上限"), "decimals": _("小数位数"), "unit": _("单位"), "pattern": _("格式"),
        "mobile": _("只填手机"), "detail": _("要详细地址"), "rows": _("行数"), "options": _("选项"),
        "min_items": _("最少行数"), "max_items": _("最多行数"), "item_label": _("每行的名称"), "accept": _("文件类型"),
        "fields": _("列"),
    },
    "checks": {
        "expr": _("条件"), "when": _("适用条件"), "field": _("对应的问题"), "message": _("提示的话"), "code": _("代码"),
    },
    "situations": {"key": _("内部代码"), "question": _("问题"), "hint": _("提示"), "options": _("选项")},
    "options": {
        "value": _("内部代码"), "label": _("文字"), "hint": _("提示"), "then": _("后续问题"), "stop": _("不用办的说明"),
        "promise": _("承诺办结时限"),
    },
    "stages": {
        "key": _("内部代码"), "name": _("名称"), "kind": _("种类"), "limit_days": _("时限（工作日）"), "parts": _("办理方"),
        "when": _("进入条件"), "return_to": _("可以退回到的环节"), "standard": _("审查标准"),
    },
    "parts": {
        "department": _("部门"), "post": _("岗位"), "opinion": _("只出具意见"), "division": _("部门所在地"),
        "window": _("窗口"), "hall": _("大厅"), "number": _("窗口号"), "when": _("参加的条件"),
    },
    "rehearsals": {
        "name": _("名称"), "situation": _("情形"), "answers": _("填写的内容"), "applicant": _("申请人"),
        "events": _("途中发生的事"), "from": _("申请日期"), "expect": _("记下的结果"),
    },
    "by_law": {
        "law": _("法律名称"), "doc_no": _("文号"), "clause": _("条款号"), "text": _("条款内容"), "issuer": _("颁布机关"),
        "effective_on": _("施行日期"), "url": _("网址"), "text_source": _("条文来源"),
    },
    "questions": {"q": _("问题"), "a": _("回答")},
    "results": {
        "name": _("名称"), "type": _("结果类型"), "validity": _("有效期"), "sample": _("有样本"), "delivery": _("领取方式"),
        "licence_type": _("签发的证照类型"), "licence_fields": _("证照内容的来源"),
        "licence_holder": _("证照发给谁"),
    },
    "fees": {
        "key": _("内部代码"), "name": _("名称"), "standard": _("收费标准"), "amount_fen": _("金额"), "basis": _("收费依据"),
        "reduction": _("减免"), "when": _("收取条件"), "unit": _("单位"), "quantity": _("数量"),
    },
    "special_procedures": {
        "key": _("内部代码"), "type": _("种类"), "name": _("名称"), "limit_days": _("时限（工作日）"), "basis": _("依据"),
        "explain": _("说明"),
    },
    "locations": {
        "hall": _("大厅"), "window": _("窗口"), "address": _("地址"), "hours": _("办理时间"), "phone": _("电话"),
    },
}  # fmt: skip
LABELS["then"] = LABELS["situations"]
# What one row of a list is called.
ROW_NAMES: dict[str, Any] = {
    "materials": pgettext_lazy("one row", "材料"), "groups": _("表单分组"), "fields": _("问题"), "options": _("选项"),
    "situations": _("情形问题"), "then": _("后续问题"), "stages": _("环节"), "parts": _("办理部门"),
    "by_law": _("设定依据"), "questions": _("常见问题"), "results": _("结果"), "fees": _("收费项目"),
    "special_procedures": _("特别程序"), "locations": _("办理地点"), "checks": _("核对"),
}  # fmt: skip
# Words that are not in a table of codes.
VALUES: dict[str, dict[str, Any]] = {
    "obstacles": BLOCKS,
    "applicants": {"person": _("个人"), "company": _("单位")},
    "delivery": {"online": _("网上下载"), "post": _("邮寄到家"), "counter": _("窗口领取")},
    "kind": {
        "review": _("审查"), "decide": _("决定"), "certify": _("制证"), "deliver": _("送达"), "instant": _("当场办结"),
    },
    "post": {
        "clerk": _("窗口收件"), "reviewer": _("审查"), "approver": _("审批"), "item_manager": _("事项管理"),
        "dept_head": _("部门负责人"), "hall_manager": _("大厅管理"),
    },
    "department": {"self": _("本部门")},
    "fields.type": {
        "text": _("单行文字"), "textarea": _("多行文字"), "id_number": _("身份证号码"), "uscc": _("统一社会信用代码"),
        "phone": _("电话号码"), "email": _("电子邮箱"), "date": _("日期"), "date_range": _("起止日期"), "money": _("金额"),
        "number": _("数字"), "integer": _("整数"), "address": _("地址"), "select": _("下拉选一项"),
        "radio": _("列出选一项"), "checkboxes": _("可选多项"), "boolean": _("是或否"), "file": _("上传文件"),
        "signature": _("签名"), "notice": _("一段说明"), "repeat": _("可增加的一组"), "table": _("表格"),
    },
}  # fmt: skip


def label_of(element: str, rows: str = "") -> str:
    """The element's name: `label_of("need", "materials")`. One we do not know keeps its own."""
    return str(LABELS.get(rows, {}).get(element) or LABELS[""].get(element, "") or element)
