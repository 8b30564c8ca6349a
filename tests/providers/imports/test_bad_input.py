"""Files as they really come: each has a named outcome, and no row vanishes uncounted."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.importers import bounds, fivew, formats
from providers.importers.csvfile import Refused
from providers.importers.errors import UnableToImport
from providers.importers.fivew_words import phones
from providers.importers.tables import File
from providers.models import Area, Service
from tests import factories as make
from tests.providers.imports.sheets import (
    HEADER,
    applied,
    book,
    checked,
    counts,
    reasons,
    row,
    sheet,
    text,
)

DATA = [list(HEADER), *([one[name] for name in HEADER] for one in (row(1), row(2)))]


def told(data: bytes, name: str = "list.xlsx", encoding: str = "") -> list:
    return [one.told for one in fivew.read(File(name, data, encoding)).entries]


def refusal(data: bytes, name: str = "list.xlsx") -> str:
    with pytest.raises(UnableToImport) as caught:
        list(fivew.read(File(name, data)).entries)
    return str(caught.value)


def with_part(name: str, content: bytes, old: bytes) -> bytes:
    """A workbook of which one part is another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(old)) as before, zipfile.ZipFile(out, "w", 8) as after:
        for part in before.namelist():
            after.writestr(part, content if part == name else before.read(part))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.once
class TestAWorkbook:
    def test_that_would_unpack_to_hundreds_of_megabytes_is_refused_unread(self, monkeypatch):
        monkeypatch.setattr(bounds, "MOST_UNZIPPED", 2_000_000)
        bomb = with_part(SHEET, b" " * 5_000_000, book(DATA))
        assert len(bomb) < 50_000
        assert "unpacks to 5 MB" in refusal(bomb)

    def test_that_lies_about_its_size_is_refused(self):
        data = bytearray(with_part(SHEET, b"<a>" + b" " * 90_000 + b"</a>", book(DATA)))
        real = (90_007).to_bytes(4, "little")
        assert data.count(real) == 2  # at the part and in the directory
        assert "broken" in refusal(bytes(data.replace(real, (900).to_bytes(4, "little"))))

    @pytest.mark.parametrize("far", ["XFD1", "A1048576", "JA1", "IW3"])
    def test_with_one_cell_far_out_is_refused_before_all_between_is_laid_out(self, far):
        cell = f'<c r="{far}"><v>1</v></c></row>'.encode()
        with zipfile.ZipFile(io.BytesIO(book(DATA))) as before:
            xml = before.read(SHEET).replace(b"</row>", cell, 1)
        assert "cell beyond column 256" in refusal(with_part(SHEET, xml, book(DATA)))

    def test_of_200_columns_is_read_and_says_which_columns_it_did_not_read(self):
        wide = [[*one, *(f"c{n}" for n in range(200))] for one in DATA]
        reading = fivew.read(File("list.xlsx", book(wide)))
        assert len([one for one in reading.entries if not isinstance(one.told, Refused)]) == 2
        assert (len(reading.notes["columns"]), reading.notes["columns_more"]) == (12, 188)

    def test_of_formulas_gives_their_last_values_and_says_how_many(self):
        data = book(DATA[:2], formulas=[(1, 3, '="Clinic"&" A"', "Clinic A")])
        reading = fivew.read(File("list.xlsx", data))
        assert [one.told.name for one in reading.entries] == ["Clinic A"]
        assert reading.notes["formulas"] == 1

    def test_of_before_2007_or_with_a_password_says_what_to_do(self):
        assert "Save it as .xlsx" in refusal(b"\xd0\xcf\x11\xe0" + b"\0" * 600)

    def test_that_is_broken_says_so(self):
        assert "broken" in refusal(book(DATA)[:-300])

    def test_with_titles_merged_cells_blank_rows_and_a_second_sheet_of_notes_is_read(self):
        rows = [["Who does what"], [], list(HEADER),
                ["s1", "", "ngo", "A", "psychosocial", "SS0101"],
                ["s2", "", "ngo", "B", "psychosocial", "SS0101"], []]  # fmt: skip
        data = book(rows, merge=[(3, 1, 4, 1, "Hope")])
        found = list(fivew.read(File("list.xlsx", data)).entries)
        assert [(one.where.line, one.told.organization.name) for one in found] == [
            (4, "Hope"), (5, "Hope"),
        ]  # fmt: skip
        assert found[0].where.sheet == "Data"

    def test_in_which_numbers_were_typed_keeps_codes_whole(self):
        rows = [["Service ID", "Organization", "Service", "Help code", "County P-code",
                 "Places in all"],
                [17, "Hope", "A", "psychosocial", "05001", 12.0]]  # fmt: skip
        [one] = told(book(rows))
        assert (one.source_id, one.area.pcode, one.maximum) == ("17", "05001", 12)


