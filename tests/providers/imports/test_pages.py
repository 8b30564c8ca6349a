"""The pages of imports: upload, wait, look, decide, apply, and take the report along."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import get_language

from providers import importing
from providers.importers import reasons
from providers.models import AreaAlias, Import, Service
from tests import factories as make
from tests.factories import NOW
from tests.people import browser
from tests.providers.imports.sheets import applied, checked, counts, row, run, sheet, text, upload
from tests.swaps import Swapped

pytestmark = [pytest.mark.once, pytest.mark.django_db]
NO_CODE = {"County P-code": ""}


def _french() -> str:
    french = get_language() == "fr"
    return (
        "aucune zone : %(name)s"
        if french
        else ("no area is called %(name)s. Write its code, such as SS0101.")
    )


in_french = lazy(_french, str)()


@pytest.fixture(autouse=True)
def at_nine(monkeypatch):
    monkeypatch.setattr("providers.clock.now", lambda: NOW)


@pytest.fixture
def client(coordinator):
    return browser(coordinator)


def send(client, data: bytes, **more):
    file = SimpleUploadedFile("list.csv", data)
    return client.post(reverse("providers:imports"), {"file": file, "source": "list"} | more)


def page(client, one: Import, name: str = "import", **query):
    return client.get(reverse(f"providers:{name}", args=[one.pk]), query)


class TestUploading:
    def test_leads_to_the_file_which_is_found_again_in_the_list(self, client):
        answer = send(client, text(row(1)).encode())
        one = Import.objects.get()
        assert answer.url == reverse("providers:import", args=[one.pk])
        assert one.format == "5w"
        assert "list.csv" in client.get(reverse("providers:imports")).content.decode()

    @pytest.mark.parametrize(
        ("data", "said"), [(b"", "This file is empty"), (b"a,b\n1,2\n", "is none of these")]
    )
    def test_of_what_cannot_be_used_says_so_and_keeps_nothing(self, client, data, said):
        answer = send(client, data)
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert not Import.objects.exists()

    def test_of_letters_that_are_not_utf_8_can_be_told_which_they_are(self, client, coordinator):
        data = text(row(1, Service="مستشفى جوبا")).encode("cp1256")
        send(client, data, format_name="5w", encoding="cp1256")
        run(Import.objects.get())
        assert Import.objects.get().rows.get().name == "مستشفى جوبا"


class TestSentTwice:
    KEY = "0" * 32

    def test_the_same_form_makes_one_import_and_has_one_answer(self, client):
        one, other = (send(client, text(row(1)).encode(), once=self.KEY) for _ in range(2))
        assert Import.objects.count() == 1
        assert (one.status_code, one["Location"]) == (other.status_code, other["Location"])

    def test_what_was_read_for_the_sum_is_still_there_for_the_import(self, client):
        send(client, text(row(1), row(2)).encode(), once=self.KEY)
        assert bytes(Import.objects.get().content) == text(row(1), row(2)).encode()

    def test_another_file_in_the_same_form_is_another_import(self, client):
        for n in (1, 2):
            send(client, text(row(n)).encode(), once=self.KEY)
        assert Import.objects.count() == 2

    def test_the_same_bytes_anew_are_asked_about_while_the_first_is_open(self, client):
        send(client, text(row(1)).encode())
        answer = send(client, text(row(1)).encode(), once=self.KEY)
        words = answer.content.decode()
        assert answer.status_code == 409
        assert "This file was already sent" in words
        assert reverse("providers:import", args=[Import.objects.get().pk]) in words
        assert 'name="again"' in words

    def test_and_come_in_where_that_is_meant(self, client):
        for more in ({}, {"again": "on"}):
            send(client, text(row(1)).encode(), **more)
        assert Import.objects.count() == 2

    @pytest.mark.parametrize("other", ["ended", "another list", "another person"])
    def test_nobody_is_asked_where_it_is_not_the_same(self, client, other):
        send(client, text(row(1)).encode())
        if other == "ended":
            importing.abandon(one=Import.objects.get(), at=NOW)
        sender = browser(make.user("coordinator")) if other == "another person" else client
        more = {"source": "other"} if other == "another list" else {}
        assert send(sender, text(row(1)).encode(), **more).status_code == 302
        assert Import.objects.count() == 2

    def test_the_question_is_not_on_the_page_before(self, client):
        assert 'name="again"' not in client.get(reverse("providers:imports")).content.decode()


class TestTheList:
    def test_costs_the_same_for_many_files(self, client, coordinator):
        address = reverse("providers:imports")
        upload(coordinator, sheet(row(1)))
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for _each in range(30):
            upload(coordinator, sheet(row(1)))
        with CaptureQueriesContext(connection) as many:
            seen = client.get(address)
        assert len(few) == len(many)
        assert "1 to 25 of 31" in seen.content.decode()
        assert not any('"content"' in one["sql"] for one in many.captured_queries)


class TestWaiting:
    def test_shows_how_far_it_is_and_a_link_to_look_again_without_a_script(
        self, client, coordinator
    ):
        one = upload(coordinator, sheet(row(1), row(2)))
        seen = page(client, one).content.decode()
        assert "<progress" in seen
        assert f'<a href="{reverse("providers:import", args=[one.pk])}">Look again</a>' in seen

    def test_a_swap_leaves_what_a_reload_shows(self, client, coordinator):
        one = upload(coordinator, sheet(row(1), row(2)))
        full = Swapped(page(client, one).content.decode())
        Import.objects.filter(pk=one.pk).update(rows_done=1, n_new=1, stage="checking")
        part = client.get(
            reverse("providers:import", args=[one.pk]), headers={"HX-Request": "true"}
        )
        full.swap(target="#working", how="outerHTML", answer=part.content.decode())
        reloaded = Swapped(page(client, one).content.decode())
        assert full.find("#working").text_content() == reloaded.find("#working").text_content()
        assert "1 of about" in full.find("#working").text_content()

    def test_at_its_end_the_page_is_loaded_anew(self, client, coordinator):
        one = checked(coordinator, sheet(row(1)))
        answer = client.get(
            reverse("providers:import", args=[one.pk]), headers={"HX-Request": "true"}
        )
        assert answer.headers["HX-Refresh"] == "true"


class TestThePreview:
    def test_shows_each_kind_of_row_with_what_differs_and_why_not(self, client, coordinator):
        applied(coordinator, sheet(row(1), row(2)))
        one = checked(
            coordinator,
            sheet(row(1, Service="New name"), row(2), row(3), row(4, Help_code="gold")),
        )
        assert "“gold”" in page(client, one, rows="refused").content.decode() or (
            "gold" in page(client, one, rows="refused").content.decode()
        )
        changed = page(client, one, rows="changed").content.decode()
        assert "<del><bdi>Service 1</bdi></del>" in changed
        assert "<ins><bdi>New name</bdi></ins>" in changed
        assert "line 3" in page(client, one, rows="unchanged").content.decode()
        assert "Service 3" in page(client, one, rows="new").content.decode()

    def test_of_many_rows_is_paged_and_asks_as_often_as_of_few(
        self, client, coordinator, django_assert_num_queries
    ):
        one = checked(coordinator, sheet(*(row(n) for n in range(60))))
        with django_assert_num_queries(13):
            seen = page(client, one, rows="new")
        assert len(seen.context["page"].object_list) == 25
        assert "1 to 25 of 60" in seen.content.decode()

    def test_is_nobody_elses(self, coordinator):
        one = checked(coordinator, sheet(row(1)))
        for name in ("import", "import_unsure", "import_report"):
            assert page(browser(make.user("coordinator")), one, name).status_code == 404
            assert page(browser(make.user("provider")), one, name).status_code == 403

    def test_applies_by_one_button(self, client, coordinator):
        one = checked(coordinator, sheet(row(1)))
        client.post(reverse("providers:apply_import", args=[one.pk]))
        assert run(one).stage == "applied"
        assert Service.objects.count() == 1

    def test_is_given_up_by_another(self, client, coordinator):
        one = checked(coordinator, sheet(row(1)))
        client.post(reverse("providers:abandon_import", args=[one.pk]))
        assert Import.objects.get().stage == "abandoned"
        assert not Service.objects.exists()


class TestUnsureRows:
    @pytest.fixture
    def one(self, coordinator):
        rows = [row(n, State="Jubek", County="Juba") | NO_CODE for n in (1, 2, 3)]
        return checked(coordinator, sheet(*rows, row(4)))

    def decide(self, client, one, **told):
        address = reverse("providers:import_unsure", args=[one.pk])
        return client.post(address, {"row": "1", "choice": "0"} | told, follow=True)

    def test_that_ask_the_same_are_one_question_and_one_answer(self, client, one, juba):
        seen = page(client, one, "import_unsure").content.decode()
        assert seen.count("<form class=") - seen.count('class="language"') >= 1
        assert "Juba (SS0101), Central Equatoria" in seen
        answer = self.decide(client, one).content.decode()
        assert "Saved for 3 rows" in answer
        one.refresh_from_db()
        assert counts(one) == {"new": 4}
        importing.start_applying(one=one, whole=False, at=NOW)
        run(one)
        assert set(Service.objects.values_list("area__pcode", flat=True)) == {"SS0101"}

    def test_that_are_left_out_are_counted_as_not_taken(self, client, one):
        self.decide(client, one, choice="out")
        one.refresh_from_db()
        assert counts(one) == {"new": 1, "refused": 3}

    def test_once_explained_are_known_in_the_next_file(self, client, one, coordinator, juba):
        self.decide(client, one, remember="on")
        assert AreaAlias.objects.get().area == juba
        assert AreaAlias.objects.get().said_by == coordinator
        again = checked(coordinator, sheet(row(9, State="Jubek", County="Juba") | NO_CODE))
        assert counts(again) == {"new": 1}

    def test_that_nobody_decides_are_left_out_when_the_file_is_applied(self, one):
        importing.start_applying(one=one, whole=False, at=NOW)
        done = run(one)
        assert (done.stage, done.n_applied, counts(done)) == (
            "applied",
            1,
            {"new": 1, "refused": 3},
        )

    @pytest.mark.parametrize("told", [{"choice": "7"}, {"choice": ""}, {"row": "99"}, {"row": "x"}])
    def test_take_no_answer_that_is_not_offered(self, client, one, told):
        assert "Nothing was saved" in self.decide(client, one, **told).content.decode()
        one.refresh_from_db()
        assert counts(one)["doubtful"] == 3

    def test_with_swapped_coordinates_are_turned_when_a_person_says_so(
        self, client, coordinator, juba
    ):
        told = row(1, Place="Clinic", Latitude="31.58", Longitude="4.85")
        one = checked(coordinator, sheet(told))
        self.decide(client, one)
        importing.start_applying(one=Import.objects.get(pk=one.pk), whole=False, at=NOW)
        run(one)
        place = Service.objects.get().location
        assert (place.latitude, place.longitude) == (4.85, 31.58)


class TestTheReport:
    def test_tells_every_row_and_no_cell_can_become_a_formula(self, client, coordinator):
        rows = [row(1, Service="'=cmd()"), row(2, Help_code="gold"), row(3)]
        one = applied(coordinator, sheet(*rows))
        answer = page(client, one, "import_report")
        said = b"".join(answer.streaming_content).decode("utf-8-sig")
        lines = list(csv.DictReader(io.StringIO(said)))
        assert [(one["line"], one["outcome"]) for one in lines] == [
            ("2", "new"), ("3", "refused"), ("4", "new"),
        ]  # fmt: skip
        assert lines[0]["name"] == "'=cmd()"
        assert (lines[1]["column"], bool(lines[1]["reason"])) == ("Help code", True)
        assert not lines[1]["applied"]
        assert lines[2]["applied"]


class TestWhyARowIsNotTaken:
    """Kept as a code with what it names, and told in the language of whoever reads."""

    @pytest.fixture
    def one(self, client, coordinator, monkeypatch):
        monkeypatch.setitem(reasons.REASONS, "unknown_area", in_french)
        return checked(coordinator, sheet(row(1, **NO_CODE, County="Nowhere at all")))

    def test_is_kept_as_a_code_and_what_it_names(self, one):
        kept = one.rows.get()
        assert kept.because == {"code": "unknown_area", "params": {"name": "Nowhere at all"}}
        assert kept.reason == "no area is called Nowhere at all. Write its code, such as SS0101."

    def test_the_preview_and_the_report_are_in_the_readers_language(self, client, one):
        client.cookies["django_language"] = "fr"
        assert "aucune zone : Nowhere at all" in page(client, one).content.decode()
        report = b"".join(page(client, one, "import_report").streaming_content).decode()
        assert "aucune zone : Nowhere at all" in report

    def test_a_row_of_former_times_is_told_as_it_was_written(self, client, one):
        one.rows.update(because={}, reason="as it was said then")
        assert "as it was said then" in page(client, one).content.decode()

    @pytest.mark.parametrize(
        "because", [{"code": "gone", "params": {}}, {"code": "unknown_area", "params": {"x": "y"}}]
    )
    def test_so_is_one_whose_code_means_nothing_any_more(self, client, one, because):
        one.rows.update(because=because)
        assert "no area is called Nowhere at all." in page(client, one).content.decode()


class TestReasons:
    @pytest.mark.parametrize("code", reasons.REASONS)
    def test_each_says_what_it_names(self, code):
        names = set(re.findall(r"%\((\w+)\)s", str(reasons.REASONS[code])))
        made = reasons.because(code, **{name: f"<{name}>" for name in names})
        assert "%" not in made
        assert all(f"<{name}>" in made for name in names)
