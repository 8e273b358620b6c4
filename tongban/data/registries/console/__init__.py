"""The registers' pages for staff, each module's list of URLs joined."""

from . import amending, conflicts, creating, editing, listing, looking, pairs, records, registers, returned, rulings

app_name = "registries"
urlpatterns = [
    *looking.urlpatterns,
    *creating.urlpatterns,
    *records.urlpatterns,
    *returned.urlpatterns,
    *listing.urlpatterns,
    *amending.urlpatterns,
    *rulings.urlpatterns,
    *editing.urlpatterns,
    *conflicts.urlpatterns,
    *pairs.urlpatterns,
    *registers.urlpatterns,
]
