"""What only a script can do: leave at once, keep what could not be sent. And all without it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from providers import clock
from referral import services as case_work
from referral.models import Consent
from tests import factories as make
from tests.journeys.signed_in import open_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EVERYBODY = "Everybody who asks for nothing first"
UNSENT = "Not sent: there is no connection. What you wrote is still here."


@pytest.fixture
def case():
    county = make.area("Juba", parent=make.area("Central"), pcode="SS0101")
    return make.case(make.user("caseworker"), area_=county, at=clock.now())


@pytest.fixture
def enter(chromium, live_server, case):
    pages = []

    def opened(path: str, **context):
        pages.append(open_page(chromium, live_server.url, case.assigned_to, path, **context))
        return pages[-1]

    yield opened
    for page in pages:
        page.context.close()


@pytest.fixture
def sharing(enter, case):
    """The page on which something is agreed to, filled in and not yet sent."""
    page = enter(f"/cases/{case.pk}/sharing/")
    page.get_by_label(EVERYBODY).check()
    page.get_by_label("Signed").check()
    return page


def save(page) -> None:
    page.get_by_role("button", name="Save what was agreed").click()


def is_saved(page, case) -> None:
    page.wait_for_url(f"**/cases/{case.pk}/")
    expect(page.get_by_text("Saved. It can be taken back at any time.")).to_be_visible()
    assert Consent.objects.count() == 1


class Line:
    """What becomes of each POST: "lost" never arrives, "cut" arrives and its answer does not."""

    def __init__(self, page, *fates: str) -> None:
        self.fates, self.sent = list(fates), 0
        page.route("**/sharing/", self.carry)

    def carry(self, route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        self.sent += 1
        fate = self.fates.pop(0) if self.fates else ""
        if fate == "cut":
            route.fetch()
        if fate == "busy":
            route.fulfill(status=503, body="")
        elif fate:
            route.abort("connectionreset")
        else:
            route.continue_()


class TestALostConnection:
    def test_keeps_what_was_written_and_sends_it_once_when_it_is_back(self, sharing, case):
        sharing.context.set_offline(True)
        save(sharing)
        alert = sharing.get_by_role("alert")
        expect(alert).to_contain_text(UNSENT)
        expect(sharing.get_by_label(EVERYBODY)).to_be_checked()
        assert sharing.locator("form[aria-busy]").count() == 0
        assert Consent.objects.count() == 0
        sharing.context.set_offline(False)
        is_saved(sharing, case)
        kept = "localStorage.length + sessionStorage.length"
        assert sharing.evaluate(kept) == 0

    @pytest.mark.parametrize("fate", ["lost", "cut", "busy"])
    def test_sends_again_by_the_button_and_the_effect_is_one(self, sharing, case, fate):
        line = Line(sharing, fate)
        save(sharing)
        expect(sharing.get_by_role("alert")).to_contain_text(UNSENT)
        assert Consent.objects.count() == (fate == "cut")
        sharing.get_by_role("button", name="Send again now").click()
        is_saved(sharing, case)
        assert line.sent == 2

    def test_tries_again_by_itself_with_growing_pauses(self, sharing, case):
        sharing.clock.install()
        line = Line(sharing, "lost", "cut", "lost")
        save(sharing)
        for tries, pause in enumerate((2000, 4000, 8000), start=1):
            expect(sharing.get_by_role("alert")).to_contain_text(UNSENT)
            assert line.sent == tries
            sharing.clock.run_for(pause)
        is_saved(sharing, case)
        assert line.sent == 4

    def test_leaves_it_to_whoever_writes_on(self, sharing, case):
        line = Line(sharing, "lost")
        save(sharing)
        expect(sharing.get_by_role("alert")).to_contain_text(UNSENT)
        sharing.get_by_label("languages").uncheck()
        expect(sharing.get_by_role("alert")).to_contain_text("Press the button")
        sharing.evaluate("dispatchEvent(new Event('online'))")
        assert line.sent == 1
        sharing.get_by_role("button", name="Send again now").click()
        is_saved(sharing, case)
        assert "languages" not in Consent.objects.get().data

    def test_sends_once_however_often_the_button_is_pressed(self, sharing, case):
        line = Line(sharing)
        sharing.evaluate(
            "() => { const b = document.querySelector('main form .btn'); b.click(); b.click(); }"
        )
        is_saved(sharing, case)
        assert line.sent == 1

    def test_sends_the_button_that_was_pressed(self, enter, case):
        at, by = clock.now(), make.by(case.assigned_to)
        make.consent(case, at=at)
        shelter = make.service(area_=case.area, at=at)
        need = make.need(case, at=at)
        referral = case_work.offer(need_id=need.pk, service_id=shelter.pk, by=by, at=at)
        page = enter(f"/referrals/{referral.pk}/")
        page.get_by_role("button", name="The person does not want this one").click()
        page.wait_for_url(f"**/needs/{need.pk}/")
        referral.refresh_from_db()
        assert referral.state == "withdrawn"


class TestSomethingToMend:
    def test_is_shown_as_without_a_script_and_can_be_mended(self, enter, case):
        page = enter(f"/cases/{case.pk}/sharing/")
        page.get_by_label("languages").uncheck()
        save(page)
        summary = page.locator(".errors")
        expect(summary).to_contain_text("Nothing was saved.")
        expect(summary).to_be_focused()
        expect(page.get_by_label("languages")).not_to_be_checked()
        page.get_by_label(EVERYBODY).check()
        page.get_by_label("Signed").check()
        save(page)
        is_saved(page, case)


class TestLeavingNow:
    @pytest.fixture
    def page(self, enter, case):
        page = enter(f"/cases/{case.pk}/")
        page.goto(f"{page.url}sharing/")
        return page

    def is_left(self, page, case) -> None:
        page.wait_for_url("**/leave/")
        assert page.locator("body").inner_text().strip() == ""
        page.go_back()
        assert case.pseudonym not in page.content()
        assert "/accounts/login/" in page.url
        assert "sessionid" not in {one["name"] for one in page.context.cookies()}

    def test_by_the_button(self, page, case):
        page.get_by_role("link", name="Leave now").click()
        self.is_left(page, case)

    def test_by_shift_three_times(self, page, case):
        for _n in range(3):
            page.keyboard.press("Shift")
        self.is_left(page, case)

    def test_hides_the_page_before_the_answer_is_there(self, page):
        tap = "() => { document.querySelector('a.exit').click(); return %s; }"
        assert page.evaluate(tap % "getComputedStyle(document.documentElement).display") == "none"

    def test_is_not_by_capital_letters_nor_by_shift_now_and_then(self, page):
        page.keyboard.press("Shift+A")
        page.keyboard.press("Shift+B")
        page.keyboard.press("Shift+C")
        for late in (0, 1500, 3000):
            page.evaluate(
                """late => { const e = new KeyboardEvent("keydown", {key: "Shift"});
                Object.defineProperty(e, "timeStamp", {value: 1e6 + late}); dispatchEvent(e); }""",
                late,
            )
        for _n in range(3):
            page.evaluate(
                "dispatchEvent(new KeyboardEvent('keydown', {key: 'Shift', isComposing: true}))"
            )
        assert not page.evaluate("document.documentElement.hidden")
        assert page.url.endswith("/sharing/")


class TestWithoutAScript:
    def test_a_form_is_sent_and_leaving_works(self, enter, case):
        page = enter(f"/cases/{case.pk}/sharing/", java_script_enabled=False)
        page.get_by_label(EVERYBODY).check()
        page.get_by_label("Signed").check()
        save(page)
        assert page.url.endswith(f"/cases/{case.pk}/")
        assert Consent.objects.count() == 1
        page.get_by_role("link", name="Leave now").click()
        assert page.url.endswith("/leave/")
        page.go_back()
        assert case.pseudonym not in page.content()

    @pytest.mark.parametrize("script", [True, False])
    def test_the_button_that_prints_is_there_only_with_one(self, enter, script):
        page = enter("/paper/slip/", java_script_enabled=script)
        assert page.locator("[data-print]").is_visible() == script
