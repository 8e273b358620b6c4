"""How words are made comparable: width, script, case, pinyin, the sounds that people mix up."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003134f"
RUNS = re.compile(f"[{HAN}]+|[a-z0-9]+")
LONGEST_QUERY = 100
# What people say around what they want. Taken off the ends only: inside a word the same characters may carry it.
BEFORE = re.compile(
    "^(?:请问|你好|您好|我想要|我想|我要|我|想要|想问问?|想|要去|要|怎么样|怎么|怎样|如何|去哪里?|在哪里?|哪里|咋个|咋|能不能|可以|可不可以|需要|帮我|给)+"
)
AFTER = re.compile(
    "(?:怎么办理?|怎么弄|如何办理?|咋办|咋个办|要怎么办|办理流程|流程|办理|在哪里?办?|去哪里?办?|哪里办|需要(?:什么|哪些|啥)(?:材料|手续|资料|证件|条件)?"
    "|要(?:什么|哪些|带什么|准备什么)(?:材料|手续|资料|证件|条件)?|多少钱|多久|的手续|手续|吗|呢|啊|呀|了|的)+$"
)
_SIMPLER = OpenCC("t2s")
# Pairs that many speakers of south-western Mandarin, and many fast typists, do not keep apart.
_SOUNDS = ((re.compile("^zh"), "z"), (re.compile("^ch"), "c"), (re.compile("^sh"), "s"), (re.compile("^n"), "l"),
           (re.compile("ng$"), "n"))  # fmt: skip


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Half width, simplified, lower case, words apart by one space, nothing but Han characters, letters and digits."""
    plain = _SIMPLER.convert(unicodedata.normalize("NFKC", text[:4000])).casefold()
    return " ".join(RUNS.findall(plain))


def wanted(query: str) -> str:
    """A folded query without the courtesies around it; the query itself when nothing else is left."""
    folded = fold(query[:LONGEST_QUERY])
    bare = AFTER.sub("", BEFORE.sub("", folded)).strip()
    return bare if len(bare) > 1 else folded


def tokens(folded: str) -> list[str]:
    """Bigrams of Han runs (a lone character as it is), letters and digits as words."""
    found: list[str] = []
    for run in folded.split():
        for part in RUNS.findall(run):
            if part.isascii() or len(part) == 1:
                found.append(part)
            else:
                found.extend(part[place : place + 2] for place in range(len(part) - 1))
    return found


@lru_cache(maxsize=20_000)
def syllables(folded: str) -> tuple[str, ...]:
    """The sounds of a folded text, Latin words as they are: 营业执照 → ying ye zhi zhao."""
    found: list[str] = []
    for run in folded.split():
        found.extend(part.replace("ü", "v") for part in lazy_pinyin(run, style=Style.NORMAL))
    return tuple(found)


@lru_cache(maxsize=4000)
def blurred(syllable: str) -> str:
    """A syllable without the differences that are often not heard: zhang → zan, nü → lv."""
    for pattern, plain in _SOUNDS:
        syllable = pattern.sub(plain, syllable)
    return syllable


def pairs(parts: tuple[str, ...] | list[str]) -> Iterator[str]:
    """Neighbouring syllables joined, so that two sounds in a row are one thing to look for."""
    if len(parts) == 1:
        yield parts[0]
    for first, second in itertools.pairwise(parts):
        yield f"{first} {second}"


def initials(parts: tuple[str, ...]) -> str:
    return "".join(part[0] for part in parts)


def cut(letters: str, known: frozenset[str] | set[str]) -> list[str]:
    """Typed letters as syllables: the way that leaves the fewest letters over, then the fewest syllables."""
    best: list[tuple[int, int, list[str]]] = [(0, 0, [])]
    for end in range(1, len(letters) + 1):
        left, count, parts = best[end - 1]
        options = [(left + 1, count, parts)]
        for start in range(max(0, end - 6), end):
            if letters[start:end] in known:
                left, count, parts = best[start]
                options.append((left, count + 1, [*parts, letters[start:end]]))
        best.append(min(options, key=lambda option: option[:2]))
    return best[-1][2]
