"""The catalogue's pages for staff, each module's list of URLs joined."""

from . import listed

urlpatterns = [*listed.urlpatterns]
