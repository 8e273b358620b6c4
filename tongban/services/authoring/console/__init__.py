"""The pages that make service items, one module each."""

from django.urls import include, path

urlpatterns = [
    path("", include("tongban.services.authoring.console.drafts")),
    path("", include("tongban.services.authoring.console.elements")),
    path("", include("tongban.services.authoring.console.situations")),
    path("", include("tongban.services.authoring.console.form")),
    path("", include("tongban.services.authoring.console.library")),
    path("", include("tongban.services.authoring.console.letters")),
    path("", include("tongban.services.authoring.console.flow")),
    path("", include("tongban.services.authoring.console.flow_import")),
    path("", include("tongban.services.authoring.console.review")),
    path("", include("tongban.services.authoring.console.rules")),
    path("", include("tongban.services.authoring.console.waiting")),
]
