"""What a verb's page asks for: its fields, and how they are read from what was posted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.http import QueryDict

    from tongban.foundation.kernel.actors import Actor
    from tongban.services.cases.models import Case

Choices = list[tuple[str, Any]]
# Whom the choices are for: the actor, the case, the content of its item version.
Asked = Callable[["Actor", "Case", dict[str, Any]], Choices]


@dataclass(frozen=True)
class Field:
    """One thing to fill in. `kind` is `text`, `area`, `number`, `radio`, `select`, `check` or `checks`."""

    name: str
    label: Any
    kind: str = "text"
    hint: Any = ""
    optional: bool = False
    choices: Asked | None = None
    longest: int = 2000
    value: str = ""  # chosen to begin with

    def read(self, post: Mapping[str, str]) -> Any:
        text = str(post.get(self.name, "")).strip()[: self.longest + 1]
        if self.kind == "check":
            return text == "1"
        if self.kind == "number":
            return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
        return text


@dataclass(frozen=True)
class VerbPage:
    """`title` is on the button, `lead` says what will happen. `danger`: it cannot be taken back. `direct`: no page, one click."""

    title: Any
    lead: Any
    action: Callable[..., Any]
    fields: tuple[Field, ...] = ()
    danger: bool = False
    direct: bool = False
    special: str = ""  # a template of its own for what data cannot say
    read: Callable[[QueryDict], dict[str, Any]] | None = None
    leads: bool = True  # it brings the case on; False: it sets it aside, so its button never stands out

    def given(self, post: QueryDict) -> dict[str, Any]:
        """The action's keywords from what was posted."""
        plain = {field.name: field.read(post) for field in self.fields}
        return plain | (self.read(post) if self.read else {})


def fixed(*choices: tuple[str, Any]) -> Asked:
    return lambda _actor, _case, _content: list(choices)


VERDICT = Field(
    "verdict", gettext_lazy("意见"), "radio",
    choices=fixed(("agree", gettext_lazy("同意")), ("disagree", gettext_lazy("不同意"))),
)  # fmt: skip
