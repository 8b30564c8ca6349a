"""Each layer is a product without the ones above it: three sets of apps, each started alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
SUBSETS = ["providers", "providers,referral", "providers,referral,routing"]
SIGN_IN = """
import sys
import django
django.setup()
from django.apps import apps
from django.test import Client
from django.urls import get_resolver, reverse
from providers.models import Membership, Organization, User
client = Client(headers={"host": "localhost"})
signed_out = client.get("/").status_code
amina = User.objects.create_user("amina")
office = Organization.objects.create(name="Coordination Office", kind="un")
Membership.objects.create(user=amina, organization=office, role="coordinator")
client.force_login(amina)
"""
ASK = (
    SIGN_IN
    + """
print("signed out", signed_out)
response = client.get("/", follow=True)
print("signed in", response.status_code)
print("login", Client(headers={"host": "localhost"}).get("/accounts/login/").status_code)
print("apps", *sorted(one.name for one in apps.get_app_configs() if "." not in one.name))
print("namespaces", *sorted(get_resolver().namespace_dict))
ours = ("referral.", "routing.")
print("strangers", *sorted(n for n in sys.modules if n.startswith(ours) and ".urls" in n))
"""
)


def run(subset: str, folder: Path, *arguments: str) -> str:
    dropped = ("DATABASE_URL", "REDIS_URL")
    env = {name: value for name, value in os.environ.items() if name not in dropped} | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "OPENNRM_APPS": subset,
        "DATA_DIR": str(folder),
        "DEMO": "1",
    }
    done = subprocess.run(
        [sys.executable, *arguments], env=env, cwd=HOME, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


MADE = """
import django
django.setup()
from django.core.management import call_command
call_command("check", fail_level="WARNING")
call_command("makemigrations", check_changes=True, dry_run=True)
call_command("migrate", interactive=False, verbosity=0)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A new folder with the empty database of a subset; it is made once and copied."""
    kept: dict[str, Path] = {}

    def new(subset: str) -> Path:
        if subset not in kept:
            kept[subset] = tmp_path_factory.mktemp("kept")
            run(subset, kept[subset], "-c", MADE)
        return shutil.copytree(kept[subset], tmp_path_factory.mktemp("subset") / "data")

    return new


@pytest.fixture(scope="module", params=SUBSETS)
def answers(request, made) -> dict[str, str]:
    lines = run(request.param, made(request.param), "-c", ASK).splitlines()
    parts = [line.rpartition(" ") if line[-1].isdigit() else line.partition(" ") for line in lines]
    return {key: value for key, _, value in parts} | {"subset": request.param}


def test_a_subset_answers(answers):
    assert answers["signed out"] in ("200", "302")
    assert answers["signed in"] == "200"
    assert answers["login"] == "200"


def test_a_subset_installs_no_app_from_above(answers):
    above = {"referral", "routing"} - set(answers["subset"].split(","))
    assert not above & set(answers["apps"].split())
    assert not above & set(answers["namespaces"].split())
    assert not [one for one in answers["strangers"].split() if one.split(".")[0] in above]


@pytest.mark.parametrize("subset", SUBSETS)
def test_a_subset_is_sound_and_misses_no_migration(subset, made):
    assert made(subset).exists()


def test_the_directory_alone_shows_its_services(made):
    page = SIGN_IN + 'print(client.get(reverse("providers:directory")).status_code)'
    assert run("providers", made("providers"), "-c", page).strip() == "200"


BY_HAND = """
import django
django.setup()
from django.apps import apps
from django.test import Client
from providers.models import User
from referral.models import Need, Referral
from referral.sweep import sweep
from tests import factories as make
assert not apps.is_installed("routing")
county = make.area("Juba", parent=make.area("Central Equatoria"))
house = make.organization("Hope House")
shelter = make.service(area_=county, organization_=house)
lado = make.user("caseworker", username="lado")
achol = make.user("provider", house, username="achol")
case = make.case(lado, area_=county)
make.consent(case, days=3000)
need = make.due_need(case)
print("first", need.state)
worker, provider = (Client(headers={"host": "localhost"}) for _ in "ab")
worker.force_login(lado)
provider.force_login(achol)
worker.post(f"/needs/{need.pk}/by-hand/", {"service": shelter.pk, "reason": "Near."})
ask = Referral.objects.get()
provider.post(f"/inbox/{ask.pk}/answer/", {"answer": "accept"})
here = f"/referrals/{ask.pk}/"
from providers import clock
soon = clock.now().strftime("%Y-%m-%dT23:59")
worker.post(f"{here}handover/", {"expected_at": soon, "where": "the gate"})
print("handover", bool(Referral.objects.get().handover))
worker.post(f"{here}arrived/", {"said_by": "person"})
print("there", Referral.objects.get().state)
worker.post(f"{here}step/", {"move": "complete", "said_by": "person"})
print("last", Referral.objects.get().state, Need.objects.get().state)
sweep(at=clock.now())
"""


def test_without_the_router_a_case_goes_all_the_way_by_hand(made):
    subset = "providers,referral"
    told = run(subset, made(subset), "-c", BY_HAND).splitlines()
    assert told == [
        "first with_human",
        "handover True",
        "there in_service",
        "last completed met",
    ]


API = (
    SIGN_IN
    + """
from providers import clock, tokens
_row, token = tokens.make_token(user=amina, label="machine", days=7, at=clock.now())
machine = {"authorization": f"Token {token}"}
for path in ("me/", "services/", "schema/", "cases/", "needs/", "turns/", "decisions/"):
    print(path, client.get(f"/api/v1/{path}", headers=machine).status_code)
import yaml
paths = yaml.safe_load(client.get("/api/v1/schema/").content)["paths"]
print("parts", *sorted({one.split("/")[3] for one in paths}))
"""
)


@pytest.mark.parametrize(
    ("subset", "cases", "parts"),
    [
        (
            "providers",
            "404",
            "area-reports areas availability changes me mechanisms organizations places reviews "
            "services way-reports",
        ),
        (
            "providers,referral",
            "403",
            "accompaniments area-reports areas availability caseloads cases changes conferences "
            "consents covers decided exclusions inbox me mechanisms merges needs organizations "
            "places referrals reviews services takeovers transfers turns unmet visits vital-acts "
            "way-reports",
        ),
    ],
)
def test_a_subset_has_its_part_of_the_api_and_describes_no_more(made, subset, cases, parts):
    lines = run(subset, made(subset), "-c", API).splitlines()
    told = dict(line.split(" ", 1) for line in lines)
    assert (told["me/"], told["services/"], told["schema/"]) == ("200", "200", "200")
    assert told["cases/"] == cases
    assert told["decisions/"] == "404"
    assert told["parts"] == parts
