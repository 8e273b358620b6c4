"""How personal data is shown to those who need not see it all (`docs/glossary.md`, 脱敏). A mask never lengthens."""

from __future__ import annotations

COMPOUND_SURNAMES = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 "
    "公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 令狐 百里 呼延 东郭 南门 羊舌 微生 公户 公玉 梁丘 左丘 西门".split()
)


def mask_name(name: str) -> str:
    """张* · 张*华 · 欧阳**; a name with `·` keeps its first part."""
    if len(name) <= 1:
        return "*" * len(name)
    if "·" in name:
        first, _, rest = name.partition("·")
        return f"{first}·{'*' * len(rest)}"
    if len(name) > 3 or name[:2] in COMPOUND_SURNAMES:
        return (
            name[:2] + "*" * (len(name) - 2)
            if name[:2] in COMPOUND_SURNAMES
            else (name[0] + "*" * (len(name) - 2) + name[-1])
        )
    return name[0] + "*" if len(name) == 2 else f"{name[0]}*{name[2]}"


def mask_id_number(value: str, *, own: bool = False) -> str:
    """`110***********002X`; on the holder's own screen six characters in front stay."""
    front = 6 if own else 3
    if len(value) <= front + 4:
        return "*" * len(value)
    return value[:front] + "*" * (len(value) - front - 4) + value[-4:]


def mask_phone(value: str) -> str:
    """`138****8000`; a short or landline number keeps its last four."""
    if len(value) == 11:
        return value[:3] + "****" + value[-4:]
    return "*" * max(len(value) - 4, 0) + value[-4:] if len(value) > 4 else "*" * len(value)


def mask_email(value: str) -> str:
    name, at, domain = value.partition("@")
    return f"{name[:1]}{'*' * min(3, max(len(name) - 1, 0))}{at}{domain}"


def mask_address(value: str, *, keep: int = 12) -> str:
    """Down to street or community, the rest hidden."""
    return value if len(value) <= keep else value[:keep] + "*" * min(3, len(value) - keep)
