"""How figures of supervision are drawn and written."""

from __future__ import annotations

from django import template

from tongban.office.supervision.rules import Bar

register = template.Library()

WIDTH, HEIGHT, GAP = 640, 140, 6


@register.filter
def share(value: float | None) -> str:
    """0.985 → 98.5%; a share of nothing is a dash. Rounded down, so that 99.96 % is never shown as all."""
    return "—" if value is None else f"{int(value * 1000) / 10:g}%"


@register.simple_tag
def drawn(bars: list[Bar]) -> list[dict[str, object]]:
    """Each bar with its place in a drawing of 640 × 140: the whole, and the part in time before it."""
    width = WIDTH / max(len(bars), 1)
    return [
        {
            "bar": bar,
            "x": round(place * width + GAP / 2, 1),
            "width": round(width - GAP, 1),
            "all_y": HEIGHT - bar.height * HEIGHT // 100,
            "all_height": bar.height * HEIGHT // 100,
            "timely_y": HEIGHT - bar.height_on_time * HEIGHT // 100,
            "timely_height": bar.height_on_time * HEIGHT // 100,
        }
        for place, bar in enumerate(bars)
    ]


@register.filter
def of(counts: dict[str, int], name: str) -> int:
    return counts.get(name, 0)
