"""Every definition of the demo city is fit to be published: the same check as `tongban items check`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tongban.demo import __file__ as demo
from tongban.demo.loading import LIBRARY, definitions_of
from tongban.foundation.organisations.actions import load_city
from tongban.services.items.actions import check_definition
from tongban.services.items.actions.definitions import sentence

FILES = sorted(Path(demo).parent.glob("definitions/items/*.yaml"))


@pytest.mark.django_db
def test_every_definition_is_fit_to_be_published():
    load_city()
    faults = [
        f"{path.name}: {finding.path}: {sentence(finding)}"
        for path in FILES
        for definition in definitions_of(path)
        for finding in check_definition(definition)[1]
    ]
    assert len(FILES) > 10
    assert not faults, "\n".join(faults)


@pytest.mark.django_db
def test_some_items_have_a_past_that_differs_from_their_present():
    load_city()
    pasts = [texts for texts in map(definitions_of, FILES) if len(texts) > 1]
    assert len(pasts) > 5
    for before, now in pasts:
        assert (before["version"], now["version"]) == (1, 2)
        assert before["effective_on"] < now["effective_on"]
        assert before["visits"] > now["visits"]


def test_what_forms_have_from_the_library_is_what_the_library_holds():
    library = {part["key"]: part["content"] for part in yaml.safe_load(LIBRARY.read_text())}
    groups = [group for path in FILES for group in yaml.safe_load(path.read_text())["form"]["groups"]]
    copies = [field for group in groups for field in group["fields"] if "origin" in field]
    assert len(copies) > 20
    for copy in copies:
        origin = copy.pop("origin")
        assert (copy, origin["version"]) == (library[origin["key"]], 1)
