"""Record linkage by Splink on a DuckDB of its own (Fellegi and Sunter's model): which of many things may be one.

How often true pairs agree (`m`) is set from what clerks get wrong and told in the open; how often strangers agree by chance (`u`) is
counted on the data themselves, where they are many enough. So the figures are the same every time, and small registers need no training.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from tongban.data.lake.queries import bench

# Kind of an element → its levels: condition over {0} (left) and {1} (right); how often a true pair is on it; how often strangers
# are, where the data show none; how far they agree.
LEVELS: Mapping[str, Sequence[tuple[str, float, float, float]]] = {
    "name": (
        ("{0} = {1}", 0.75, 1e-3, 1.0),
        ("left({0}, 1) = left({1}, 1) and length({0}) = length({1}) and levenshtein({0}, {1}) = 1", 0.15, 1e-2, 0.7),
        ("list_sort(string_split({0}, '')) = list_sort(string_split({1}, ''))", 0.03, 1e-4, 0.6),
        ("ELSE", 0.07, 0.99, 0.0),
    ),
    "date": (
        ("{0} = {1}", 0.8, 1e-4, 1.0),
        (
            "left({0}, 4) = left({1}, 4) and substr({0}, 6, 2) = substr({1}, 9, 2) and substr({0}, 9, 2) = substr({1}, 6, 2)",
            0.05,
            1e-4,
            0.8,
        ),
        ("levenshtein({0}, {1}) = 1", 0.07, 1e-3, 0.7),
        ("ELSE", 0.08, 0.99, 0.0),
    ),
    "number": (
        ("{0} = {1}", 0.3, 1e-6, 1.0),
        ("levenshtein({0}, {1}) <= 1", 0.5, 1e-6, 0.9),
        ("levenshtein({0}, {1}) <= 2", 0.15, 1e-5, 0.6),
        ("ELSE", 0.05, 0.99, 0.0),
    ),
    "phone": (("{0} = {1}", 0.6, 1e-5, 1.0), ("levenshtein({0}, {1}) = 1", 0.05, 1e-5, 0.8), ("ELSE", 0.35, 0.99, 0.0)),
    "text": (("{0} = {1}", 0.6, 1e-5, 1.0), ("ELSE", 0.4, 0.99, 0.0)),
}
# What is somebody's own. A telephone and an address a household shares: with nothing else in common they are kin, whatever the model,
# for which one agreement says nothing of another, makes of both together.
OWN = ("name", "date", "number")
SEED, PAIRS = 5116, 1e6


@dataclass(frozen=True)
class Likely:
    """Two subjects by their numbers, the probability that they are one, and how far each element agrees."""

    left: int
    right: int
    probability: float
    agreement: dict[str, float]


def likely_pairs(
    subjects: Sequence[Mapping[str, Any]], *, kinds: Mapping[str, str], blocks: Sequence[Sequence[str]], at_least: float
) -> Iterator[Likely]:
    """Pairs among `subjects` (`id`, `keyed`, and texts by element), of which one at least has a good key. `blocks`: what two must
    share to be compared at all."""
    loose = sum(1 for one in subjects if not one["keyed"])
    if len(subjects) < 2:
        return
    logging.getLogger("splink").setLevel(logging.ERROR)
    with bench() as duck:
        duck.execute("set preserve_insertion_order = true")
        table = pyarrow.Table.from_pylist([dict(one) for one in subjects])
        duck.register("arrived", table)
        duck.execute("create table subjects as select * from arrived")
        linker = Linker(
            DuckDBAPI(connection=duck).register("subjects"),
            _settings(len(subjects), loose, kinds, blocks),
            log_level=logging.ERROR,
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=SEED)
        found = linker.inference.predict(threshold_match_probability=at_least)
        gammas = [f"gamma_{name}" for name in kinds]
        rows = duck.execute(
            f"select id_l, id_r, match_probability, {', '.join(gammas)} from {found.physical_name} "  # noqa: S608 — names of our own
            "where keyed_l or keyed_r order by match_probability desc, id_l, id_r"
        ).fetchall()
    most = {name: len(LEVELS[kind]) - 1 for name, kind in kinds.items()}
    far = {name: [level[3] for level in reversed(LEVELS[kind])] for name, kind in kinds.items()}
    for left, right, probability, *levels in rows:
        agreement = {
            name: far[name][level] for name, level in zip(kinds, levels, strict=True) if 0 <= level <= most[name]
        }
        if any(agreement.get(name) for name, kind in kinds.items() if kind in OWN):
            yield Likely(left, right, probability, agreement)


def _settings(count: int, loose: int, kinds: Mapping[str, str], blocks: Sequence[Sequence[str]]) -> SettingsCreator:
    pairs = count * (count - 1) / 2
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        probability_two_random_records_match=min(0.5, max(loose, 1) / pairs),
        comparisons=[_comparison(name, kind) for name, kind in kinds.items()],
        blocking_rules_to_generate_predictions=[block_on(*block) for block in blocks],
        additional_columns_to_retain=["keyed"],
        retain_intermediate_calculation_columns=False,
    )


def _comparison(name: str, kind: str) -> dict[str, Any]:
    left, right = f'"{name}_l"', f'"{name}_r"'
    levels: list[dict[str, Any]] = [
        {"sql_condition": f"{left} is null or {right} is null", "label_for_charts": "none", "is_null_level": True}
    ]
    for number, (condition, m, u, _far) in enumerate(LEVELS[kind]):
        level = {
            "sql_condition": condition.format(left, right),
            "label_for_charts": str(number),
            "m_probability": m,
            "u_probability": u,
        }
        levels.append(level | ({"tf_adjustment_column": name} if condition == "{0} = {1}" and kind == "name" else {}))
    return {"output_column_name": name, "comparison_levels": levels}
