"""Every definition of the demo city is fit to be published: the same check as `tongban items check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongban.demo import __file__ as demo
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
        for finding in check_definition(path.read_text())[1]
    ]
    assert len(FILES) > 10
    assert not faults, "\n".join(faults)
