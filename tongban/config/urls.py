"""Where everything is: the one visible list of each room's pages and of the API."""

from django.urls import include, path

urlpatterns = [
    path("", include("tongban.web.api.mount")),
    path("", include("tongban.web.portal.home")),
    path("", include("tongban.web.health")),
    path("", include("tongban.web.metrics")),
    path("", include("tongban.web.preferences")),
    path("", include("tongban.web.portal.help")),
    path("", include("tongban.web.console.home")),
    path("", include("tongban.web.console.components")),
    path("", include("tongban.foundation.identity.portal")),
    path("", include("tongban.foundation.identity.console")),
    path("", include("tongban.foundation.audit.portal")),
    path("", include("tongban.foundation.trust.portal")),
    path("", include("tongban.foundation.trust.console")),
    path("", include("tongban.foundation.seals.console")),
    path("", include("tongban.foundation.organisations.portal")),
    path("", include("tongban.foundation.organisations.console")),
    path("", include("tongban.office.operations.console")),
    path("", include("tongban.foundation.tasks.console")),
    path("", include("tongban.foundation.letters.portal")),
    path("", include("tongban.foundation.letters.console")),
    path("", include("tongban.foundation.notifications.portal")),
    path("", include("tongban.foundation.notifications.console")),
    path("", include("tongban.foundation.drafting.console")),
    path("", include("tongban.services.items.portal")),
    path("", include("tongban.services.items.console")),
    path("", include("tongban.services.authoring.console")),
    path("", include("tongban.services.payments.portal")),
    path("", include("tongban.services.payments.console")),
    path("", include("tongban.services.licences.portal")),
    path("", include("tongban.services.decisions.portal")),
    path("", include("tongban.services.decisions.console")),
    path("", include("tongban.services.licences.console")),
    path("", include("tongban.services.cases.portal")),
    path("", include("tongban.services.verification.portal")),
    path("", include("tongban.web.portal.my")),
    path("", include("tongban.web.portal.companies")),
    path("", include("tongban.web.portal.addresses")),
    path("", include("tongban.web.console.audit")),
    path("", include("tongban.services.evaluation.portal")),
    path("", include("tongban.services.evaluation.console")),
    path("", include("tongban.services.cases.console")),
    path("", include("tongban.office.supervision.console")),
    path("", include("tongban.office.threats.console")),
    path("", include("tongban.foundation.files.portal")),
    path("", include("tongban.data.registries.console")),
    path("", include("tongban.data.catalogue.console")),
    path("", include("tongban.data.gathering.console")),
    path("", include("tongban.services.forms.console")),
]

handler400 = "tongban.web.refusals.bad_request"
handler403 = "tongban.web.refusals.forbidden"
handler404 = "tongban.web.refusals.not_found"
handler500 = "tongban.web.refusals.broken"
