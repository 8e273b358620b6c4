"""What every template may use about the frame it stands in."""

from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    return {"actor": getattr(request, "actor", None)}
