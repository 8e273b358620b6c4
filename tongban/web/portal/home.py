"""The front door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tongban.foundation.kernel.pages import PUBLIC, audience


@audience(PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")


urlpatterns = [path("", home, name="home")]
