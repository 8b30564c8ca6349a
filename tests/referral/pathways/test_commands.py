"""What a lawyer runs: check, load, compare."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from referral.pathways import laws
from referral.pathways.models import LawPack
from tests.referral.pathways.test_loader import SMALL

pytestmark = pytest.mark.django_db
HOW_TO = Path(__file__).resolve().parents[3] / "CONTRIBUTING.md"


def run(*arguments, **options) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


class TestLoading:
    def test_puts_all_shipped_packs_in_force(self):
        run("load_pathways")
        assert laws.in_force_for("SSD").id == "south_sudan"
        assert laws.in_force_for("UKR").id == "international"

    def test_twice_adds_nothing(self):
        assert run("load_pathways") == run("load_pathways")
        assert LawPack.objects.count() == len(laws.texts_of([]))

    def test_a_country_of_its_own_is_used_there(self, file):
        run("load_pathways")
        run("load_pathways", str(file))
        assert laws.in_force_for("ABC").id == "small"

    def test_a_start_does_not_put_the_shipped_one_over_a_country_s_own(self, file):
        own = file.with_name("south_sudan.toml")
        own.write_text(SMALL.replace('"small"', '"south_sudan"').replace("ABC", "SSD"))
        run("load_pathways", str(own))
        run("load_pathways", "--missing")
        assert [one.id for one in laws.in_force_for("SSD").rules] == ["may-stay"]
        assert laws.in_force_for("UKR").id == "international"

    def test_of_a_newer_one_that_ships_whoever_starts_it_is_told(self, file, capsys):
        own = file.with_name("south_sudan.toml")
        own.write_text(SMALL.replace('"small"', '"south_sudan"').replace("ABC", "SSD"))
        run("load_pathways", str(own))
        run("load_pathways", "--missing")
        assert "south_sudan: another one ships than is in force." in capsys.readouterr().err
        assert laws.in_force_for("SSD").rules[0].id == "may-stay"

    def test_two_packs_do_not_speak_in_one_country(self, file):
        run("load_pathways")
        file.write_text(SMALL.replace("ABC", "SSD"))
        with pytest.raises(CommandError, match="SSD is a country of south_sudan"):
            run("load_pathways", str(file))
        assert not LawPack.objects.filter(name="small").exists()

    def test_a_changed_one_stands_beside_the_old_one(self, file):
        run("load_pathways", str(file))
        file.write_text(SMALL.replace("days = 30", "days = 45"))
        run("load_pathways", str(file))
        assert LawPack.objects.filter(name="small").count() == 2
        assert LawPack.objects.in_force().get(name="small").content["rules"][0]["clock"][
            "days"
        ] == 45  # fmt: skip

    def test_a_refused_one_changes_nothing(self, file):
        file.write_text(SMALL.replace("days = 30", "days = -1"))
        with pytest.raises(CommandError, match=r"small\.toml:\d+: rule\.1\.clock\.days"):
            run("load_pathways", str(file))
        assert not LawPack.objects.exists()

    def test_a_file_that_is_not_there_is_told(self, tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            run("load_pathways", str(tmp_path / "gone.toml"))


class TestChecking:
    def test_tells_what_a_sound_pack_says(self, file):
        told = run("check_pathways", str(file))
        assert "small: sound. 1 rules, 1 unverified; for ABC." in told
        assert "humanitarian_residence: may-stay" in told
        assert "compensation: no legal basis found" in told
        assert not LawPack.objects.exists()

    def test_the_way_to_add_a_country_is_as_it_is_told(self, tmp_path):
        """CONTRIBUTING shows a file and what the checker says of it: so it does."""
        text = HOW_TO.read_text(encoding="utf-8")
        shown = text.partition("<!-- a country -->\n```toml\n")[2].partition("```")[0]
        said = text.partition("<!-- the checker says -->\n```\n")[2].partition("```")[0]
        path = tmp_path / "kenya.toml"
        path.write_text(shown, encoding="utf-8")
        assert run("check_pathways", str(path)).startswith(said)

    def test_and_so_is_what_it_says_of_a_slip(self, tmp_path):
        text = HOW_TO.read_text(encoding="utf-8")
        shown = text.partition("<!-- a country -->\n```toml\n")[2].partition("```")[0]
        said = text.partition("<!-- a slip -->\n```\n")[2].partition("\n```")[0]
        path = tmp_path / "kenya.toml"
        path.write_text(shown.replace('"soft_law"', '"soft law"'), encoding="utf-8")
        with pytest.raises(CommandError) as caught:
            run("check_pathways", str(path))
        assert str(caught.value) == said


class TestComparing:
    def test_names_who_would_be_offered_something_else(self):
        told = run("compare_pathways", "international", "south_sudan")
        assert "woman-from-sudan-in-juba: Acacia 12" in told
        assert "- recovery_reflection" not in told
        assert "~ refugee_status: by 1951-refugee, unhcr-7-refugee, oau-1-2-refugee" in told

    def test_the_same_pack_changes_nothing_for_anybody(self):
        run("load_pathways")
        digest = LawPack.objects.get(name="oau_1969").digest[:12]
        told = run("compare_pathways", "oau_1969", digest)
        assert told.startswith("0 of ")

    def test_what_is_no_pack_is_told(self):
        with pytest.raises(CommandError, match="no file, no shipped pack"):
            run("compare_pathways", "international", "atlantis")
