"""The registers' pages for staff, each module's list of URLs joined."""

from . import looking

app_name = "registries"
urlpatterns = [*looking.urlpatterns]
