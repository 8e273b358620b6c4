"""Gathering's pages for staff, each module's list of URLs joined."""

from . import jobs, mapping, remapping, runs, sources, steps

urlpatterns = [
    *sources.urlpatterns,
    *mapping.urlpatterns,
    *remapping.urlpatterns,
    *steps.urlpatterns,
    *jobs.urlpatterns,
    *runs.urlpatterns,
]
