"""How to get things done here, in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tongban.foundation.kernel.pages import PUBLIC, audience


@audience(PUBLIC)
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/help.html")


urlpatterns = [path("help/", help_page, name="help")]
