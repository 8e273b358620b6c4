"""The pages of standards for staff, each module's list of URLs joined."""

from . import browsing, writing

urlpatterns = [*browsing.urlpatterns, *writing.urlpatterns]
