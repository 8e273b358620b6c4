"""The room's pages for staff, each module's list of URLs joined."""

from . import designing, desk, gathering, scenes

# The pages of one licence come last: their names stand where any act may stand.
urlpatterns = [*designing.urlpatterns, *gathering.urlpatterns, *scenes.urlpatterns, *desk.urlpatterns]
