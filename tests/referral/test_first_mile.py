"""A note from the field: without account, name or story; taken up by one, against a clock."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from providers.models import Membership
from referral import services as case_work
from referral import sweep
from referral.errors import UnableToAct
from referral.firstmile import clock, codes, duties, limits, rules, services
from referral.firstmile.models import Heard, Signal, SignalLook, State, Tally
from referral.lifecycle import Hand
from referral.models import Case, Contact, Turn
from referral.services import By
from tests import factories as make
from tests.factories import NOW
from tests.people import text

pytestmark = pytest.mark.django_db
BACK = {"channel": "A text message", "where": "0912 ZQ", "hours": "after 18", "words": "books"}
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def desk(state, caseworker):
    return duties.begin(organization=employer(caseworker), area=state, at=NOW)


@pytest.fixture
def at(monkeypatch):
    """A clock to turn."""
    moment = {"now": NOW}
    monkeypatch.setattr("providers.clock.now", lambda: moment["now"])
    return moment


def employer(user):
    return Membership.objects.of(user).get().organization


def receive(area, **facts) -> Signal:
    facts.setdefault("sending", f"s{Signal.objects.count()}")
    facts = {"urgency": "urgent", "number": 2, "call_back": BACK, "language": "pga"} | facts
    return Signal.objects.get(code=services.receive(area=area, at=NOW, **facts))


def taken(area, by, **facts) -> Signal:
    signal = receive(area, **facts)
    services.take(signal_id=signal.pk, by=by, at=NOW)
    return Signal.objects.get(pk=signal.pk)


def open_case(signal, caseworker, *, alone="yes", safe_now="yes", **more):
    by = By(Hand.CASEWORKER, caseworker)
    moment = {"alone": alone, "safe_now": safe_now} | more
    return services.open_case(signal_id=signal.pk, by=by, at=NOW, **moment)


# ------------------------------------------------------------------------- the page of the field
def note_url(state) -> str:
    return f"{reverse('firstmile:note')}?state={state.pcode}"


def fields(page: str) -> set[str]:
    """What the page's own part asks for."""
    part = page.partition("<main")[2].partition("</main")[0]
    return set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', part))


def filled(client, state, county, at, **more) -> dict:
    """The page is read for some seconds before it is sent."""
    shown = client.get(note_url(state)).content.decode()
    key = re.search(r'name="page" value="([^"]+)"', shown)[1].replace("&quot;", '"')
    at["now"] += timedelta(seconds=30)
    return {"page": key, "area": county.pcode, "urgency": "urgent", "number": "2"} | more


def send(client, state, county, at, **more):
    return client.post(note_url(state), filled(client, state, county, at, **more))


def code_on(answer) -> str:
    return re.search(r'<strong dir="ltr">(\w+)</strong>', answer.content.decode())[1]


def test_a_note_needs_no_account_and_has_no_field_for_a_name_or_a_story(
    client, state, county, desk
):
    shown = client.get(note_url(state)).content.decode()
    assert fields(shown) == {
        "csrfmiddlewaretoken", "page", "area", "urgency", "number", "channel", "where", "hours",
        "words", "language", "writer", "not_to_kinds",
    }  # fmt: skip
    assert "<textarea" not in shown


def test_a_note_reaches_the_desk_above_with_a_time_and_its_way_back_is_sealed(
    client, state, county, desk, at
):
    answer = send(client, state, county, at, channel="text", where="0912 ZQ")
    signal = Signal.objects.get(code=code_on(answer))
    assert (signal.duty, signal.area, signal.number) == (desk, county, 2)
    assert signal.due_at == at["now"] + timedelta(hours=24)
    assert b"ZQ" not in bytes(signal.call_back_sealed)
    assert signal.call_back["where"] == "0912 ZQ"


def test_the_desk_of_the_county_comes_before_that_of_the_state(state, county, desk):
    nearer = duties.begin(organization=make.organization(), area=county, at=NOW)
    assert receive(county).duty == desk  # nobody works there
    make.user("caseworker", nearer.organization)
    assert receive(county).duty == nearer


