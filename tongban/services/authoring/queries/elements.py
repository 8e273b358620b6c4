"""Every element of a definition, told to the person who fills it in: what it means, an example, and on what it rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.services.items.queries import label_of

LIST, LICENSING, ONE_STOP = "GB/T 39554.2—2020", "行政许可法", "国办发〔2018〕45号"
CODES, TOPICS, PAPERLESS = "GB/T 39046—2020", "国办函〔2016〕108号", "国发〔2022〕5号"


LICENCE_TYPES = "licence_types"  # no code table: the licence types that hold


@dataclass(frozen=True)
class Field:
    """One control. `name` is the key in the document (dotted for one inside another), `kind` says how it is filled in:
    text, area, lines, number, money, date, flag, choice (one), choices (several), condition (a question's answer)."""

    name: str
    kind: str = "text"
    help: Any = ""
    example: str = ""
    ground: str = ""
    table: str = ""  # of codes
    options: Mapping[str, Any] = field(default_factory=dict)
    most: int = 0
    wide: bool = True
    fixed: bool = False


@dataclass(frozen=True)
class Maybe:
    """An object that may be absent: a box to tick, and its fields."""

    name: str
    label: Any
    fields: tuple[Field, ...]
    blank: Mapping[str, Any]
    help: Any = ""
    ground: str = ""


@dataclass(frozen=True)
class Rows:
    """A list of rows, each with the same fields. A new row begins as `blank`; `key` is how its own key begins."""

    name: str
    fields: tuple[Field | Maybe, ...]
    blank: Mapping[str, Any]
    add: Any
    help: Any = ""
    ground: str = ""
    key: str = ""


@dataclass(frozen=True)
class Section:
    key: str
    title: Any
    parts: tuple[Field | Rows | Maybe, ...]
    lead: Any = ""


REVIEW_TYPES = {"即审即办": _("即审即办"), "前审后批": _("前审后批")}
APPLICANTS = {"person": _("个人"), "company": _("企业、单位")}
LEVELS = {
    "0": _("不需要实名"),
    "1": _("一级：手机号"),
    "2": _("二级：身份信息核验"),
    "3": _("三级：人脸核验"),
    "4": _("四级：当面核验"),
}
DELIVERY = {"online": _("网上下载"), "post": _("邮寄到家"), "counter": _("窗口领取")}
OBSTACLES = {
    "original_shown": _("要出示原件"), "signature_in_person": _("要本人当面签字"),
    "inspection_of_applicant": _("要查看本人"), "paper_only": _("只发纸质证照"),
    "vertical_system": _("上级部门的系统还没有接通"), "law_demands_presence": _("法律要求本人到场"),
}  # fmt: skip

NAMES = Section("names", _("叫什么"), (
    Field("task_name", help=_("法律法规里的正式叫法，不要带层级和说明。"), example="公共场所卫生许可（新证）", ground=LIST, most=200),
    Field("plain_name", help=_("群众平时怎么说。办事指南用它作标题。"), example="开宾馆、理发店要办的卫生许可证", ground=ONE_STOP, most=60),
    Field("summary", "area", _("一两句话：谁在什么时候要办，办了有什么用。"),
          "开宾馆、理发店、游泳馆之前要办。网上填表，五个工作日办好。", most=400),
    Field("synonyms", "lines", _("群众搜索时可能用的说法，一行一个。"), "卫生证、卫生许可"),
    Field("catalog_code", help=_("目录清单里的12位编码，前两位是清单，第三、四位是事项类型。"), example="000123009000",
          ground="GB/T 39554.1—2020", most=12, wide=False),
    Field("task_type", "choice", _("要与基本编码的第三、四位一致。"), ground=CODES, table="task_type", wide=False),
))  # fmt: skip
BODY = Section("body", _("谁来办"), (
    Field("department", fixed=True, help=_("草稿属于哪个部门，就由哪个部门办理。")),
    Field("dept_type", "choice", _("机关是法定机关；法律法规授权的组织选授权组织；受机关委托的选受委托组织。"),
          ground=CODES, table="dept_type", wide=False),
    Field("entrust_name", help=_("只有受委托组织要填。"), ground=f"{LICENSING}第二十四条"),
    Field("use_level", "choice", _("由哪一级办理。区里的部门选县级。"), ground=CODES, table="use_level", wide=False),
    Field("power_source", "choice", _("这项权力从哪里来：法律直接给本级的，还是上级下放、授权或委托的。"),
          ground=CODES, table="power_source", wide=False),
    Field("power_divide", "area", _("上下级之间怎么分工；没有分工的不填。")),
    Field("exercise_content", "area", _("本级具体行使哪些内容；没有的不填。")),
))  # fmt: skip
LAW = Rows("by_law", (
    Field("law", help=_("全称，不加书名号。"), example="公共场所卫生管理条例"),
    Field("clause", help=_("第几条第几款。"), example="第四条", wide=False),
    Field("text", "area", _("条款原文，不要概括。")),
    Field("doc_no", help=_("公布它的令号或文号；没有的不填。"), example="国务院令第714号", wide=False),
    Field("issuer", help=_("谁公布的。"), example="国务院"),
    Field("effective_on", "date", _("现行文本从哪天起施行。"), wide=False),
    Field("url", help=_("官方公布的网址，会自动检查能不能打开。")),
), {"law": "", "clause": "", "text": ""}, _("添加一条依据"), _("凭哪部法律的哪一条办这件事。"), f"{LICENSING}第十四至十七条")  # fmt: skip
BASIS = Section("basis", _("凭什么办"), (LAW,))
WHO = Section("who", _("谁能办"), (
    Field("server_type", "choices", _("这件事为谁办，能办的都选上。决定它归入个人主题还是法人主题。"), ground=CODES, table="server_type"),
    Field("applicants", "choices", _("网上允许谁来申请。要与服务对象一致。"), options=APPLICANTS),
    Field("accept_conditions", "lines", _("符合哪些条件才受理，一行一条。不要写“其他条件”。"), "有固定的经营场所", ONE_STOP),
    Field("assurance_level", "choice", _("申请人要实名到哪一级。"), options=LEVELS, wide=False),
    Field("limit_explain", help=_("有数量限制的写明；没有的不填。"), example="每年100个名额"),
))  # fmt: skip
UNIT = Field("unit", "choice", _("行政许可法的“日”都是工作日；“天”连节假日一起算。"), table="limit_unit", wide=False)
LIMIT = (
    Field("days", "number", _("只写数字；当场办好的写1。"), wide=False), UNIT,
    Field("explain", help=_("从哪天算起，哪些时间不算。"), example="自受理之日起"),
)  # fmt: skip
SPECIAL = Rows("special_procedures", (
    Field("name", help=_("法律里的叫法。"), example="现场勘验"),
    Field("type", "choice", _("只有经批准延长的选第一种，其他都选第二种。"), table="special_type", wide=False),
    Field("limit_days", "number", _("最多用几个工作日；说不准的不填。"), wide=False),
    Field("basis", help=_("凭哪部法律的哪一条。")), Field("explain", help=_("怎么做，申请人要配合什么。")),
), {"type": "2", "name": ""}, _("添加特别程序"), _("听证、检验、检测、检疫、鉴定、专家评审、现场勘验、公示、考试。时间不算在时限内。"),
    f"{LICENSING}第四十五条", "special")  # fmt: skip
LIMITS = Section("limits", _("多久办好"), (
    Field("project_type", "choice", _("当场能办好的是即办件，其他是承诺件。"), ground=CODES, table="project_type", wide=False),
    Field("review_type", "choice", _("即办件是即审即办，承诺件是前审后批。"), ground=LIST, options=REVIEW_TYPES, wide=False),
    Maybe("statutory", _("法律规定了时限"), LIMIT, {"days": 20, "unit": "1", "explain": "自受理之日起"},
          _("法律最多给多少天。没有另外规定的行政许可是20个工作日。"), f"{LICENSING}第四十二条"),
    Maybe("promise", "", LIMIT, {"days": 10, "unit": "1", "explain": ""}, _("对外承诺的时限，不能比法定的长。"), LIST),
    Maybe("extension", _("可以延长一次"), (
              Field("days", "number", _("最多延长几个工作日，法律规定是10个。"), wide=False),
              Field("explain", help=_("谁批准。"), example="经负责人批准"),
              Field("basis", help=_("凭哪部法律的哪一条。"), example="行政许可法第四十二条"),
          ),
          {"days": 10, "explain": "经负责人批准", "basis": "行政许可法第四十二条"}, _("情况复杂时经负责人批准延长，要告诉申请人理由。"),
          f"{LICENSING}第四十二条"),
    SPECIAL,
))  # fmt: skip
WAYS = Section("ways", _("怎么办"), (
    Field("handle_type", "choices", _("可以用哪些办法申请，能用的都选上。"), ground=CODES, table="handle_type"),
    Field("online_depth", "choices", _("网上能办到哪一步，能的都选上。"), ground=LIST, table="online_depth"),
    Field("visits", "number", _("申请人总共要跑几次现场。能不跑就填0。"), ground="国发〔2018〕27号", wide=False),
    Field("visits_explain", help=_("要到现场的，写明为什么非去不可。")),
    Field("identity_proof_online", "flag", _("网上实名以后，不用再到窗口出示身份证。")),
    Field("obstacles", "choices", _("还不能全程网办的，是哪些原因。"), options=OBSTACLES),
    Field("handle_area", "choice", _("在多大范围内任何一个大厅都能办。"), ground=CODES, table="handle_area", wide=False),
    Field("entry_center", "flag", _("在政务大厅的窗口能办。")),
    Field("schedule", "flag", _("到窗口之前可以先约时间。")),
    Field("mail_materials", "flag", _("纸质材料可以寄来，不用送到窗口。")),
    Field("mail_result", "flag", _("办好以后可以寄到家，不用来取。")),
    Field("terminals", "flag", _("在自助机上能办完。")),
    Field("other_dept", "lines", _("要一起办的部门，一行一个；没有的不填。")),
    Field("service_type", help=_("需要中介出报告的写明；没有的不填。")),
))  # fmt: skip
PLACES = Rows("locations", (
    Field("hall", help=_("门口牌子上的名称。"), example="广安区政务服务大厅"),
    Field("window", help=_("不分窗口的不填。"), example="综合窗口3号", wide=False),
    Field("address", help=_("写到门牌号，照着能找到。"), example="平安大道48号"),
    Field("hours", help=_("周几，几点到几点，节假日办不办。"), example="工作日9:00—12:00，13:30—17:30"),
    Field("phone", help=_("带区号的窗口电话。"), example="0826-2345678", wide=False),
), {"hall": "", "window": "", "address": "", "hours": "", "phone": ""}, _("添加一个地点"),
    _("到现场办的，到哪里去。一个大厅一行。"), LIST)  # fmt: skip
WHERE = Section("where", _("在哪办，问谁"), (
    PLACES,
    Field("consult_phone", help=_("带区号，不能与投诉电话相同。"), example="0826-2345678", ground=LIST, wide=False),
    Field("complaint_phone", help=_("带区号，不能与咨询电话相同。"), example="0826-12345", ground=LIST, wide=False),
))  # fmt: skip
FEES = Rows("fees", (
    Field("name", help=_("批准收费的文件里的叫法。"), example="机动车号牌工本费"),
    Field("standard", help=_("给群众看的一句话：按什么收，收多少。"), example="每副100元"),
    Field("amount_fen", "money", _("按件收的写金额（元），网上缴费按它生成账单。"), wide=False),
    Field("unit", help=_("按什么计数。"), example="副", wide=False),
    Field("quantity", help=_("数量从表单里哪一题来。"), wide=False),
    Field("basis", help=_("批准收费的文件和文号。"), example="发改价格〔2004〕2831号"),
    Field("reduction", help=_("谁可以减免。")), Field("when", "condition", _("只在某种情形下收的，选那个问题的答案。")),
), {"name": "", "standard": "", "basis": "", "amount_fen": 0}, _("添加收费项目"), _("不收费的，这里一行也不要有。"),
    f"{LICENSING}第五十八条", "fee")  # fmt: skip
MONEY = Section(
    "money",
    _("收多少钱"),
    (FEES, Field("pay_online", "flag", _("申请人可以在网上缴，不用到窗口。不收费的不选。"), LIST)),
)
RESULTS = Rows("results", (
    Field("name", help=_("证照或批文上印的名称。"), example="公共场所卫生许可证"),
    Field("type", "choice", _("叫“证”的是证照，叫“批复”的是批文。"),
          table="result_type", wide=False),
    Field("validity", help=_("有效多久；长期有效的写“长期”。"), example="4年", wide=False),
    Field("delivery", "choices", _("申请人可以怎样拿到，能用的都选上。"), options=DELIVERY),
    Field("sample", "flag", _("办事指南里能看到样子。有结果就要有样本。")),
), {"name": "", "type": "10", "sample": True, "delivery": ["online", "counter"]},
    _("添加一个结果"), _("办好以后给申请人什么。"), LIST)  # fmt: skip
RESULT = Section("result", _("拿到什么"), (RESULTS,))
TOPIC = Section("topics", _("归在哪一类"), (
    Field("topics.person", "choices", _("服务对象有自然人的，至少选一个。"), ground=TOPICS, table="user_topic_type"),
    Field("topics.company", "choices", _("服务对象有法人的，至少选一个。"), ground=TOPICS, table="corp_topic_type"),
))  # fmt: skip
QUESTIONS = Rows("questions", (
    Field("q", help=_("照群众的问法写。"), example="要等装修完再申请吗？"),
    Field("a", "area", _("先说能不能、要不要，再说为什么。"), "要。现场勘验时要看到装修好的样子。"),
), {"q": "", "a": ""}, _("添加一问一答"), _("群众来电最常问的。行政许可至少要有一条。"), LIST)  # fmt: skip
FAQ = Section("faq", _("大家常问"), (QUESTIONS,))

MATERIALS = Rows("materials", (
    Field("name", help=_("写具体的名称，不要写“其他材料”“等”。"), example="房屋租赁合同", ground=ONE_STOP),
    Field("need", "choice", _("缺了就不能受理的是必要；只在某种情形下要的是非必要。"), ground=LIST, table="is_need", wide=False),
    Field("main", "flag", _("审查主要看这一样；主审要件不能容缺。")),
    Field("source", "choice", _("政府部门核发的，先想想能不能免交。"), ground=LIST, table="source_type", wide=False),
    Field("issuing_dept", help=_("政府部门核发的，写明哪个部门。"), example="公安机关", ground=PAPERLESS),
    Field("waive", "choices", _("能用电子证照、数据核验代替的都选上，群众就不用交。"), ground=PAPERLESS, table="waive_mode"),
    Field("licence_types", "choices", _("申请人有其中一种、现在有效的，就不用交；系统自己核对。"), ground=PAPERLESS,
          table=LICENCE_TYPES),
    Field("of_legal_person", "flag", _("单位申请时要的是法定代表人（负责人）自己的证照，比如他的身份证；须经他同意才能用。"),
          PAPERLESS),
    Field("when", "condition", _("只在某种情形下才要的，选那个问题的答案。几个答案都要的，到“情形”页的对照表里勾选。")),
    Field("handle_case", help=_("用一句话告诉群众什么情形下要交。"), example="租房开店的"),
    Field("type", "choice", _("证照、证明选第一种，要填写的表选第二种。"), table="material_type", wide=False),
    Field("format", "choice", _("交纸的还是电子的；两样都收的选第三种。"), table="material_format", wide=False),
    Field("original", "flag", _("要交或出示原件；看复印件就行的不选。")),
    Field("copies", "number", _("纸质的要几份；只收电子的写0。"), wide=False),
    Field("page_format", help=_("纸张大小；不讲究的不填。"), example="A4", wide=False),
    Field("standard", help=_("什么样的算合格。"), example="租期没有到期，双方都签了名"),
    Field("fill_explain", help=_("填写或准备时要注意什么。")), Field("basis", help=_("凭什么要这一样。")),
    Maybe("tolerance", _("可以容缺后补"), (
              Field("days", "number", _("几个工作日内补齐，一般5到20个。"), wide=False),
              Field("explain", help=_("补不齐会怎样。"), example="逾期不补的，撤销受理"),
          ), {"days": 5, "explain": ""},
          _("先受理，几个工作日内补齐。"), PAPERLESS),
    Field("form", help=_("网上填写后自动生成的，写表单的标题。")), Field("self_present", "flag", _("要本人当面签字或拍照的才选。")),
    Field("remark", help=_("只给工作人员看，办事指南里没有。")),
), {"name": "", "type": "3", "format": "3", "need": "1", "source": "10", "copies": 1, "when": "", "waive": [],
    "tolerance": None, "main": False, "issuing_dept": "", "standard": ""}, _("添加材料"),
    _("指南以外的材料一样也不能要。"), ONE_STOP, "material")  # fmt: skip

SECTIONS = (NAMES, BODY, BASIS, WHO, LIMITS, WAYS, WHERE, MONEY, RESULT, TOPIC, FAQ)


def label(name: str, rows: str = "") -> str:
    return {"days": str(_("天数")), "unit": str(_("单位")), "explain": str(_("说明"))}.get(name) or label_of(name, rows)
