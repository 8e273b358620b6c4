"""The operator's outbox, and the notices a department words for itself."""

from . import notices, outbox

urlpatterns = [*outbox.urlpatterns, *notices.urlpatterns]
