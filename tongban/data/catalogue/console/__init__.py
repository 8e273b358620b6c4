"""The catalogue's pages for staff, each module's list of URLs joined."""

from . import browsing, editing, exchange, lists, reviews

# The pages of one entry come last: its id stands where the others have their names.
urlpatterns = [
    *exchange.urlpatterns,
    *lists.urlpatterns,
    *reviews.urlpatterns,
    *editing.urlpatterns,
    *browsing.urlpatterns,
]