def test_the_same_form_sent_twice_is_one_note_with_one_code(client, state, county, desk, at):
    told = filled(client, state, county, at)
    first, second = (client.post(note_url(state), told) for _n in range(2))
    assert code_on(first) == code_on(second)
    assert Signal.objects.count() == 1
    assert client.post(note_url(state), told | {"number": "3"}).status_code == 200
    assert Signal.objects.count() == 2  # mended, it is another one


def test_what_no_person_can_have_read_yet_is_not_taken(client, state, county, desk, at):
    told = filled(client, state, county, at)
    at["now"] = NOW + timedelta(seconds=1)
    assert client.post(note_url(state), told).status_code == 422
    assert client.post(note_url(state), told | {"page": "made:up"}).status_code == 422
    assert not Signal.objects.exists()
    at["now"] = NOW + timedelta(seconds=30)
    assert client.post(note_url(state), told).status_code == 200


def test_one_address_and_one_state_have_a_ceiling_told_in_the_same_words(
    client, state, county, desk, at, monkeypatch
):
    few = {**rules.numbers(), "per_area": {"window_minutes": 60, "sends": 7}}
    monkeypatch.setattr(limits, "numbers", lambda: few)
    answers = [send(client, state, county, at, number=str(n + 1)) for n in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [429]
    others = [
        send(Client(REMOTE_ADDR=f"10.0.0.{n}"), state, county, at, number=str(n + 1))
        for n in range(3)
    ]
    assert [one.status_code for one in others] == [200, 200, 429]
    assert bare(answers[5]) == bare(others[2])
    assert Signal.objects.count() == 7
    at["now"] += timedelta(hours=2)
    assert send(client, state, county, at).status_code == 200


def test_no_address_agent_or_referrer_is_kept_and_the_tally_goes_with_its_window(
    state, county, desk, at
):
    browser = Client(
        REMOTE_ADDR="198.51.100.77", HTTP_USER_AGENT="ZqAgent", HTTP_REFERER="http://zq"
    )
    send(browser, state, county, at)
    kept = str(list(Signal.objects.values())) + str(list(Tally.objects.values()))
    assert not re.search("198.51|ZqAgent|zq", kept)
    assert Tally.objects.count() == 2
    limits.forget(at=NOW + timedelta(hours=2))
    assert not Tally.objects.exists()


def bare(answer) -> bytes:
    return re.sub(rb'csrfmiddlewaretoken" value="\w+"', b"", answer.content)


def test_a_wrong_code_and_one_not_yet_taken_up_are_answered_byte_for_byte_alike(
    client, county, desk, caseworker, at, django_assert_num_queries
):
    signal = receive(county)
    look = reverse("firstmile:look")
    waiting = client.post(look, {"code": signal.code})
    wrong = client.post(look, {"code": "ZZZZZZZZ"})
    assert bare(waiting) == bare(wrong)
    assert len(waiting.content) == len(wrong.content)
    services.take(signal_id=signal.pk, by=caseworker, at=NOW)
    now = client.post(look, {"code": f" {signal.code[:4].lower()}-{signal.code[4:]}"})
    assert "Taken up." in now.content.decode()
    services.end(signal_id=signal.pk, because="unreachable", by=caseworker, at=NOW)
    assert bare(client.post(look, {"code": signal.code})) == bare(now)  # never what became of it
    for code in (signal.code, "ZZZZZZZZ"):
        with django_assert_num_queries(1):
            codes.is_taken_up(code)


def test_codes_cannot_be_tried_without_end(client, desk, county, at):
    answers = [client.post(reverse("firstmile:look"), {"code": f"A{n}"}) for n in range(31)]
    assert [one.status_code for one in answers] == [200] * 30 + [429]


# ------------------------------------------------------------------------- the desk
def test_whom_the_sender_names_never_gets_it_nor_sees_it(state, county, desk, caseworker):
    other = make.user("caseworker")
    duties.begin(organization=employer(other), area=state, at=LATER)
    signal = receive(county, not_to=[desk.organization])
    assert signal.duty.organization == employer(other)
    services.take(signal_id=signal.pk, by=other, at=NOW)
    with pytest.raises(duties.NoDesk):
        services.pass_on(signal_id=signal.pk, to=desk, by=other, at=NOW)
    assert desk not in duties.others_than(signal)
    make.directory.add_membership(
        user=other, organization=desk.organization, role=make.Role.PROVIDER
    )
    assert not Signal.objects.visible_to(other).exists()  # who belongs to both is blind
    nowhere = receive(county, not_to=[desk.organization, employer_of(signal)])
    assert nowhere.duty is None
    sweep.sweep(at=LATER)
    nowhere.refresh_from_db()
    assert nowhere.duty is None


def employer_of(signal):
    return signal.duty.organization


def test_two_take_it_up_one_has_it_and_the_other_is_told(county, desk, caseworker):
    colleague = make.user("caseworker", desk.organization)
    signal = taken(county, caseworker)
    with pytest.raises(services.TakenAlready):
        services.take(signal_id=signal.pk, by=colleague, at=NOW)
    services.take(signal_id=signal.pk, by=caseworker, at=LATER)  # one's own second tap
    assert Signal.objects.get().taken_by == caseworker
    for act in (
        lambda: services.end(signal_id=signal.pk, because="twice", by=colleague, at=NOW),
        lambda: open_case(signal, colleague),
    ):
        with pytest.raises(UnableToAct):
            act()
    assert not Case.objects.exists()


def test_the_case_has_what_was_told_and_nothing_is_asked_twice(county, desk, caseworker, shelter):
    keep_away = make.organization()
    signal = taken(county, caseworker, not_to=[keep_away])
    case, contact = open_case(signal, caseworker, interpreter="not_this_one", veto="the uncle")
    assert (case.area, case.members.count(), case.languages) == (county, 2, ["pga"])
    assert case.safe_contact == "A text message · 0912 ZQ · after 18 · books"
    assert case.exclusions.get().organization == keep_away
    assert (contact.may_talk, contact.veto) == (True, "the uncle")
    assert b"uncle" not in bytes(contact.veto_sealed)
    signal.refresh_from_db()
    assert (signal.state, signal.case, signal.call_back_sealed) == (State.ENDED, case, None)
    assert case.pk != signal.pk
    again, same = open_case(signal, caseworker)
    assert (again, same, Case.objects.count()) == (case, contact, 1)


def test_not_alone_opens_a_turn_so_that_somebody_comes_back(county, desk, caseworker):
    case, contact = open_case(taken(county, caseworker), caseworker, alone="no")
    assert Turn.objects.open().get(case=case).kind == "safe_time"
    by = By(Hand.CASEWORKER, caseworker)
    when = NOW + timedelta(hours=9)
    case_work.set_safe_time(contact_id=contact.pk, when=when, how="parcel", by=by, at=NOW)
    assert Turn.objects.open().get(case=case).due_at == when
    assert b"parcel" not in bytes(Contact.objects.get().safe_time_sealed)
    case_work.begin_contact(case_id=case.pk, alone="yes", safe_now="yes", by=by, at=when)
    assert not Turn.objects.open().exists()


def test_what_is_not_known_is_not_safe():
    assert not Contact(alone="unknown", safe_now="yes").may_talk
    assert not Contact(alone="yes", safe_now="unknown").may_talk


def test_joined_to_a_case_of_ones_own_and_to_no_other(county, desk, caseworker, case):
    signal = taken(county, caseworker)
    foreign = make.case(make.user("caseworker"), area_=county)
    by = By(Hand.CASEWORKER, caseworker)
    with pytest.raises(UnableToAct):
        services.join(signal_id=signal.pk, case=foreign, by=by, at=NOW)
    services.join(signal_id=signal.pk, case=case, by=by, at=NOW)
    assert Signal.objects.get().case == case


def test_overdue_is_the_supervisors_turn_by_the_sweep_and_may_be_taken_over(
    county, desk, caseworker
):
    boss = make.user("supervisor", desk.organization)
    signal = taken(county, caseworker)
    with pytest.raises(services.TakenAlready):
        services.release_to_supervisor(signal_id=signal.pk, by=boss, at=NOW)
    late = NOW + timedelta(hours=25)
    sweep.sweep(at=late)
    assert Signal.objects.get().escalated_at == late
    sweep.sweep(at=late + timedelta(hours=1))
    assert Signal.objects.get().escalated_at == late
    services.release_to_supervisor(signal_id=signal.pk, by=boss, at=late)
    assert Signal.objects.get().taken_by == boss


def test_no_note_is_ever_without_a_desk_and_a_time_and_a_desk_with_notes_does_not_close(
    county, desk, caseworker
):
    signal = receive(county)
    with pytest.raises(duties.StillWaiting):
        duties.end(duty_id=desk.pk, at=NOW)
    assert not Signal.objects.forgotten().exists()
    type(desk).objects.update(ended_at=NOW)  # planted
    assert Signal.objects.forgotten().get() == signal
    other = make.user("caseworker")
    second = duties.begin(organization=employer(other), area=county, at=LATER)
    assert not Signal.objects.forgotten().exists()  # whoever is on duty has it
    signal.refresh_from_db()
    assert signal.duty == second
    type(desk).objects.filter(pk=desk.pk).update(ended_at=None)
    Signal.objects.update(duty=desk)
    services.take(signal_id=signal.pk, by=caseworker, at=NOW)
    services.end(signal_id=signal.pk, because="not_wanted", by=caseworker, at=NOW)
    duties.end(duty_id=desk.pk, at=NOW)
    assert not Signal.objects.forgotten().exists()


def test_the_way_back_goes_at_the_end_and_the_rest_after_some_days(county, state, desk, caseworker):
    signal = taken(county, caseworker, writer="teacher", not_to=[make.organization()])
    services.end(signal_id=signal.pk, because="unreachable", by=caseworker, at=NOW)
    assert Signal.objects.get().call_back_sealed is None
    days = rules.numbers()["keep"]["reduce_after_days"]
    assert clock.reduce(at=NOW + timedelta(days=days - 1)) == 0
    assert clock.reduce(at=NOW + timedelta(days=days)) == 1
    left = Signal.objects.get()
    assert (left.area, left.number, left.urgency) == (state, 2, "urgent")
    told = (left.code, left.sending, left.writer, left.language, left.case, left.taken_by)
    assert told == (None, None, "", "", None, None)
    assert not left.not_to.exists()
    assert left.barred_kinds == ""


def test_a_code_tells_taken_up_also_when_all_else_is_gone_until_its_own_time_ends(
    county, desk, caseworker
):
    signal = taken(county, caseworker)
    services.read_way_back(signal=signal, by=caseworker, at=NOW)
    services.end(signal_id=signal.pk, because="unreachable", by=caseworker, at=NOW)
    keep = rules.numbers()["keep"]
    reduced = NOW + timedelta(days=keep["reduce_after_days"])
    sweep.sweep(at=reduced)
    assert codes.is_taken_up(signal.code)
    assert not SignalLook.objects.exists()
    assert signal.code not in str(list(Heard.objects.values()))
    sweep.sweep(at=reduced + timedelta(days=keep["code_days"]))
    assert not codes.is_taken_up(signal.code)


def test_who_sees_how_to_call_back_is_written_down_before_it_is_shown(client, county, desk, at):
    worker = make.user("caseworker", desk.organization)
    signal = receive(county)
    client.force_login(worker)
    at["now"] = NOW
    page = reverse("firstmile:signal", args=[signal.pk])
    client.get(page)
    assert not SignalLook.objects.exists()  # not taken up: it is not shown
    client.post(reverse("firstmile:take", args=[signal.pk]))
    for _twice in range(2):
        client.get(page)
    assert [(one.by, one.looked_at) for one in SignalLook.objects.all()] == [(worker, NOW)]


def test_the_desk_is_read_in_pages(client, county, desk, at, django_assert_max_num_queries):
    for _each in range(53):
        receive(county)
    client.force_login(make.user("caseworker", desk.organization))
    at["now"] = NOW
    client.get("/desk/")
    with django_assert_max_num_queries(12):
        assert "1 to 50 of 53" in text(client.get("/desk/"))
    assert "51 to 53 of 53" in text(client.get("/desk/?page=2"))


def test_a_coordinator_reads_only_numbers_from_eleven_on(client, county, desk, at):
    for _n in range(10):
        receive(county)
    client.force_login(make.user("coordinator"))
    at["now"] = NOW + timedelta(days=1)
    page = client.get(reverse("firstmile:counts")).content.decode()
    assert "fewer than 11" in page
    receive(county)
    assert "<dd>11</dd>" in client.get(reverse("firstmile:counts")).content.decode()
    assert client.get(reverse("firstmile:desk")).status_code == 403


# ------------------------------------------------------------------------- pages of the desk
def test_from_the_desk_to_help_with_nothing_asked_twice(
    client, county, desk, caseworker, shelter, at
):
    signal = receive(county)
    client.force_login(caseworker)
    assert county.name in client.get(reverse("firstmile:desk")).content.decode()
    page = reverse("firstmile:signal", args=[signal.pk])
    assert "0912 ZQ" not in client.get(page).content.decode()  # only to whoever has it
    client.post(reverse("firstmile:take", args=[signal.pk]))
    assert "0912 ZQ" in client.get(page).content.decode()
    opened = client.post(
        reverse("firstmile:open", args=[signal.pk]), {"alone": "yes", "safe_now": "yes"}
    )
    assert opened["Location"] == reverse("firstmile:needs", args=[signal.pk])
    client.post(opened["Location"], {"needs": ["shelter"]})
    need = Case.objects.get().needs.get()
    assert (need.capability, need.urgency) == ("shelter", "urgent")


def test_not_safe_leads_to_neutral_words_and_asks_only_for_a_safe_time(
    client, county, desk, caseworker, at
):
    signal = taken(county, caseworker)
    client.force_login(caseworker)
    answer = client.post(
        reverse("firstmile:open", args=[signal.pk]), {"alone": "yes", "safe_now": "unknown"}
    )
    page = client.get(answer["Location"]).content.decode()
    assert "wrong number" in page
    assert fields(page) == {
        "csrfmiddlewaretoken", "once", "when", "how"
    }  # fmt: skip
    client.post(answer["Location"], {"when": "2026-11-24T18:00", "how": "about a parcel"})
    talk = reverse("referral:before_talk", args=[Case.objects.get().pk])
    assert "about a parcel" in client.get(talk).content.decode()


def test_an_interpreter_who_is_not_wanted_stays_so_whatever_is_said_later(
    client, caseworker, case, at
):
    client.force_login(caseworker)
    talk = reverse("referral:before_talk", args=[case.pk])
    safe = {"alone": "yes", "safe_now": "yes"}
    client.post(talk, safe | {"interpreter": "not_this_one", "veto": "Zq of the market"})
    client.post(talk, safe | {"interpreter": "trusted"})
    assert "Zq of the market" in client.get(talk).content.decode()
    assert case.contacts.count() == 2


def test_a_supervisor_says_who_is_on_duty(client, state, caseworker, at):
    boss = make.user("supervisor", employer(caseworker))
    client.force_login(boss)
    body = {"organization": employer(caseworker).pk, "area": state.pcode, "people": [caseworker.pk]}
    assert client.post(reverse("firstmile:desks"), body).status_code == 302
    signal = receive(state)
    idle = make.user("caseworker", employer(caseworker))
    assert Signal.objects.visible_to(caseworker).get() == signal
    assert Signal.objects.visible_to(boss).get() == signal
    assert not Signal.objects.visible_to(idle).exists()
