"""The console of accounts (system administrator) and of rights (security administrator)."""

from django.urls import include, path

urlpatterns = [
    path("console/staff/", include("tongban.foundation.identity.console.staff")),
    path("console/rights/", include("tongban.foundation.identity.console.rights")),
]
