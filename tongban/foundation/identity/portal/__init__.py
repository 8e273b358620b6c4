"""Pages of one's own account: signing in, choosing in what capacity to act."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("tongban.foundation.identity.portal.entrance")),
]
