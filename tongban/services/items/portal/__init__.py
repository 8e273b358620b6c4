"""The catalogue's pages for everybody: search and browse, guides, notices."""

from django.urls import path

from .catalogue import catalogue, suggest
from .guide import guide, notice
from .lists import lists

urlpatterns = [
    path("items/", catalogue, name="items"),
    path("items/suggest/", suggest, name="items_suggest"),
    path("items/lists/", lists, name="item_lists"),
    path("items/lists/<slug:kind>/", lists, name="item_list"),
    path("items/<str:code>/", guide, name="item"),
    path("items/<str:code>/notice.pdf", notice, name="item_notice"),
]
