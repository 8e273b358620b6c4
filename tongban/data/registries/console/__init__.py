"""The registers' pages for staff, each module's list of URLs joined."""

from . import conflicts, looking, pairs, records, registers, rulings

app_name = "registries"
urlpatterns = [
    *looking.urlpatterns,
    *records.urlpatterns,
    *rulings.urlpatterns,
    *conflicts.urlpatterns,
    *pairs.urlpatterns,
    *registers.urlpatterns,
]
