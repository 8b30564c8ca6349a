"""The closed lists of the directory: code and kind label, one place each."""

from __future__ import annotations

import re

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class OrganizationKind(TextChoices):
    STATE = "state", _("State body")
    UN = "un", _("United Nations")
    INTERNATIONAL = "international", _("International organization")
    NGO = "ngo", _("NGO")
    COMMUNITY = "community", _("Community group")
    FAITH = "faith", _("Faith community")
    PRIVATE = "private", _("Private")


class Authority(TextChoices):
    """What an organization decides or enforces. Nobody is routed to any but NONE (ruling 2)."""

    NONE = "none", _("None")
    ASYLUM = "asylum", _("Asylum authority")
    PERMIT = "permit", _("Permit authority")
    POLICE = "police", _("Police")
    MILITARY = "military", _("Military")
    PRISON = "prison", _("Prison")
    IMMIGRATION = "immigration", _("Immigration authority")
    CONSULAR = "consular", _("Consulate")


class Actor(TextChoices):
    """Kinds of actor that can be avoided, or that a service can report to."""

    POLICE = "police", _("Police")
    MILITARY = "military", _("Military")
    IMMIGRATION = "immigration", _("Immigration authority")
    DE_FACTO = "de_facto", _("De facto authority")
    STATE = "state", _("Any state body")
    FAITH = "faith", _("Faith communities")
    COMMUNITY = "community", _("Community groups")


REPORTED_TO = (Actor.POLICE, Actor.MILITARY, Actor.IMMIGRATION, Actor.DE_FACTO)


class Condition(TextChoices):
    """What a service asks for first. Those in BLOCKING remove it from every proposal (ruling 4)."""

    COOPERATION = "cooperation", _("A statement to the police or a court")
    DOCUMENTS = "documents", _("Identity papers")
    STATUS = "status", _("A migration or other status")
    PROGRAMME = "programme", _("Joining a programme")
    RECOGNITION = "recognition", _("Formal recognition")
    LEAVE_OF_ANOTHER = "leave_of_another", _("The leave of a guardian or husband")
    CAMP_REGISTRATION = "camp_registration", _("Camp registration")
    NATIONALITY = "nationality", _("A certain nationality")
    ETHNICITY = "ethnicity", _("A certain ethnic group")
    RELIGION = "religion", _("A certain religion")
    FEES = "fees", _("A fee")
    MEDICAL_TEST = "medical_test", _("A medical test")
    NO_PHONE_OR_GOING_OUT = "no_phone_or_going_out", _("No phone, or no going out")


BLOCKING = tuple(
    c
    for c in Condition
    if c not in (Condition.FEES, Condition.MEDICAL_TEST, Condition.NO_PHONE_OR_GOING_OUT)
)


class ReachedBy(TextChoices):
    WALK_IN = "walk_in", _("Walk in")
    PHONE_FIRST = "phone_first", _("Phone first")
    REFERRAL_ONLY = "referral_only", _("By referral only")


class Operating(TextChoices):
    FUNCTIONING = "functioning", _("Open")
    PARTLY = "partly", _("Partly open")
    SUSPENDED = "suspended", _("Closed for now")
    CLOSED = "closed", _("Closed")
    DESTROYED = "destroyed", _("Destroyed")
    DISPLACED = "displaced", _("Moved away because of the conflict")


OPERATING = (Operating.FUNCTIONING, Operating.PARTLY)


class StatusCause(TextChoices):
    UNKNOWN = "", _("Not stated")
    INSECURITY = "insecurity", _("Insecurity")
    ACCESS = "access", _("No access")
    STAFF = "staff", _("No staff")
    SUPPLIES = "supplies", _("No supplies")
    FUNDING = "funding", _("No funding")
    DESTRUCTION = "destruction", _("Building destroyed")


class Exposure(TextChoices):
    """Who may know the place. REDACTED never shows a place finer than the area to anybody."""

    PUBLIC = "public", _("Public")
    PARTNERS = "partners", _("Partners only")
    REDACTED = "redacted", _("Confidential")


