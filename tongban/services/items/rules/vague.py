"""The ban on catch-all clauses (兜底条款): 国办发〔2018〕45号, 国发〔2022〕5号. A material is named or it is not asked for."""

from __future__ import annotations

import re

# Whole phrases first, so that the person reads the phrase that offends and not a piece of it.
PHRASES = re.compile(
    "法律、?法规、?(?:和|及|、)?(?:规章、?)?(?:所)?规定的其他[一-鿿]{0,6}(?:材料|资料|条件|情形|证明|文件)"
    "|(?:有关|相关|主管|审批)部门(?:要求|规定|指定|认为(?:必要|需要))的?(?:提[供交]的?)?(?:其他)?(?:材料|资料|文件|证明)?"
    "|其他(?:有关|相关|必要|需要|所需|应当提交|需提交)?的?(?:证明)?(?:材料|资料|文件|证明|手续|证件)"
    "|(?:有关|相关)的?(?:证明)?(?:材料|资料|证明|文件|手续|证件)"
    "|(?:认为|视情况)(?:需要|必要)[一-鿿]{0,8}?(?:材料|资料|文件)"
    "|必要的(?:材料|资料|文件)"
)
# 等 leaves a list open, except inside words (等级, 平等, 高等, 等额 …) and before a count that closes the list (等3项).
OPEN_ENDED = re.compile(
    "(?<![同平高中初特优上下甲乙丙何劣次不均相对超降减久稍一二三四五六七])等(?![级次效于同候待额位距价式值量边分腰温压])(?!\\s?[0-9０-９一二两三四五六七八九十]+[项种类份个])"
)
NOUN = re.compile("等(?:的?(?:有关|相关)?(?:证明)?(?:材料|资料|证明|文件|证件|手续))?")


def offending_words(text: str) -> list[str]:
    """The words of a text that leave open what must be brought, in order of appearance, each once."""
    found = {match.start(): match.group() for match in PHRASES.finditer(text)}
    for match in OPEN_ENDED.finditer(text):
        noun = NOUN.match(text, match.start())
        words = noun.group() if noun else "等"
        found = {
            start: word for start, word in found.items() if not match.start() <= start < match.start() + len(words)
        }
        found[match.start()] = words
    return list(dict.fromkeys(found[start] for start in sorted(found)))
