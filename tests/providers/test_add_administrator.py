"""The first account of a new installation."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from providers.models import Organization, User

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command("add_administrator", *args, stdout=out)
    return out.getvalue()


def test_makes_an_administrator_whose_password_is_printed_once():
    name, password = run("ruth", "--organization", "Coordination office").split()
    user = User.objects.get(username=name)
    assert user.check_password(password)
    assert user.memberships.get().role == "administrator"


def test_refuses_a_name_that_is_taken_and_writes_nothing():
    run("ruth", "--organization", "Coordination office")
    with pytest.raises(CommandError, match="taken"):
        run("ruth", "--organization", "Another office")
    assert not Organization.objects.filter(name="Another office").exists()
