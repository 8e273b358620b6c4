"""Where everything is: the one visible list of each room's pages and of the API."""

from django.urls import include, path

urlpatterns = [
    path("", include("tongban.web.portal.home")),
]
