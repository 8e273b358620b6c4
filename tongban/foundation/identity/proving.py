"""Proving again who one is (step-up): how old a session's last proof is, and the ways to give a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm as PasskeyForm
from django.core.exceptions import ValidationError

from tongban.foundation.kernel.clock import now

from .actions import note_proof
from .forms import ReauthenticateForm as CodeForm
from .queries import proof_counts_for

if TYPE_CHECKING:
    from django.http import HttpRequest

    from .models import Account

# What is typed on the proof page; other names on it belong to the page one came from.
PASSWORD, CODE, PASSKEY = TYPED = ("proof-password", "proof-code", "credential")


def proof_is_old(request: HttpRequest, *, at_a_post: bool) -> bool:
    """Whether the last proof in this session is too old for a binding step: at a post, of a second factor; else of any kind."""
    steps = get_authentication_records(request, request.user)
    last = max((step["at"] for step in steps if not at_a_post or step.get("method") == "mfa"), default=0)
    return bool(now().timestamp() - last > proof_counts_for().total_seconds())


def prove(request: HttpRequest) -> list[str]:
    """Take what was typed as a proof; what is wrong with it, in sentences. Wrong ones are counted as at sign-in."""
    account = cast("Account", request.user)
    try:
        how, faults = _tried(request, account)
    except ValidationError as refusal:  # too many, before anything was looked at
        return list(refusal.messages)
    if not faults:
        note_proof(actor=request.actor, account=account, how=how)  # type: ignore[attr-defined]
    return faults


def _tried(request: HttpRequest, account: Account) -> tuple[str, list[str]]:
    if text := request.POST.get(PASSKEY, ""):
        passkey = PasskeyForm({"credential": text}, user=account)
        return "passkey", _saved(passkey, "credential")
    if text := request.POST.get(CODE, "").strip():
        code = CodeForm({"code": text}, user=account)
        return "code", _saved(code, "code")
    form = PasswordForm({"password": request.POST.get(PASSWORD, "")}, user=account)
    if not form.is_valid():
        return "password", [str(text) for text in form.errors["password"]]
    reauthenticate_by_password(request)
    return "password", []


def _saved(form: CodeForm | PasskeyForm, field: str) -> list[str]:
    if not form.is_valid():
        return [str(text) for text in form.errors[field]]
    form.save()
    return []
