"""Which items answer to some words: an index over bigrams, sounds and whole phrases, small enough to sit in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log

from rapidfuzz import fuzz, process

from .words import blurred, cut, fold, initials, pairs, syllables, tokens, wanted

NAME, PLAIN, SYNONYM, MAIN, SUMMARY, TOPIC, DEPARTMENT, TEXT = 4.0, 4.5, 4.5, 2.0, 1.2, 0.8, 0.6, 0.4
GUIDE_ABOVE_ROW = 1.3  # a guide one can act on stands above a bare row of the list
SAME_WORDS = 14.0
PHRASE_INSIDE = 8.0
SOUND, BLURRED_SOUND, SYNONYM_OF_QUERY = 0.55, 0.3, 0.9
SHORT_NAME = 12
LONGEST_PHRASE = 16
LATIN_LONGEST = 40


@dataclass(frozen=True)
class Entry:
    """What can be found of one item. `phrases` are whole things people say; `fields` are (weight, text)."""

    key: str
    is_guide: bool
    name: str
    phrases: tuple[tuple[float, str], ...]
    fields: tuple[tuple[float, str], ...] = ()


@dataclass
class Ranking:
    """Keys with their scores, best first, and how much of the query the best one covers (0 to 1)."""

    scores: list[tuple[str, float]]
    coverage: float
    meant: list[str] = field(default_factory=list)


class Index:
    """Built once for a state of the catalogue, then only read: safe for any number of threads."""

    def __init__(self, entries: Iterable[Entry], synonyms: Mapping[str, list[str]]) -> None:
        self.entries = list(entries)
        # Also without what `wanted` takes off a query, or 执照丢了 would never be met again.
        self.synonyms = {
            key: [fold(text) for text in means]
            for word, means in synonyms.items()
            for key in (fold(word), wanted(word))
        }
        self._words: dict[str, dict[int, float]] = defaultdict(dict)
        self._sounds: dict[str, dict[int, float]] = defaultdict(dict)
        self._blurs: dict[str, dict[int, float]] = defaultdict(dict)
        self._phrases: dict[str, dict[int, float]] = defaultdict(dict)
        self._written: dict[str, str] = {}
        for place, entry in enumerate(self.entries):
            self._add(place, entry)
        self._spoken = [(phrase, "".join(syllables(phrase))) for phrase in self._phrases]
        self._letters = [letters for _, letters in self._spoken]
        self._initials = [initials(syllables(phrase)) for phrase in self._phrases]
        self._known = {part for phrase in self._phrases for part in syllables(phrase)}

    def _add(self, place: int, entry: Entry) -> None:
        for weight, text in entry.phrases:
            phrase = fold(text)
            if not phrase:
                continue
            # A long name says less by each of its words than a short one.
            weight /= 0.7 + 0.3 * max(1.0, len(phrase) / SHORT_NAME)
            _raise(self._words, tokens(phrase), place, weight)
            sounds = syllables(phrase)
            _raise(self._sounds, pairs(sounds), place, weight)
            _raise(self._blurs, pairs([blurred(part) for part in sounds]), place, weight)
            self._written.setdefault(phrase, text)
            self._phrases[phrase][place] = max(weight, self._phrases[phrase].get(place, 0.0))
        for weight, text in entry.fields:
            _raise(self._words, tokens(fold(text)), place, weight)

    def rank(self, query: str) -> Ranking:
        """Every entry that answers to the query, best first."""
        text = wanted(query)
        scores: dict[int, float] = defaultdict(float)
        if not text:
            return Ranking([], 0.0)
        coverage = self._score_words(text, scores, 1.0)
        for meaning, share in self._meanings(text):
            # The more of what was said a synonym stands for, the surer it is what was meant.
            coverage = max(coverage, self._score_words(meaning, scores, SYNONYM_OF_QUERY * (0.5 + share)))
            for place, strength in self._phrases.get(meaning, {}).items():
                scores[place] += SAME_WORDS * share * strength / PLAIN
        self._score_phrases(text, scores)
        self._score_sounds(text, scores)
        for place in scores:
            if self.entries[place].is_guide:
                scores[place] *= GUIDE_ABOVE_ROW
        ordered = sorted(scores.items(), key=lambda item: (-item[1], len(self.entries[item[0]].name)))
        return Ranking([(self.entries[place].key, score) for place, score in ordered], coverage)

    def _score_words(self, text: str, scores: dict[int, float], worth: float) -> float:
        """Add what each entry earns by the words themselves; entries that cover more of the query earn more than their share."""
        weights = {token: self._rarity(self._words, token) for token in dict.fromkeys(tokens(text))}
        total = sum(weights.values()) or 1.0
        earned: dict[int, float] = defaultdict(float)
        covered: dict[int, float] = defaultdict(float)
        for token, weight in weights.items():
            for place, strength in self._words.get(token, {}).items():
                earned[place] += weight * strength
                covered[place] += weight
        best = 0.0
        for place, score in earned.items():
            share = covered[place] / total
            scores[place] += worth * score / total * (0.15 + share * share) * 3
            best = max(best, share)
        return best

    def _score_phrases(self, text: str, scores: dict[int, float]) -> None:
        """A phrase that is the query, or stands in it, counts as a whole."""
        solid = text.replace(" ", "")
        for place, strength in self._phrases.get(text, {}).items():
            scores[place] += SAME_WORDS * strength / PLAIN
        for size in range(2, min(len(solid), LONGEST_PHRASE) + 1):
            for start in range(len(solid) - size + 1):
                for place, strength in self._phrases.get(solid[start : start + size], {}).items():
                    scores[place] += PHRASE_INSIDE * strength / PLAIN * size / len(solid)

    def _score_sounds(self, text: str, scores: dict[int, float]) -> None:
        """Homophones and pinyin, exact and as often misheard; letters also by initials and by likeness."""
        latin = "".join(part for part in text.split() if part.isascii() and part.isalpha())[:LATIN_LONGEST]
        sounds = list(syllables(text))
        if latin and latin == text.replace(" ", ""):
            sounds = cut(latin, self._known)
            self._score_letters(latin, scores)
        if len(sounds) < 2:
            return
        # Pinyin typed by hand is often cut short or misspelt, so its sounds weigh nearly as much as words.
        worth = 1.0 if latin else SOUND
        self._score_pairs(self._sounds, sounds, scores, worth)
        self._score_pairs(self._blurs, [blurred(part) for part in sounds], scores, worth * BLURRED_SOUND / SOUND)

    def _score_pairs(
        self, postings: Mapping[str, dict[int, float]], parts: list[str], scores: dict[int, float], worth: float
    ) -> None:
        weights = {pair: self._rarity(postings, pair) for pair in dict.fromkeys(pairs(parts))}
        total = sum(weights.values()) or 1.0
        earned: dict[int, float] = defaultdict(float)
        covered: dict[int, float] = defaultdict(float)
        for pair, weight in weights.items():
            for place, strength in postings.get(pair, {}).items():
                earned[place] += weight * strength
                covered[place] += weight
        for place, score in earned.items():
            share = covered[place] / total
            scores[place] += worth * score / total * (0.15 + share * share) * 2

    def _score_letters(self, latin: str, scores: dict[int, float]) -> None:
        phrases = list(self._phrases.values())
        if 2 <= len(latin) <= 10:
            for place_of_phrase, short in enumerate(self._initials):
                if latin in short:
                    closeness = len(latin) / len(short)
                    for place, strength in phrases[place_of_phrase].items():
                        scores[place] += SAME_WORDS * closeness * strength / PLAIN
        if len(latin) >= 5:
            alike = process.extract(latin, self._letters, scorer=fuzz.ratio, limit=15, score_cutoff=70)
            for _, likeness, place_of_phrase in alike:
                for place, strength in phrases[place_of_phrase].items():
                    scores[place] += PHRASE_INSIDE * (likeness / 100) ** 3 * strength / PLAIN

    def _rarity(self, postings: Mapping[str, dict[int, float]], token: str) -> float:
        """A word that few entries have says more; one that none has still belongs to the query."""
        return log(1 + len(self.entries) / (1 + len(postings.get(token, ()))))

    def _meanings(self, text: str) -> list[tuple[str, float]]:
        """What the catalogue calls what was said, and how much of it: the longest synonyms in it, none inside another."""
        solid, start = text.replace(" ", ""), 0
        found: dict[str, float] = {}
        while start < len(solid):
            for size in range(min(LONGEST_PHRASE, len(solid) - start), 1, -1):
                if means := self.synonyms.get(solid[start : start + size]):
                    found |= {meaning: size / len(solid) for meaning in means if meaning not in found}
                    start += size - 1
                    break
            start += 1
        return list(found.items())

    def alike(self, query: str, limit: int = 3) -> list[str]:
        """Phrases that sound like the query: 'did you mean'."""
        text = wanted(query)
        spoken = "".join(syllables(text))
        if len(spoken) < 4:
            return []
        near = process.extract(spoken, self._letters, scorer=fuzz.ratio, limit=limit * 3, score_cutoff=78)
        found = [self._spoken[place][0] for _, _, place in near]
        return [self._written[phrase] for phrase in dict.fromkeys(found) if phrase != text][:limit]

    def completions(self, typed: str, limit: int = 8) -> list[tuple[str, str]]:
        """Phrases that begin with, contain or sound like what is typed so far: (phrase, key of its best entry)."""
        text = fold(typed[:LONGEST_PHRASE]).replace(" ", "")
        if not text:
            return []
        letters = text if text.isascii() else None
        found: list[tuple[float, int, str, str]] = []
        for number, (phrase, spoken) in enumerate(self._spoken):
            place = _match(text, letters, phrase, spoken, self._initials[number])
            if place is not None:
                best = max(
                    self._phrases[phrase].items(), key=lambda item: item[1] + self.entries[item[0]].is_guide * 9
                )[0]
                found.append((place - 0.5 * self.entries[best].is_guide, len(phrase), phrase, self.entries[best].key))
        chosen: dict[str, str] = {}
        for _, _, phrase, key in sorted(found):
            if key not in chosen.values():
                chosen[self._written[phrase]] = key
            if len(chosen) == limit:
                break
        return list(chosen.items())


def _match(text: str, letters: str | None, phrase: str, spoken: str, short: str) -> float | None:
    """How well a phrase completes what is typed: 0 begins with it, 1 contains it; None not at all."""
    solid = phrase.replace(" ", "")
    if letters is None:
        where = solid.find(text)
        return None if where < 0 else min(where, 1)
    if spoken.startswith(letters) or short.startswith(letters):
        return 0
    return 1 if solid.startswith(letters) else None


def _raise(postings: dict[str, dict[int, float]], words: Iterable[str], place: int, weight: float) -> None:
    """Give an entry the best weight any of its fields gives a word, and a little for each further one."""
    for word in words:
        row = postings[word]
        before = row.get(place, 0.0)
        row[place] = max(before, weight) + 0.1 * min(before, weight)
