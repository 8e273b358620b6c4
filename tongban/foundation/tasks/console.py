"""The operators' page on the background work."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.foundation.kernel.pages import STAFF, audience

from .actions import abandon_job, retry_job
from .queries import work_seen


@audience(STAFF, "tasks.see")
def work(request: HttpRequest) -> HttpResponse:
    return render(request, "tasks/work.html", {"work": work_seen(request.actor)})  # type: ignore[attr-defined]


@audience(STAFF, "tasks.see")
@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    retry_job(actor=request.actor, job_id=job_id)  # type: ignore[attr-defined]
    messages.success(request, _("已重新排队，稍后自动执行。"))
    return redirect("tasks:work")


@audience(STAFF, "tasks.see")
@require_POST
def abandon(request: HttpRequest, job_id: int) -> HttpResponse:
    abandon_job(actor=request.actor, job_id=job_id, reason=request.POST.get("reason", ""))  # type: ignore[attr-defined]
    messages.success(request, _("已放弃，不再执行。"))
    return redirect("tasks:work")


app_name = "tasks"
urlpatterns = [
    path("console/tasks/", work, name="work"),
    path("console/tasks/<int:job_id>/retry/", retry, name="retry"),
    path("console/tasks/<int:job_id>/abandon/", abandon, name="abandon"),
]
