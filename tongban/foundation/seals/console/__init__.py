"""The desk's pages for seals."""

from django.urls import path

from .applying import application, applications, apply, preview
from .register import lists, lists_export, picture, seal, seals
from .using import ask, check, log, log_export, one_request, requests, use

HERE = "console/seals/"
urlpatterns = [
    path(HERE, seals, name="console-seals"),
    path(f"{HERE}apply/", apply, name="console-seal-apply"),
    path(f"{HERE}preview.svg", preview, name="console-seal-preview"),
    path(f"{HERE}applications/", applications, name="console-seal-applications"),
    path(f"{HERE}applications/<uuid:seal_application_id>/", application, name="console-seal-application"),
    path(f"{HERE}requests/", requests, name="console-seal-requests"),
    path(f"{HERE}requests/<uuid:seal_request_id>/", one_request, name="console-seal-request"),
    path(f"{HERE}requests/<uuid:seal_request_id>/use/", use, name="console-seal-use"),
    path(f"{HERE}log/", log, name="console-seal-log"),
    path(f"{HERE}log/export/", log_export, name="console-seal-log-export"),
    path(f"{HERE}lists/", lists, name="console-seal-lists"),
    path(f"{HERE}lists/export/", lists_export, name="console-seal-lists-export"),
    path(f"{HERE}check/", check, name="console-seal-check"),
    path(f"{HERE}<uuid:seal_id>/", seal, name="console-seal"),
    path(f"{HERE}<uuid:seal_id>/picture.png", picture, name="console-seal-picture"),
    path(f"{HERE}<uuid:seal_id>/ask/", ask, name="console-seal-ask"),
]
