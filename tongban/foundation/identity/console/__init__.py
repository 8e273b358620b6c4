"""The consoles of accounts (system administrator), rights (security administrator), deputies (every officer) and the counter."""

from django.urls import include, path

urlpatterns = [
    path("console/staff/", include("tongban.foundation.identity.console.staff")),
    path("console/deputies/", include("tongban.foundation.identity.console.deputies")),
    path("console/persons/", include("tongban.foundation.identity.console.counter")),
    path("console/rights/", include("tongban.foundation.identity.console.rights")),
]