class Unit(TextChoices):
    BED = "bed", _("beds")
    PLACE = "place", _("places")
    APPOINTMENT = "appointment", _("appointments this week")
    NONE = "none", _("not counted")


class PlacesFor(TextChoices):
    """Who may use a service's places, where a site counts them apart (ruling 23)."""

    ANYBODY = "", _("Anybody")
    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    FAMILY = "family", _("Families")
    UNDER_18 = "under_18", _("Under 18")


class Sex(TextChoices):
    WOMAN = "woman", _("Woman or girl")
    MAN = "man", _("Man or boy")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Not known")


class AgeBand(TextChoices):
    INFANT = "0-5", _("0–5")
    CHILD = "6-11", _("6–11")
    YOUNG_TEEN = "12-14", _("12–14")
    TEEN = "15-17", _("15–17")
    YOUNG_ADULT = "18-25", _("18–25")
    ADULT = "26-59", _("26–59")
    OLDER = "60+", _("60+")
    UNKNOWN = "unknown", _("Age not known")


class Access(TextChoices):
    STEP_FREE = "step_free", _("No stairs")
    SIGN_LANGUAGE = "sign_language", _("Sign language")
    LOW_VISION = "low_vision", _("Help for low vision")
    PERSONAL_CARE = "personal_care", _("Help with daily care")


class Urgency(TextChoices):
    IMMEDIATE = "immediate", _("Now, within the hour")
    URGENT = "urgent", _("Within a day")
    SOON = "soon", _("Within three working days")
    ROUTINE = "routine", _("Within five working days")


class Role(TextChoices):
    CASEWORKER = "caseworker", _("Caseworker")
    SUPERVISOR = "supervisor", _("Supervisor")
    SPECIALIST = "specialist", _("Specialist")
    PROVIDER = "provider", _("Provider")
    COORDINATOR = "coordinator", _("Coordinator")
    ADMINISTRATOR = "administrator", _("Administrator")


class Level(IntegerChoices):
    COUNTRY = 0, _("Country")
    STATE = 1, _("State")
    COUNTY = 2, _("County")


# ISO 639-3. A macrolanguage matches its members, both ways (ruling 29).
LANGUAGES = {
    "eng": _("English"),
    "ara": _("Arabic (any)"),
    "arb": _("Standard Arabic"),
    "pga": _("Juba Arabic"),
    "apd": _("Sudanese Arabic"),
    "din": _("Dinka (any)"),
    "dik": _("Dinka, south-western"),
    "dip": _("Dinka, north-eastern"),
    "dib": _("Dinka, south-central"),
    "dks": _("Dinka, south-eastern"),
    "diw": _("Dinka, north-western"),
    "nus": _("Nuer"),
    "shk": _("Shilluk"),
    "bfa": _("Bari"),
    "zne": _("Zande"),
    "lot": _("Otuho"),
    "toq": _("Toposa"),
    "mur": _("Murle"),
    "ach": _("Acholi"),
    "mgd": _("Moru"),
    "anu": _("Anuak"),
    "lwo": _("Luwo"),
    "amh": _("Amharic"),
    "tir": _("Tigrinya"),
    "swh": _("Swahili"),
    "lug": _("Ganda"),
    "fra": _("French"),
}
MACROLANGUAGES = {
    "ara": frozenset({"arb", "pga", "apd"}),
    "din": frozenset({"dik", "dip", "dib", "dks", "diw"}),
}


def language_label(code: str) -> str:
    """A language's name, or the code itself where we have none."""
    return str(LANGUAGES.get(code, code))


LANGUAGE_CODE = re.compile(r"[a-z]{3}")  # ISO 639-3


def is_language_code(code: str) -> bool:
    return bool(LANGUAGE_CODE.fullmatch(code))


def language_code(word: str) -> str:
    """The code of a language that is written as its code or by its name; "" for neither."""
    wanted = word.strip().casefold()
    by_name = (code for code, name in LANGUAGES.items() if str(name).casefold() == wanted)
    return wanted if is_language_code(wanted) else next(by_name, "")