@pytest.mark.once
class TestAHeader:
    def test_with_hxl_tags_below_names_in_any_language_is_read_by_the_tags(self):
        rows = [["المنظمة", "النوع", "ምን", "الولاية", "رمز", "خط", "طول", "هاتف", "من"],
                ["#org", "#org+type", "#activity", "#adm1+name", "#adm2+code", "#geo+lat",
                 "#geo+lon", "#contact+phone", "#date+start"],
                ["الأمل", "NNGO", "PSS", "الاستوائية", "SS0101", "٤٫٨".replace("٫", "."), "31,6",
                 "٠٩١٢٣٤٥٦٧", "2026-01-05"]]  # fmt: skip
        [one] = told(book(rows))
        assert (one.organization.name, one.organization.kind, one.capability) == (
            "الأمل", "ngo", "psychosocial",
        )  # fmt: skip
        assert (one.area.pcode, one.place.latitude, one.place.longitude) == ("SS0101", 4.8, 31.6)
        assert (one.phones[0].number, str(one.available_from)) == ("091234567", "2026-01-05")

    def test_of_tags_alone_is_enough(self):
        csv = "#org,#org+type,#activity,#adm2+code\nHope,ngo,Shelter,SS0101\n"
        [one] = told(csv.encode(), "a.csv")
        assert (one.capability, one.organization.name) == ("shelter", "Hope")

    def test_as_others_write_it_is_understood(self):
        csv = "Implementing Partner;Agency Type;Cluster;Activity;Admin1;Admin2;Status\n" \
              "Save;INGO;Protection;Legal aid;Central Equatoria;Juba;Ongoing\n"  # fmt: skip
        [one] = told(csv.encode(), "a.csv")
        assert (one.organization.kind, one.capability, one.operating, one.area.names) == (
            "international", "legal_information", "functioning", ("Central Equatoria", "Juba"),
        )  # fmt: skip

    def test_that_nobody_knows_says_what_was_expected(self):
        assert "no header that is known" in refusal(b"a,b\n1,2\n", "a.csv")
        with pytest.raises(UnableToImport, match="none of these"):
            formats.detect(File("a.csv", b"a,b\n1,2\n"))


@pytest.mark.once
class TestLetters:
    ARABIC = text(row(1, Service="مستشفى جوبا"))

    def test_in_utf_16_with_its_mark_are_read(self):
        [one] = told(self.ARABIC.encode("utf-16"), "a.csv")
        assert one.name == "مستشفى جوبا"

    def test_in_cp1256_are_not_guessed_but_read_when_a_person_says_so(self):
        data = self.ARABIC.encode("cp1256")
        assert "is not UTF-8 (line 2" in refusal(data, "a.csv")
        [one] = told(data, "a.csv", "cp1256")
        assert one.name == "مستشفى جوبا"

    def test_in_latin_1_are_not_guessed(self):
        assert "is not UTF-8" in refusal(text(row(1, Service="Hôpital")).encode("latin-1"), "a.csv")

    def test_in_two_encodings_at_once_name_the_line(self):
        data = text(row(1, Service="ጤና ጣቢያ")).encode() + "s2,é".encode("latin-1")
        assert "line 3" in refusal(data, "a.csv")

    def test_of_ethiopic_and_arabic_stay_as_they_are(self):
        names = ["ጤና ጣቢያ ጋምቤላ", "مركز صحي ٣"]
        found = told(
            text(*(row(n, Service=name) for n, name in enumerate(names))).encode(), "a.csv"
        )
        assert [one.name for one in found] == names

    def test_that_are_none_are_refused(self):
        assert "no text file" in refusal(b"a,b\0c\n", "a.csv")


