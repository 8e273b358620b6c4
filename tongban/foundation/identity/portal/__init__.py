"""Pages of one's own account: coming in, choosing in what capacity to act, keeping the account safe, who looked."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("tongban.foundation.identity.portal.entrance")),
    path("account/", include("tongban.foundation.identity.portal.second_factor")),
    path("account/", include("tongban.foundation.identity.portal.proving")),
    path("account/", include("tongban.foundation.identity.portal.forgotten")),
    path("my/", include("tongban.foundation.identity.portal.mine")),
]
