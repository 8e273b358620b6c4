"""Situation trees made up by hypothesis, and small ones written by hand."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

VALUES = ("x", "y", "z")


def question(key: str, *options: Any, **more: Any) -> dict[str, Any]:
    """A question whose options are values, or mappings with more about them."""
    made = [
        {"value": o, "label": f"{key}{o}"} if isinstance(o, str) else {"label": f"{key}{o['value']}", **o}
        for o in options
    ]
    return {"key": key, "question": f"{key}？", "options": made, **more}


def material(key: str, when: str = "", **more: Any) -> dict[str, Any]:
    return {"key": key, "name": f"材料{key}", "when": when, **more}


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """An item's content: a tree, materials with conditions on it, on the kind of applicant and on a form's tick."""
    keys = iter(f"q{n}" for n in range(100))
    tree = draw(st.lists(st.deferred(lambda: _questions(keys, 2)), max_size=2))
    asked = sorted(_keys_of(tree)) or ["q0"]
    materials = [material(f"m{n}", when) for n, when in enumerate(draw(st.lists(conditions(asked), max_size=4)))]
    form = {"groups": [{"key": "g", "fields": [
        {"key": "tick", "type": "boolean", "show_if": draw(st.one_of(st.just(""), conditions(asked, free=False)))},
    ]}]}  # fmt: skip
    return {
        "situations": tree,
        "materials": materials,
        "form": form,
        "applicants": draw(st.sampled_from([["person"], ["person", "company"]])),
        "promise": {"days": 5, "unit": "1"},
    }


def _questions(keys: Any, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    def make(parts: list[tuple[list[dict[str, Any]], bool]]) -> dict[str, Any]:
        options = []
        for value, (then, stops) in zip(VALUES, parts, strict=False):
            options.append({"value": value, "then": then, **({"stop": "不能办"} if stops else {})})
        return question(next(keys), *options)

    then = st.lists(st.deferred(lambda: _questions(keys, depth - 1)), max_size=1) if depth else st.just([])
    return st.lists(st.tuples(then, st.integers(0, 9).map(lambda n: n == 0)), min_size=2, max_size=3).map(make)


def _keys_of(tree: list[dict[str, Any]]) -> set[str]:
    found = set()
    for asked in tree:
        found.add(asked["key"])
        for option in asked["options"]:
            found |= _keys_of(option.get("then") or [])
    return found


def conditions(keys: list[str], *, free: bool = True) -> st.SearchStrategy[str]:
    """Conditions about these questions; `free`: also about the applicant and the form's tick."""
    atoms = [
        st.builds("situation.{} {} '{}'".format, st.sampled_from(keys), st.sampled_from(["==", "!="]), st.sampled_from([*VALUES, "none"])),
        st.builds("situation.{} in ['{}', '{}']".format, st.sampled_from(keys), st.sampled_from(VALUES), st.sampled_from(VALUES)),
    ]  # fmt: skip
    if free:
        atoms += [st.sampled_from(["applicant.kind == 'company'", "tick == true"])]
    return st.recursive(
        st.one_of(atoms),
        lambda inner: st.one_of(
            st.builds("({}) and ({})".format, inner, inner),
            st.builds("({}) or ({})".format, inner, inner),
            st.builds("{} and {}".format, inner, inner),
            st.builds("not ({})".format, inner),
        ),
        max_leaves=4,
    )
