"""One service as a file tells it, whatever the format: what every reader gives and writer takes.

Codes are the product's own (`providers.vocabulary`, `data/capabilities.toml`); a reader turns the
words of its format into them or refuses the row. None means: the file does not say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class Where:
    """Which row of the file: sheet or file name, and line as a spreadsheet counts them, from 1."""

    line: int
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class AreaTold:
    """How a file names one area. The P-code counts first, then the point, then the names."""

    pcode: str = ""
    version: str = ""
    latitude: float | None = None  # degrees WGS 84
    longitude: float | None = None
    names: tuple[str, ...] = ()  # from the country down: state, county


@dataclass(frozen=True, slots=True)
class OrganizationTold:
    name: str
    source_id: str = ""
    kind: str | None = None  # OrganizationKind
    description: str = ""
    url: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class PlaceTold:
    name: str
    source_id: str = ""
    kind: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class PhoneTold:
    """A number as it is dialled. `short`: a short code, such as 116, of this country only.
    `languages`: ISO 639-3, in which somebody answers; none: unsaid. `all_day`: day and night."""

    number: str
    short: bool = False
    note: str = ""
    languages: tuple[str, ...] = ()
    all_day: bool = False


@dataclass(frozen=True, slots=True)
class HoursTold:
    """Open on these days between two hours of the wall. Days 0 = Monday … 6 = Sunday.

    A close not after the opening lies on the next day; 00:00 to 00:00 is the whole day.
    """

    days: tuple[int, ...]
    opens: time
    closes: time
    valid_from: date | None = None
    valid_until: date | None = None  # half-open: the first day on which it no longer holds


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the directory in one language (ISO 639-3). `what`: description or how_to_reach."""

    what: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One service at one place. `source_id` is its key in the source; a UUID is kept as our key."""

    where: Where
    source_id: str
    name: str
    organization: OrganizationTold
    capability: str | None = None  # None: listed as a place, no help is claimed
    place: PlaceTold | None = None
    area: AreaTold = AreaTold()
    covers: tuple[AreaTold, ...] = ()
    texts: tuple[Text, ...] = ()
    url: str = ""
    email: str = ""
    phones: tuple[PhoneTold, ...] = ()
    hours: tuple[HoursTold, ...] = ()
    languages: tuple[str, ...] | None = None  # ISO 639-3
    conditions: tuple[str, ...] | None = None  # Condition
    reports_to: dict[str, str] | None = None  # Actor → law or practice
    access: tuple[str, ...] | None = None  # Access

    min_age: int | None = None
    max_age: int | None = None
    serves_women: bool | None = None
    serves_men: bool | None = None
    serves_other: bool | None = None
    max_son_age: int | None = None
    takes_pregnant: bool | None = None
    places_for: str | None = None  # PlacesFor

    reached_by: str | None = None  # ReachedBy
    remote: bool | None = None
    comes_to_person: bool | None = None
    mobile: bool | None = None
    available_from: date | None = None  # a team that is there for a time only; half-open
    available_until: date | None = None

    unit: str | None = None  # Unit
    maximum: int | None = None
    reported_free: int | None = None
    confirmed_at: datetime | None = None
    takes_waiting_list: bool | None = None
    meets_first: bool | None = None
    closed_until: date | None = None

    operating: str | None = None  # Operating
    operating_since: date | None = None
    operating_cause: str | None = None  # StatusCause
    exposure: str | None = None  # Exposure
    synthetic: bool | None = None  # invented for a demonstration, and shown as such
    not_kept: tuple[str, ...] = field(default=(), compare=False)  # names of columns without a home
