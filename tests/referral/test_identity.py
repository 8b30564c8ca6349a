"""Name and contact: sealed at rest, opened by few, every look and every refusal written down."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from referral import services as case_work
from referral.identity import services
from referral.identity.models import Identity
from referral.models import AccessRecord
from referral.sealed import UnableToOpen
from tests import factories as make
from tests.factories import NOW
from tests.people import agreed, asked, body, browser, open_case, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
TEXTS = {"name": "Awut Deng", "contact": "At the bakery", "story": "Came over the river"}


@pytest.fixture
def case(cast):
    """A case with something written about the person."""
    found = open_case(cast)
    services.write_identity(case=found, user=cast.caseworker, at=NOW, **TEXTS)
    return found


def looks(case, outcome: str):
    return AccessRecord.objects.filter(case=case, what="identity", outcome=outcome)


class TestAtRest:
    def test_no_column_holds_a_readable_word(self, case):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM identity_identity")
            raw = b" ".join(_bytes(value) for value in cursor.fetchone())
        for words in TEXTS.values():
            assert words.encode() not in raw

    def test_opens_in_its_own_row(self, case):
        found = Identity.objects.get(case=case)
        assert [found.name, found.contact, found.story] == list(TEXTS.values())

    def test_does_not_open_in_another_row(self, cast, case):
        other = open_case(cast)
        services.write_identity(
            case=other, user=cast.caseworker, at=NOW, name="x", contact="", story=""
        )
        stolen = Identity.objects.get(case=case).name_sealed
        Identity.objects.filter(case=other).update(name_sealed=stolen)
        with pytest.raises(UnableToOpen):
            _ = Identity.objects.get(case=other).name

    def test_does_not_open_in_another_column(self, case):
        stolen = Identity.objects.get(case=case).name_sealed
        Identity.objects.filter(case=case).update(contact_sealed=stolen)
        with pytest.raises(UnableToOpen):
            _ = Identity.objects.get(case=case).contact


def _bytes(value) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


class TestTheCaseworker:
    @pytest.fixture
    def worker(self, cast):
        return browser(cast.caseworker)

    def test_gives_a_reason_first_and_sees_nothing_before(self, case, worker):
        shown = text(worker.get(f"/cases/{case.pk}/person/"))
        assert "Why do you need it now?" in shown
        assert TEXTS["name"] not in shown
        assert not looks(case, "read").exists()

    def test_opens_it_with_a_reason_and_that_is_written_down(self, cast, case, worker):
        answer = worker.post(f"/cases/{case.pk}/person/", {"reason": "To agree on a time"})
        assert TEXTS["name"] in text(answer)
        look = looks(case, "read").get()
        assert (look.by, look.reason) == (cast.caseworker, "To agree on a time")

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 201])
    def test_opens_nothing_without_a_reason(self, case, worker, reason):
        answer = worker.post(f"/cases/{case.pk}/person/", {"reason": reason})
        assert answer.status_code == 422
        assert TEXTS["name"] not in text(answer)
        assert not looks(case, "read").exists()

    def test_shows_nothing_that_could_not_be_written_down(self, case, worker, monkeypatch):
        def fail(**_):
            raise RuntimeError("the trail is away")

        monkeypatch.setattr(case_work, "read_identity", fail)
        with pytest.raises(RuntimeError):
            worker.post(f"/cases/{case.pk}/person/", {"reason": "To agree on a time"})

    def test_writes_it_and_that_is_written_down(self, case, worker):
        before = looks(case, "written").count()
        worker.post(f"/cases/{case.pk}/person/write/", {"name": "Nyanut"})
        assert Identity.objects.get(case=case).name == "Nyanut"
        assert looks(case, "written").count() == before + 1

    def test_may_leave_everything_empty(self, case, worker):
        worker.post(f"/cases/{case.pk}/person/write/", {})
        assert Identity.objects.get(case=case).name is None

    def test_reads_of_the_panel_only_the_way_in(self, case, worker):
        part = text(worker.get(f"/cases/{case.pk}/person/panel/", headers={"HX-Request": "true"}))
        whole = text(worker.get(f"/cases/{case.pk}/person/panel/"))
        assert part in whole
        assert TEXTS["name"] not in whole

    def test_is_not_changed_by_a_get(self, case, worker):
        assert worker.get(f"/cases/{case.pk}/person/write/").status_code == 405


class TestEverybodyElse:
    @pytest.mark.parametrize("path", ["", "panel/"])
    @pytest.mark.parametrize(
        "name", ["colleague", "supervisor", "provider", "stranger", "excluded", "coordinator"]
    )
    def test_meets_the_same_page_as_for_no_such_case_and_is_written_down(
        self, cast, case, name, path
    ):
        user = getattr(cast, name)
        client = browser(user)
        foreign = client.get(f"/cases/{case.pk}/person/{path}")
        missing = client.get(f"/cases/{uuid4()}/person/{path}")
        assert foreign.status_code == missing.status_code == 404
        assert body(foreign) == body(missing).replace(*_paths(missing, foreign))
        assert looks(case, "denied").get().by == user


def _paths(one, other) -> tuple[str, str]:
    return one.wsgi_request.path, other.wsgi_request.path


class TestAProvider:
    @pytest.fixture
    def house(self, cast):
        return browser(cast.provider)

    def opens(self, house, case) -> bool:
        answer = house.post(f"/cases/{case.pk}/person/", {"reason": "She is here"})
        return answer.status_code == 200 and TEXTS["name"] in text(answer)

    def test_may_not_before_the_yes(self, cast, case, house):
        asked(cast, case)
        assert not self.opens(house, case)

    def test_may_after_the_yes_but_reads_no_story_and_writes_nothing(self, cast, case, house):
        agreed(cast, case)
        answer = house.post(f"/cases/{case.pk}/person/", {"reason": "She is here"})
        assert TEXTS["contact"] in text(answer)
        assert TEXTS["story"] not in text(answer)
        assert house.post(f"/cases/{case.pk}/person/write/", {"name": "x"}).status_code == 404
        assert looks(case, "read").get().by == cast.provider
        assert looks(case, "denied").exists()

    def test_may_not_where_name_and_contact_were_not_agreed_to(self, cast, case, house):
        agreed(cast, case)
        case.consents.update(data=["basics"])
        assert not self.opens(house, case)

    def test_may_no_more_when_sharing_is_taken_back(self, cast, case, house):
        agreed(cast, case)
        by = make.by(cast.caseworker)
        case_work.withdraw_consent(consent_id=case.consents.get().pk, by=by, at=NOW)
        assert not self.opens(house, case)

    def test_may_no_more_when_help_has_ended(self, cast, case, house):
        referral = agreed(cast, case)
        by = make.by(cast.caseworker)
        case_work.arrive(referral_id=referral.pk, said_by="person", by=by, at=NOW)
        case_work.complete(referral_id=referral.pk, said_by="person", by=by, at=NOW)
        assert not self.opens(house, case)

    def test_finds_the_way_in_on_the_card_only_while_it_may(self, cast, case, house):
        referral = agreed(cast, case)
        assert f"/cases/{case.pk}/person/" in text(house.get(f"/inbox/{referral.pk}/"))
        case.consents.update(data=["basics"])
        assert f"/cases/{case.pk}/person/" not in text(house.get(f"/inbox/{referral.pk}/"))
