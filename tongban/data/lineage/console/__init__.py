"""Lineage for staff: the picture and its lists, what would feel a change, rows traced back, data assets."""

from . import assets, pictures, rows, values

urlpatterns = [*assets.urlpatterns, *rows.urlpatterns, *values.urlpatterns, *pictures.urlpatterns]
