"""The staff's pages about cases: worklist, case page, one page a verb, counter."""

from . import case, counter, desk, intake, signatures, verb, worklist

urlpatterns = [
    *worklist.urlpatterns,
    *counter.urlpatterns,
    *intake.urlpatterns,
    *desk.urlpatterns,
    *case.urlpatterns,
    *signatures.urlpatterns,
    *verb.urlpatterns,
]
