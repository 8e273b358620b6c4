"""`/metrics` for Prometheus: what this web server's processes counted, and the state of the house as everybody shares it."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from hmac import compare_digest
from itertools import groupby

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.kept import kept
from tongban.foundation.kernel.pages import PUBLIC, audience
from tongban.office.operations.measuring import HELP, measures
from tongban.office.operations.queries import gather, version
from tongban.office.operations.rules import Measure

KEPT_SECONDS = 5.0
HERE = frozenset({"127.0.0.1", "::1"})
THROUGH_A_PROXY = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED")


@kept(seconds=KEPT_SECONDS)
def _measures() -> list[Measure]:
    """However many ask, the database is asked once in a few seconds."""
    return measures(gather())


class House(Collector):
    """The state of the house, asked when it is read."""

    def collect(self) -> Iterator[Metric]:
        said = {"version": version(), "python": platform.python_version(), "django": django.get_version()}
        about = GaugeMetricFamily("tongban_build_info", "Which release answers", labels=list(said))
        about.add_metric(list(said.values()), 1)
        yield about
        for name, ones in groupby(
            sorted(_measures(), key=lambda one: (one.name, one.labels)), key=lambda one: one.name
        ):
            rows = list(ones)
            family = GaugeMetricFamily(name, HELP[name], labels=[label for label, _ in rows[0].labels])
            for row in rows:
                family.add_metric([value for _, value in row.labels], row.value)
            yield family


def _registry() -> CollectorRegistry:
    """With several processes each writes its counts into a shared folder, and whoever is asked adds them up."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "")
        return compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    return request.META.get("REMOTE_ADDR") in HERE and not any(name in request.META for name in THROUGH_A_PROXY)


@audience(PUBLIC)
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever holds the token; without one, for this machine itself. To everybody else it is not there."""
    if not _may_read(request):
        raise NotFound
    house = CollectorRegistry()
    house.register(House())
    return HttpResponse(generate_latest(_registry()) + generate_latest(house), content_type=CONTENT_TYPE_LATEST)


urlpatterns = [path("metrics", metrics)]
