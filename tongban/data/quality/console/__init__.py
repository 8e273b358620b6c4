"""The pages of data quality for staff, each module's list of URLs joined."""

from . import boards, editing, handling, reports

urlpatterns = [*boards.urlpatterns, *handling.urlpatterns, *editing.urlpatterns, *reports.urlpatterns]
