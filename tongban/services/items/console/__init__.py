"""The catalogue's pages for staff, each module's list of URLs joined."""

from . import basic, listed

urlpatterns = [*listed.urlpatterns, *basic.urlpatterns]
