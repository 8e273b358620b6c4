"""The pages of divisions, boundaries and addresses for staff, each module's list of URLs joined."""

from . import addresses, boundaries, divisions, maps, takeovers

urlpatterns = [
    *maps.urlpatterns,
    *boundaries.urlpatterns,
    *addresses.urlpatterns,
    *takeovers.urlpatterns,
    *divisions.urlpatterns,
]
