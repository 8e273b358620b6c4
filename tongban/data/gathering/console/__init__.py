"""Gathering's pages for staff, each module's list of URLs joined."""

from . import jobs, mapping, runs, sources

urlpatterns = [*sources.urlpatterns, *mapping.urlpatterns, *jobs.urlpatterns, *runs.urlpatterns]
