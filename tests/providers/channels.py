"""All other ways by which the server tells something: files, HSDS, pins, paper, previews of
imports, history, errors and the log; each a question that somebody at any point can ask again."""

from __future__ import annotations

import csv
import io
import logging
import re
import zipfile
from collections.abc import Callable

from django.db import transaction
from django.urls import reverse

from providers import access, tokens
from providers.exporters import FORMATS
from providers.importers.tables import File
from providers.models import Change, Location, Service
from tests import factories as make
from tests.factories import NOW
from tests.people import browser
from tests.providers.attack import Point, km_between
from tests.providers.imports.sheets import checked

# what differs from answer to answer, whatever is told: keys, of this page and of this row
CHANGING = re.compile(
    r'(name="(csrfmiddlewaretoken|once|base)" value="[^"]*"'
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
LISTS = ("services", "organizations", "service_at_locations")


class Log(logging.Handler):
    """Every line since it was last looked at, with all that it carries."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name} {record.getMessage()}")

    def said(self) -> str:
        said, self.lines = "\n".join(self.lines), []
        return said


class Channels:
    """As somebody who keeps the directory and works on cases, and is not of the house."""

    def __init__(self, town) -> None:
        self.town, organization = town, make.organization("Elsewhere office")
        self.user = make.user("coordinator", organization)
        for role in ("caseworker",):
            make.directory.add_membership(user=self.user, organization=organization, role=role)
        self.client = browser(self.user)
        self.client.raise_request_exception = False
        _row, token = tokens.make_token(user=self.user, label="A machine", days=7, at=NOW)
        self.headers = {"authorization": f"Token {token}"}
        self.log = Log()
        self.change: Change | None = None

    # -------------------------------------------------------------------- what the house does
    def write_history(self) -> None:
        """The place was put right lately: from a little beside it to where it is."""
        place = Location.objects.get(pk=self.town.place.pk)
        told = {
            "before": {"latitude": place.latitude + 1e-4, "longitude": place.longitude},
            "after": {"latitude": place.latitude, "longitude": place.longitude},
        }
        if self.change is None:
            self.change = Change.objects.create(
                location=place, author=make.user("provider", self.town.house), happened_at=NOW,
                state="waiting", confidential=True, **told,
            )  # fmt: skip
        Change.objects.filter(pk=self.change.pk).update(**told)

    # -------------------------------------------------------------------- what can be asked
    def questions(self) -> dict[str, Callable[..., str]]:
        self.write_history()
        files = {f"file {code}": self._file(code) for code in FORMATS}
        lists = {f"hsds {name}": self._hsds(name) for name in LISTS}
        return files | lists | {
            "hsds one": self.hsds_one, "hsds by post": self.by_post, "hsds nearness": self.nearness,
            "pins": self.pins, "pathway": self.pathway, "import": self.imported,
            "history": self.history, "errors": self.errors, "log": self.logged,
        }  # fmt: skip

    def _file(self, code: str) -> Callable[..., str]:
        return lambda *, point: self.bytes_of(f"/services/take/{code}/")

    def bytes_of(self, address: str) -> str:
        response = self.client.get(address)
        data = b"".join(response.streaming_content)
        if zipfile.is_zipfile(io.BytesIO(data)):  # without the hour at which it was packed
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                data = b"\n".join(packed.read(name) for name in sorted(packed.namelist()))
        return data.decode("utf-8", "replace")

    def _hsds(self, name: str) -> Callable[..., str]:
        return lambda *, point: self.hsds(f"/hsds/{name}?full=true&per_page=10")

    def hsds(self, address: str, data: dict | None = None) -> str:
        if data is None:
            response = self.client.get(address, headers=self.headers)
        else:
            response = self.client.post(
                address, data, content_type="application/json", headers=self.headers
            )
        return f"{response.status_code} {response.getvalue().decode()}"

    def hsds_one(self, *, point: Point) -> str:
        keys = [self.town.hidden.pk, self.town.beside.pk, self.town.house.pk]
        return "".join(self.hsds(f"/hsds/{name}/{key}") for name in LISTS for key in keys)

    def by_post(self, *, point: Point) -> str:
        told = {"search": "quiet", "postcode": "SS0101", "proximity": self.metres(point)}
        return "".join(self.hsds(f"/hsds/{name}", told) for name in LISTS)

    def metres(self, point: Point) -> str:
        county = self.town.counties[0]
        return f"{km_between(point, (county.latitude, county.longitude)) * 1000:.3f}"

    def nearness(self, *, point: Point) -> str:
        """From the centre of each county: what lies within as far as this point does?"""
        said = []
        for county in self.town.counties:
            metres = km_between(point, (county.latitude, county.longitude)) * 1000
            asked = f"postcode={county.pcode}&proximity={metres:.3f}&minimal=true"
            said += [self.hsds(f"/hsds/{name}?{asked}") for name in LISTS]
        return "".join(said)

    def pins(self, *, point: Point) -> str:
        return self.text("/services/map/points.json") + self.text("/services/map/?area=SS0101")

    def text(self, address: str) -> str:
        response = self.client.get(address)
        return f"{response.status_code} {CHANGING.sub('', response.getvalue().decode())}"

    def pathway(self, *, point: Point) -> str:
        return self.text("/pathway/?area=SS0101&language=eng")

    def imported(self, *, point: Point) -> str:
        """What the list gives, brought back with this point and the key of the place: does the
        preview, or the report, compare it with where it is? Nothing of it stays."""
        rows = list(
            csv.DictReader(io.StringIO(self.bytes_of("/services/take/csv/").lstrip("\ufeff")))
        )
        for one in rows:
            one |= {"Place": "Mill", "Place ID": str(self.town.place.pk)}
            one |= {"Latitude": f"{point[0]:.6f}", "Longitude": f"{point[1]:.6f}"}
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        with transaction.atomic():
            file = File("list.csv", out.getvalue().encode())
            one = checked(self.user, file, source=f"list {len(rows)}")
            said = [self.text(reverse("providers:imports"))]
            said += [
                self.text(f"{reverse('providers:import', args=[one.pk])}?rows={outcome}")
                for outcome in ("new", "changed", "unchanged", "refused", "doubtful")
            ]
            said.append(self.text(reverse("providers:import_unsure", args=[one.pk])))
            said.append(self.bytes_of(reverse("providers:import_report", args=[one.pk])))
            transaction.set_rollback(True)
        return CHANGING.sub("", "".join(said))

    def history(self, *, point: Point) -> str:
        pages = ["/changes/", f"/changes/{self.change.pk}/"]
        pages += [f"/services/{self.town.hidden.pk}/{more}" for more in ("", "edit/", "history/")]
        pages.append(f"/organizations/{self.town.house.pk}/")
        ways = [f"/api/v1/changes/{self.change.pk}/", "/api/v1/changes/", "/api/v1/places/"]
        return "".join([*map(self.text, pages), *map(self.hsds, ways)])

    def errors(self, *, point: Point) -> str:
        """What nobody may do, and what nobody can mean."""
        place, hidden = self.town.place.pk, self.town.hidden.pk
        asked = [
            self.text(f"/places/{place}/"), self.text(f"/places/{place}/edit/"),
            self.text(f"/services/{hidden}/place/"), self.text("/services/?area=nowhere&now=x"),
            self.text("/services/map/points.json?area=nowhere"), self.hsds("/hsds/services?page=x"),
            self.hsds("/hsds/services?postcode=SS0101&proximity=-1"),
            self.hsds(f"/api/v1/places/{place}/"), self.hsds("/api/v1/services/?area=x"),
        ]  # fmt: skip
        sent = {"latitude": str(point[0]), "longitude": str(point[1]), "revision": "0"}
        for address in (f"/places/{place}/edit/", f"/changes/{self.change.pk}/refuse/",
                        f"/services/{hidden}/edit/", f"/services/{hidden}/place/"):  # fmt: skip
            response = self.client.post(address, sent)
            asked.append(f"{response.status_code} {CHANGING.sub('', response.getvalue().decode())}")
        return "".join(asked)

    def logged(self, *, point: Point) -> str:
        """Whoever reads the log while all that is asked."""
        watched = [logging.getLogger(), logging.getLogger("django"), logging.getLogger("providers")]
        for one in watched:
            one.addHandler(self.log)
        try:
            self.errors(point=point)
            self.history(point=point)
            self.imported(point=point)
        finally:
            for one in watched:
                one.removeHandler(self.log)
        return CHANGING.sub("", self.log.said())


# ------------------------------------------------------------------------- what could go wrong
def any_place(service):
    """As `listed._place`, of whatever service."""
    from providers.importers.listing import PlaceTold

    place = service.location
    if place is None:
        return None
    return PlaceTold(place.name, str(place.pk), place.kind, place.latitude, place.longitude)


def by_their_points(area, metres: float):
    """As `find._near`, by where each service truly is."""
    from django.db.models import Q

    rows = Service.objects.filter(location__latitude__isnull=False).select_related("location")
    centre = (area.latitude, area.longitude)
    near = [
        one.pk
        for one in rows
        if km_between(centre, (one.location.latitude, one.location.longitude)) * 1000 <= metres
    ]
    return Q(pk__in=near)


def any_pin(services):
    return services.filter(location__latitude__isnull=False)


def nobody_hidden(*_told) -> set:
    return set()


def any_location(_user):
    return Location.objects.all()


def told_in_the_log(was):
    def opened(user):
        for one in Location.objects.exclude(latitude=None):
            logging.getLogger("providers").warning("looked for %s %s", one.latitude, one.longitude)
        return was(user)

    return opened


PLACE = ("providers.listed._place", any_place)
PLANTED = {
    **{f"file {code}": PLACE for code in FORMATS},
    **{f"hsds {name}": PLACE for name in ("services", "service_at_locations", "organizations")},
    "hsds one": PLACE,
    "hsds by post": ("providers.hsds.find._near", by_their_points),
    "hsds nearness": ("providers.hsds.find._near", by_their_points),
    "pins": ("providers.access.with_public_place", any_pin),
    "import": ("providers.import_access.hidden_places", nobody_hidden),
    "history": ("providers.reading_changes._sealed", nobody_hidden),
    "errors": ("providers.access.places_opened_by", any_location),
    "log": ("providers.access.places_opened_by", told_in_the_log(access.places_opened_by)),
}
