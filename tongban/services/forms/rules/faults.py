"""What can be wrong with an answer or with a definition: a path, a stable code, a plain sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def gettext_noop(text: str) -> str:
    """Mark a sentence for the catalogue; the faces translate it, for rules know no framework."""
    return text


SENTENCES = {
    # of answers
    "required": gettext_noop("请填写“%(label)s”。"),
    "required_choice": gettext_noop("请选择“%(label)s”。"),
    "required_file": gettext_noop("请上传“%(label)s”。"),
    "required_signature": gettext_noop("请在“%(label)s”处签名。"),
    "required_boolean": gettext_noop("请勾选“%(label)s”。"),
    "required_rows": gettext_noop("“%(label)s”至少要填%(min)s项。"),
    "too_many_rows": gettext_noop("“%(label)s”最多填%(max)s项，您填了%(count)s项，请删去多余的。"),
    "unknown_field": gettext_noop("表单里没有“%(key)s”这一项，请去掉后再提交。"),
    "type": gettext_noop("“%(label)s”的内容无法识别，请重新填写。"),
    "too_long": gettext_noop("“%(label)s”最多%(max)s个字，您填了%(count)s个字，请删减。"),
    "far_too_long": gettext_noop("“%(label)s”最多%(max)s个字，您填的内容太长，只保留了开头部分，请删减。"),
    "too_short": gettext_noop("“%(label)s”至少要%(min)s个字。"),
    "pattern": gettext_noop("“%(label)s”的格式不对，请按提示填写。"),
    "control_characters": gettext_noop("“%(label)s”里有无法显示的控制字符，请删除后重新输入。"),
    "private_characters": gettext_noop("“%(label)s”里有自造字，别的电脑显示不出来，请换用标准字，或在说明中写明。"),
    "emoji": gettext_noop("“%(label)s”里不能有表情符号，请删除“%(found)s”。"),
    "not_a_number": gettext_noop("“%(label)s”应填数字，例如 12.5。"),
    "not_an_integer": gettext_noop("“%(label)s”应填整数，例如 12。"),
    "not_money": gettext_noop("“%(label)s”应填金额，例如 1200.50，单位是元。"),
    "too_small": gettext_noop("“%(label)s”不能小于%(min)s。"),
    "too_big": gettext_noop("“%(label)s”不能大于%(max)s。"),
    "too_fine": gettext_noop("“%(label)s”最多保留%(decimals)s位小数。"),
    "option": gettext_noop("“%(label)s”选了不存在的选项，请重新选择。"),
    "too_few_choices": gettext_noop("“%(label)s”至少选%(min)s项。"),
    "too_many_choices": gettext_noop("“%(label)s”最多选%(max)s项。"),
    "same_choice_twice": gettext_noop("“%(label)s”里同一项选了两次，请重新选择。"),
    "id_length": gettext_noop("“%(label)s”应为18位，您填了%(count)s位，请核对。"),
    "id_characters": gettext_noop("“%(label)s”前17位应是数字，最后一位是数字或X，请核对。"),
    "id_birth_date": gettext_noop("“%(label)s”第7至14位不是真实的出生日期，请核对。"),
    "id_check": gettext_noop("“%(label)s”的校验码不对，多半是有一位填错了，请逐位核对。"),
    "uscc_length": gettext_noop("“%(label)s”应为18位，您填了%(count)s位，请对照营业执照核对。"),
    "uscc_characters": gettext_noop("“%(label)s”只能有数字和大写字母（没有I、O、S、V、Z），请对照营业执照核对。"),
    "uscc_check": gettext_noop("“%(label)s”的校验码不对，多半是有一位填错了，请对照营业执照核对。"),
    "phone": gettext_noop("“%(label)s”应填11位手机号，或带区号的座机号，例如 0826-2345678。"),
    "mobile": gettext_noop("“%(label)s”应填11位手机号。"),
    "email": gettext_noop("“%(label)s”不是完整的电子邮箱，例如 name@example.cn。"),
    "date": gettext_noop("“%(label)s”应是日期，例如 2026-03-08。"),
    "unreal_date": gettext_noop("“%(label)s”填的%(value)s不存在，请核对。"),
    "date_too_early": gettext_noop("“%(label)s”不能早于%(min)s。"),
    "date_too_late": gettext_noop("“%(label)s”不能晚于%(max)s。"),
    "date_range": gettext_noop("“%(label)s”请填写开始日期和结束日期。"),
    "date_range_order": gettext_noop("“%(label)s”的结束日期早于开始日期，请核对。"),
    "address_division": gettext_noop("请为“%(label)s”选择到乡镇、街道或村、社区。"),
    "address_unknown": gettext_noop("“%(label)s”选的地区不在行政区划名录里，请重新选择。"),
    "address_detail": gettext_noop("请填写“%(label)s”的门牌号等详细地址。"),
    "file_unknown": gettext_noop("“%(label)s”的文件没有找到，请重新上传。"),
    "birth_mismatch": gettext_noop("“%(label)s”与身份证号里的出生日期不一致，请核对。"),
    "sex_mismatch": gettext_noop("“%(label)s”与身份证号不一致，请核对。"),
    # of definitions
    "structure": gettext_noop("定义写法不对：%(detail)s"),
    "no_label": gettext_noop("请写上给申请人看的字段名称。"),
    "no_title": gettext_noop("请写上名称，或者删去这一行。"),
    "no_message": gettext_noop("请写上不符合时给申请人看的话。"),
    "key_shape": gettext_noop("字段名“%(key)s”只能用小写英文字母、数字和下划线，以字母开头，最多40个字符。"),
    "empty_group": gettext_noop("分组“%(title)s”里还没有字段。"),
    "duplicate_group": gettext_noop("分组名“%(key)s”重复了，请换一个。"),
    "test_differs": gettext_noop(
        "测试“%(name)s”的结果和记下的不一样：%(detail)s。请改表单，或者按现在的结果重新记下。"
    ),
    "duplicate_key": gettext_noop("字段名“%(key)s”重复了，请换一个。"),
    "reserved_key": gettext_noop("字段名“%(key)s”是保留词，请换一个。"),
    "no_options": gettext_noop("字段“%(key)s”需要选项。"),
    "duplicate_option": gettext_noop("字段“%(key)s”的选项“%(value)s”重复了。"),
    "no_fields": gettext_noop("字段“%(key)s”需要列出每项里的字段。"),
    "nested_rows": gettext_noop("字段“%(key)s”里不能再有重复组或表格。"),
    "bound": gettext_noop("字段“%(key)s”的最小值、最大值不合适：数字填数，日期填日期或today+30，文字和选项填个数。"),
    "limits": gettext_noop("字段“%(key)s”的最小值大于最大值。"),
    "expression_syntax": gettext_noop("表达式“%(expression)s”写法不对：%(detail)s"),
    "expression_forbidden": gettext_noop("表达式“%(expression)s”用了不允许的写法：%(detail)s"),
    "expression_name": gettext_noop("表达式“%(expression)s”提到了不存在的“%(name)s”。"),
    "expression_fails": gettext_noop("表达式“%(expression)s”用填好的样例也算不出来：%(detail)s"),
    "cycle": gettext_noop("这些字段的条件互相依赖，绕成了圈：%(circle)s。请改掉其中一个条件。"),
    "unknown_check_field": gettext_noop("核对规则指向了不存在的字段“%(field)s”。"),
}
IN_ROW = gettext_noop("%(group)s第%(number)s项：")


@dataclass(frozen=True)
class Fault:
    """`path` is dotted and counts rows from 0 (`staff.2.id`); `row` is the group's label and the row as people count."""

    path: str
    code: str
    pattern: str
    params: dict[str, Any] = field(default_factory=dict, hash=False)
    row: tuple[str, int] | None = None

    @property
    def text(self) -> str:
        """The sentence in Chinese; `queries.sentence` gives it in the reader's language."""
        return self.say(lambda text: text)

    def say(self, translate: Any) -> str:
        """The sentence in the language of `translate`."""
        sentence = translate(self.pattern)
        sentence = sentence % self.params if self.params else sentence
        if self.row is None:
            return sentence
        return translate(IN_ROW) % {"group": self.row[0], "number": self.row[1]} + sentence


def fault(path: str, code: str, row: tuple[str, int] | None = None, /, **params: Any) -> Fault:
    """A fault with one of our own sentences."""
    return Fault(path, code, SENTENCES[code], params, row)
