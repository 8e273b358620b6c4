"""The pages of standards for staff, each module's list of URLs joined."""

from . import binding, browsing, writing

urlpatterns = [*binding.urlpatterns, *browsing.urlpatterns, *writing.urlpatterns]