@pytest.mark.once
class TestACell:
    @pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "@SUM(1)"])
    def test_of_a_csv_that_a_spreadsheet_would_run_is_not_taken(self, cell):
        [one] = told(text(row(1, Service=cell)).encode(), "a.csv")
        assert (one.column, "is a formula" in one.reason) == ("Service", True)

    def test_that_was_kept_from_running_is_the_text_itself(self):
        [one] = told(text(row(1, Service="'=1+1", Phones="+211 912 000 111")).encode(), "a.csv")
        assert (one.name, one.phones[0].number) == ("=1+1", "+211 912 000 111")

    @pytest.mark.parametrize(
        "cell", ["0912 000 111 / 0912 000 222", "0912 000 111, 0912 000 222",
                 "0912 000 111 or 0912 000 222", "0912 000 111;0912 000 222",
                 "٠٩١٢ ٠٠٠ ١١١ أو ٠٩١٢ ٠٠٠ ٢٢٢"]
    )  # fmt: skip
    def test_of_two_phones_is_two_phones(self, cell):
        [one] = told(text(row(1, Phones=cell)).encode(), "a.csv")
        assert [phone.number for phone in one.phones] == ["0912 000 111", "0912 000 222"]

    def test_of_a_phone_with_a_note_is_left_alone(self):
        cell = "+211 912 000 111; 116 [short]: free, day and night"
        assert phones(cell) == cell

    def test_of_hours_is_read_as_people_write_them(self):
        [one] = told(text(row(1, Hours="Sa-Th 09:00-18:00")).encode(), "a.csv")
        assert one.hours[0].days == (0, 1, 2, 3, 5, 6)

    @pytest.mark.parametrize(
        ("cells", "column"),
        [({"Service": " "}, "Service"), ({"Organization": "-"}, "Organization"),
         ({"Hours": "mornings"}, "Hours"), ({"Latitude": "north"}, "Latitude"),
         ({"Youngest age": "ten"}, "Youngest age"), ({"Service ID": "n/a"}, "Service ID"),
         ({"Available from": "26/11/2026"}, "Available from")],
    )  # fmt: skip
    def test_that_is_blank_or_cannot_be_read_is_named(self, cells, column):
        [one] = told(text(row(1) | cells).encode(), "a.csv")
        assert (one.column, bool(one.reason)) == (column, True)


@pytest.mark.django_db
class TestRows:
    def test_with_the_same_id_twice_are_taken_once(self, coordinator):
        one = checked(coordinator, sheet(row(1), row(2), row(1, Service="Again")))
        assert counts(one) == {"new": 2, "refused": 1}
        assert "stands in line 2 already" in reasons(one)[0][2]

    def test_under_a_parent_that_does_not_exist_wait_for_a_person(self, coordinator):
        told = row(1, State="Jubek State", County="Juba") | {"County P-code": ""}
        one = checked(coordinator, sheet(told))
        assert counts(one) == {"doubtful": 1}
        assert "No Juba lies in Jubek State" in reasons(one)[0][2]

    def test_in_a_county_of_2020_without_a_code_today_are_in_its_retired_area(
        self, coordinator, state
    ):
        abyei = make.area("Abyei", parent=state, pcode="SS0807", retired_on="2022-12-19")
        applied(coordinator, sheet(row(1) | {"County P-code": "SS0807"}))
        assert Service.objects.get().area == abyei

    def test_with_swapped_coordinates_wait_for_a_person(self, coordinator, juba):
        one = checked(
            coordinator, sheet(row(1, Place="Clinic", Latitude="31.58", Longitude="4.85"))
        )
        assert counts(one) == {"doubtful": 1}
        assert "swapped" in reasons(one)[0][2]

    def test_that_look_like_a_security_actors_wait_for_a_person(self, coordinator):
        one = checked(coordinator, sheet(row(1, Organization="Military Hospital Trust")))
        assert counts(one) == {"doubtful": 1}
        assert not Service.objects.exists()

    def test_that_do_not_fit_together_are_not_taken(self, coordinator):
        bad = [
            row(1, Youngest_age="18", Oldest_age="12"),
            row(2, Places_in_all="3", Free="5", Confirmed_at="2026-11-01T08:00:00+00:00"),
            row(3, Free="5", Confirmed_at="2027-01-01T00:00:00+00:00"),
            row(4, Latitude="4.8"),
            row(5, Organization="Never heard of", Organization_kind=""),
            row(6, Help_code="gold"),
            row(7, Phones="x" * 50),
        ]
        one = checked(coordinator, sheet(*bad))
        assert counts(one) == {"refused": 7}
        assert all(column and reason for _line, column, reason in reasons(one))


CELLS = st.text(max_size=12) | st.sampled_from(
    [
        "SS0101",
        "Juba",
        "ngo",
        "psychosocial",
        "Hope",
        "0,0",
        "4.85",
        "31.5",
        "=1",
        "-",
        "yes",
        "24/7",
    ]
)
ROWS = st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=6)


@pytest.mark.once
@settings(deadline=None)
@given(ROWS)
def test_every_row_that_says_something_is_counted_once_and_in_order(rows):
    data = book([list(HEADER), *rows])
    found = list(fivew.read(File("list.xlsx", data)).entries)
    lines = [one.where.line for one in found]
    assert all(a < b for a, b in pairwise(lines))
    assert set(lines) <= set(range(2, len(rows) + 2))
    said = {n for n, cells in enumerate(rows, 2) if any(one.strip().strip("-–—.") for one in cells)}
    assert {n for n in said if any(c.strip().isalnum() for c in rows[n - 2])} <= set(lines)


def test_areas_are_asked_of_the_directory(db, coordinator):
    Area.objects.all().delete()
    one = checked(coordinator, sheet(row(1)))
    assert "There are no areas yet" in one.trouble
