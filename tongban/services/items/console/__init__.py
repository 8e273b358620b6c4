"""The catalogue's pages for staff, each module's list of URLs joined."""

from . import basic, exchange, lifecycle, listed, lists, online, proposals, reviews, tables

# The pages of one item come last: its code stands where the others have their names.
urlpatterns = [
    *listed.urlpatterns,
    *basic.urlpatterns,
    *exchange.urlpatterns,
    *online.urlpatterns,
    *lists.urlpatterns,
    *tables.urlpatterns,
    *reviews.urlpatterns,
    *proposals.urlpatterns,
    *lifecycle.urlpatterns,
]
