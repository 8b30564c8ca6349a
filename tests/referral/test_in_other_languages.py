"""The pages in Arabic and French: direction, and no word of ours left in English."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from lxml import html

from config import catalogues
from providers import wording
from providers.models import Area, Organization, Service, User
from referral import services as case_work
from referral.forms.places import DayField
from referral.models import Case
from routing import phrases, rulesets
from routing import services as router
from tests import factories as make
from tests.factories import NOW
from tests.people import agreed, asked, browser, open_case

HOME = Path(__file__).resolve().parents[2]
LANGUAGES = ["ar", "fr"]
OURS = {"OpenNRM", "Africa", "Juba"}  # the product, and the name of a time zone
ISOLATED = re.compile("\u2068.*?\u2069|\u2066.*?\u2069")
in_each_language = pytest.mark.parametrize("code", LANGUAGES)


def speaking(client: Client, code: str) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = code
    return client


def signed_in(user: User, code: str) -> Client:
    """Signed in just now, as the pages of the second factor want it."""
    user.set_password(make.PASSWORD)
    user.save()
    client = speaking(Client(), code)
    secret = {"login": user.username, "password": make.PASSWORD}
    client.post("/accounts/login/", secret)
    again = client.get("/accounts/2fa/totp/activate/").url
    assert client.post(again, secret).status_code == 302
    return client


def hidden(client: Client, path: str) -> dict[str, str]:
    """What the form carries along unseen."""
    page = html.fromstring(client.get(path).content.decode())
    return {one.name: one.value for one in page.xpath("//main//input[@type='hidden']")}


def english(code: str) -> set[str]:
    """Texts of ours that read otherwise in this language."""
    found = set()
    for path in catalogues.sources():
        if path.parent.parent.name == code:
            with path.open("rb") as file:
                found |= {m.id for m in read_po(file) if isinstance(m.id, str) and m.id != m.string}
    return found


def names() -> set[str]:
    """What is called so in every language."""
    people = User.objects.values_list("username", "first_name", "last_name")
    cases = Case.objects.values_list("pseudonym", "reference")
    rows = [*people, *cases]
    for model in (Area, Organization, Service):
        rows += model.objects.values_list("name")
    return {one for row in rows for one in row if one}


def read(page) -> list[str]:
    """Every text a person may read, but what is marked as a name and the names of languages."""
    for element in page.xpath("//bdi | //form[contains(@class, 'language')] | //script"):
        for inside in (element, *element.iterdescendants()):
            inside.text = ""
            if inside is not element:
                inside.tail = ""
    attributes = page.xpath("//@aria-label | //@alt | //@title | //@data-k | //@placeholder")
    return [one for one in (*page.itertext(), *attributes) if one.strip()]


def left_in_english(text: str, code: str, known: set[str], called: set[str]) -> bool:
    if " ".join(text.split()) in known:
        return True
    for name in sorted(called, key=len, reverse=True):
        text = text.replace(name, " ")
    words = set(re.findall(r"[A-Za-z]{3,}", ISOLATED.sub(" ", text)))
    return code == "ar" and bool(words - OURS)


def leftovers(response, code: str) -> list[str]:
    page = html.fromstring(response.content.decode())
    assert page.get("lang") == code
    assert page.get("dir") == ("rtl" if code == "ar" else "ltr")
    known, called = english(code), names()
    return [one for one in read(page) if left_in_english(one, code, known, called)]


@pytest.mark.parametrize("text", ["My cases", " \n Nobody  found ", "حالة and more"])
def test_the_check_of_pages_sees_a_word_that_is_left(text):
    assert left_in_english(text, "ar", english("ar"), set())


def test_the_check_of_pages_lets_names_be():
    assert not left_in_english("الرجوع إلى \u2068Kapok 12\u2069", "ar", english("ar"), set())
    assert not left_in_english("خدمة: Hope House", "ar", english("ar"), {"Hope House"})


# ------------------------------------------------------------------------- pages with work on them
@pytest.fixture
def stories(cast) -> dict[str, list[str]]:
    """Addresses by who opens them, with something on each."""
    pack = HOME / "routing" / "packs" / "protection.toml"
    rulesets.put_in_force(text=pack.read_text(), at=NOW)
    place = make.area("Yei", parent=cast.state, latitude=4.1, longitude=30.7, pcode="SS0102")
    make.link(cast.county, place)
    make.service("shelter", area_=place, name="Far House", reached_by="phone_first", phone="000 5")
    open_to_choose = open_case(cast)
    make.consent(open_to_choose, offer_on=False)
    need = make.due_need(open_to_choose, urgency="urgent")
    decision = router.route(need_id=need.pk, at=NOW)
    alone = open_case(cast)
    make.consent(alone)
    unmet = make.due_need(alone, "interpreting")
    router.route(need_id=unmet.pk, at=NOW)
    yes, ask = agreed(cast), asked(cast)
    case_work.propose_need(
        case_id=ask.need.case_id,
        rule="shelter-with-basic-needs",
        capability="basic_needs",
        urgency="urgent",
        why="A safe place is not enough to live on: food, clothes and money go with it.",
        at=NOW,
    )
    case, shelter = ask.need.case.pk, cast.shelter.pk
    return {
        "caseworker": [
            "/", "/cases/", f"/cases/{case}/", f"/cases/{yes.need.case.pk}/", f"/cases/{alone.pk}/",
            "/cases/new/", f"/cases/{case}/sharing/", f"/cases/{case}/safety/",
            f"/cases/{case}/facts/", f"/cases/{case}/person/", f"/cases/{case}/own-words/",
            f"/cases/{case}/close/", f"/needs/{need.pk}/", f"/needs/{unmet.pk}/",
            f"/needs/{need.pk}/choices/", f"/needs/{need.pk}/choices/{shelter}/",
            f"/needs/{need.pk}/by-hand/?q=h", f"/referrals/{ask.pk}/", f"/referrals/{yes.pk}/",
            f"/decisions/{decision.pk}/", "/unmet/", "/accounts/password/change/",
            "/accounts/2fa/", "/nowhere/", "/people/",
            "/services/map/", "/services/map/?area=SS01", "/services/?area=SS01",
            "/paper/slip/", "/cases/sheet/", f"/referrals/{ask.pk}/slip/",
            f"/referrals/{yes.pk}/slip/", f"/cases/{case}/person/print/",
        ],
        "provider": ["/", "/inbox/", f"/inbox/{ask.pk}/", f"/inbox/{yes.pk}/", "/availability/",
                     "/services/", f"/services/{shelter}/", "/services/?now=none", "/places/",
                     "/paper/slip/", f"/inbox/{ask.pk}/slip/"],
        "supervisor": ["/", "/cases/all/"],
        "coordinator": ["/", "/unmet/", "/services/"],
    }  # fmt: skip


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
@in_each_language
def test_no_page_of_work_has_a_word_left_in_english(cast, stories, code):
    left, seen = {}, 0
    for who, paths in stories.items():
        client = speaking(browser(getattr(cast, who)), code)
        for path in paths:
            response = client.get(path, follow=True)
            seen += response.status_code == 200
            left |= {(who, path, text.strip()[:80]): 1 for text in leftovers(response, code)}
    assert [*left] == []
    assert seen >= 45


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
@in_each_language
def test_no_account_page_has_a_word_left_in_english(cast, code):
    """allauth and Django speak where we do not."""
    admin = make.user("administrator", cast.office, username="ann")
    client = signed_in(admin, code)
    paths = ["/people/", f"/people/{cast.provider.pk}/", "/people/add/",
             "/accounts/2fa/totp/activate/", "/accounts/logout/", "/accounts/tokens/"]  # fmt: skip
    left = {
        (path, text.strip()[:80])
        for path in paths
        for text in leftovers(client.get(path, follow=True), code)
    }
    assert left == set()


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
@in_each_language
def test_what_a_form_finds_wrong_is_said_in_the_language(cast, code):
    worker, stranger = signed_in(cast.caseworker, code), speaking(Client(), code)
    case = open_case(cast)
    sent = [
        (stranger, "/accounts/login/", {}),
        (stranger, "/accounts/login/", {"login": "rose", "password": "nothing like it"}),
        (worker, "/accounts/password/change/", {"oldpassword": "x", "password1": "1"}),
        (worker, "/accounts/2fa/totp/activate/", {"code": "nothing"}),
        (worker, "/cases/new/", hidden(worker, "/cases/new/")),
        (worker, f"/cases/{case.pk}/sharing/", {"ends_on": "tomorrow"}),
        (worker, f"/cases/{case.pk}/needs/", {}),
        (worker, f"/cases/{case.pk}/close/", {}),
        (worker, f"/cases/{case.pk}/person/print/", {}),
        (worker, "/accounts/tokens/", {}),
    ]
    left = []
    for client, path, words in sent:
        response = client.post(path, words, follow=True)
        page = response.content.decode()
        assert 'class="errors"' in page, (path, re.sub(r"<[^>]*>|\s+", " ", page))
        left += [(path, text.strip()[:90]) for text in leftovers(response, code)]
    assert left == [], "\n".join(map(str, left))


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.usefixtures("at_nine")
@in_each_language
def test_a_new_token_and_a_printed_name_are_said_in_the_language(cast, code):
    worker, case = signed_in(cast.caseworker, code), open_case(cast)
    made = {"label": "نشر", "days": "30"}
    pages = [
        worker.post("/accounts/tokens/", made, follow=True),
        worker.post(f"/cases/{case.pk}/person/print/", {"reason": "x"}),
    ]
    assert [page.status_code for page in pages] == [200, 200]
    assert "nrm_" in pages[0].content.decode()
    assert 'class="slip"' in pages[1].content.decode()
    assert [left for page in pages for left in leftovers(page, code)] == []


# ------------------------------------------------------------------------- error pages
@in_each_language
@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "413", "429", "500"])
def test_error_pages_are_said_in_the_language(rf, db, name, code):
    with translation.override(code):
        page = HttpResponse(render_to_string(f"{name}.html", {}, rf.get("/")))
    assert leftovers(page, code) == []


# ------------------------------------------------------------------------- words made of words
def test_times_lists_and_numbers_read_as_arabic():
    with translation.override("ar"):
        assert wording.distance(NOW + timedelta(hours=2, minutes=10), NOW) == "بعد 2 س 10 د"
        assert wording.span(timedelta(days=2)) == "يومين"
        assert wording.listed(["أ", "ب"]) == "أ، ب"
        assert wording.isolated("Hope House") == "\u2068Hope House\u2069"
        assert intcomma(2733) == "2,733"
    assert wording.isolated("Hope House") == "Hope House"


@in_each_language
def test_only_translations_say_that_they_are_drafts(client, db, code):
    draft = {"ar": "ترجمة أولية", "fr": "Première traduction"}[code]
    assert draft in speaking(client, code).get("/accounts/login/").content.decode()
    assert draft not in speaking(client, "en").get("/accounts/login/").content.decode()


def test_every_sentence_of_the_shipped_rules_can_be_translated():
    packs = (HOME / "routing" / "packs").glob("*.toml")
    rules = [rule for pack in packs for rule in tomllib.loads(pack.read_text()).get("rule", ())]
    assert rules
    assert {rule["why"] for rule in rules} == {*phrases.PROPOSALS}


@in_each_language
def test_a_day_typed_into_a_browser_is_read(code):
    """A browser sends 2026-12-23 whatever it shows."""
    with translation.override(code):
        assert DayField().clean("2026-12-23").isoformat() == "2026-12-23"
