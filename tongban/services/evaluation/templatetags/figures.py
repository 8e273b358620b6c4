"""How figures are written."""

from django import template

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """0.985 → 98.5%; a share of nothing is a dash. Rounded down, so that 99.96 % is never shown as all."""
    return "—" if value is None else f"{int(value * 1000) / 10:g}%"
