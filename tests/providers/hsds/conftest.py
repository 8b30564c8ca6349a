"""A small directory that has one of everything which HSDS says in its own way."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from providers import tokens
from providers.models import Location, Service
from tests import factories as make
from tests.factories import NOW


@pytest.fixture
def directory(db, at):
    """By name: `walk` is public at a place, `line` by telephone for the whole country, `house`
    confidential with a place of its own, `next_door` public at that same place, `desk` for
    partners only, `team` mobile and closed."""
    country = make.area("South Sudan", level=0, pcode="SSD")
    state = make.area("Central Equatoria", parent=country, level=1, pcode="SS01")
    juba = make.area("Juba", parent=state, pcode="SS0101", latitude=4.85, longitude=31.6)
    yei = make.area("Yei", parent=state, pcode="SS0106", latitude=4.09, longitude=30.68)
    clinic, refuge = (make.organization(name, kind="ngo") for name in ("Clinic", "Refuge"))
    gate = _place(clinic, juba, "Gate clinic", 4.8512, 31.5987)
    secret = _place(refuge, juba, "Blue house", 4.8333, 31.6111)
    services = {
        "walk": make.service(
            "health_ongoing", name="Morning clinic", area_=juba, organization_=clinic,
            location=gate, reached_by="walk_in", languages=["pga", "eng"], conditions=["fees"],
            min_age=12, access=["step_free"], phone="+211 920 000 000", unit="none", free=None,
        ),
        "line": make.service(
            "hotline", name="Night line", area_=None, organization_=clinic, remote=True,
            reached_by="phone_first", phone="116", unit="none", free=None,
        ),
        "house": make.service(
            "shelter", name="House of the river", area_=juba, organization_=refuge,
            location=secret, exposure="redacted", serves_men=False, max_son_age=12,
            phone="+211 920 999 999", conditions=["documents"],
        ),
        "next_door": make.service(
            "psychosocial", name="Talks", area_=juba, organization_=refuge, location=secret,
            reached_by="phone_first", reports_to={"police": "law"},
        ),
        "desk": make.service(
            "legal_information", name="Law desk", area_=yei, organization_=clinic,
            exposure="partners",
        ),
        "team": make.service(
            "transport_escort", name="Escort", area_=yei, organization_=clinic, mobile=True,
            comes_to_person=True, covers=[juba], operating="suspended",
            operating_cause="insecurity", synthetic=True,
        ),
    }  # fmt: skip
    return SimpleNamespace(
        country=country, state=state, juba=juba, yei=yei, clinic=clinic, refuge=refuge,
        secret=secret, **services,
    )  # fmt: skip


def _place(organization, area, name, latitude, longitude) -> Location:
    return Location.objects.create(
        organization=organization, area=area, name=name, latitude=latitude, longitude=longitude
    )


@pytest.fixture
def crowd(directory):
    """Many more, to count queries by."""
    for n in range(30):
        make.service(
            "shelter", name=f"One of many {n:02d}", area_=directory.juba, languages=["pga"],
            conditions=["fees"], reports_to={"police": "practice"}, covers=[directory.yei],
        )  # fmt: skip
    return Service.objects


@pytest.fixture
def partner(directory):
    """The headers of a caseworker's machine."""
    return token_of(make.user("caseworker"))


def token_of(user) -> dict[str, str]:
    _row, token = tokens.make_token(user=user, label="A machine", days=7, at=NOW)
    return {"authorization": f"Token {token}"}
