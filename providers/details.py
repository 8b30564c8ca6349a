"""The one writer of opening hours, further phones and texts.

None of them decides anything in the router, so they raise no revision, and they wait for nobody.
Each call says the whole list: what stands there from now on, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from providers import capacity, history
from providers.documents import document_of
from providers.history import Said
from providers.hours import Line
from providers.models import Hours, Phone, Service, ServiceText
from providers.models.services import SHORT_CODE
from providers.vocabulary import is_language_code

MOST_LINES = 14
MOST_PHONES = 12
MOST_TEXTS = 40
LONGEST_TEXT = 2000
NUMBER = re.compile(r"^\+?[0-9][0-9 ().\-/]{1,38}$")


class UnableToKeep(ValueError):
    """What is wrong, in the reader's language. `line` is its place in what was given, `field` the
    one to mend; neither where it is about all of it."""

    def __init__(self, said: str, *, line: int | None = None, field: str = "") -> None:
        super().__init__(said)
        self.line, self.field = line, field


class UnableToKeepHours(UnableToKeep):
    """Too many lines."""


@dataclass(frozen=True, slots=True)
class FurtherPhone:
    """`languages`: ISO 639-3, in which it is answered; none: not said. `note`: what for."""

    number: str
    short: bool = False
    note: str = ""
    languages: tuple[str, ...] = ()
    all_day: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One text in one language (ISO 639-3). `what`: of ServiceText.What."""

    what: str
    language: str
    text: str


# ------------------------------------------------------------------------- what is written
def set_hours(
    *, service_id: UUID, lines: Sequence[Line], at: datetime, said: Said | None = None
) -> None:
    """These lines and no others from now on; none: not known."""
    if len(lines) > MOST_LINES:
        raise UnableToKeepHours(_("Keep %(most)d lines of hours at most.") % {"most": MOST_LINES})
    _keep("hours", lambda service: _write_hours(service, lines), service_id, said, at)


def set_phones(
    *, service_id: UUID, phones: Sequence[FurtherPhone], at: datetime, said: Said | None = None
) -> None:
    """These further numbers and no others. Raises UnableToKeep."""
    if said is None or said.undoes is None:  # what is taken back stood there already
        believe_phones(phones, stands=set(Phone.objects.numbers_of(service_id)))
    _keep("phones", lambda service: _write_phones(service, phones), service_id, said, at)


def set_texts(
    *, service_id: UUID, texts: Sequence[Told], at: datetime, said: Said | None = None
) -> None:
    """These texts and no others. Raises UnableToKeep."""
    if said is None or said.undoes is None:
        believe_texts(texts)
    _keep("texts", lambda service: _write_texts(service, texts), service_id, said, at)


@transaction.atomic
def _keep(
    name: str, write: Callable[[Service], None], service_id: UUID, said: Said | None, at: datetime
) -> None:
    capacity.lock(services=[service_id])
    service = Service.objects.get(pk=service_id)
    before = document_of(service, [name])
    write(service)
    Service.objects.filter(pk=service_id).update(changed_at=at)
    after = document_of(service, [name])
    history.record(subject=service, before=before, after=after, said=said or Said(), at=at)


def _write_hours(service: Service, lines: Iterable[Line]) -> None:
    service.hours.all().delete()
    Hours.objects.bulk_create(
        Hours(
            service=service,
            days=Hours.mask(one.days),
            opens=one.opens,
            closes=one.closes,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
        )
        for one in lines
    )


def _write_phones(service: Service, phones: Iterable[FurtherPhone]) -> None:
    service.phones.all().delete()
    Phone.objects.bulk_create(
        Phone(service=service, **{**asdict(one), "languages": sorted(one.languages)})
        for one in phones
    )


def _write_texts(service: Service, texts: Iterable[Told]) -> None:
    service.texts.all().delete()
    ServiceText.objects.bulk_create(ServiceText(service=service, **asdict(one)) for one in texts)


# ------------------------------------------------------------------------- what may be kept
def believe_phones(phones: Sequence[FurtherPhone], *, stands: Collection[str] = ()) -> None:
    """UnableToKeep where one of them is no number, or is told twice. `stands`: numbers that stand
    there already, such as an import brought; they may stay as they are."""
    if len(phones) > MOST_PHONES:
        raise UnableToKeep(_("Keep %(most)d further phones at most.") % {"most": MOST_PHONES})
    told: set[str] = set()
    for line, one in enumerate(phones):
        wrong = "" if one.number in stands and not one.short else _wrong_number(one)
        if one.number in told:
            wrong = _("This number is on the list already.")
        if wrong:
            raise UnableToKeep(wrong, line=line, field="number")
        if not all(is_language_code(code) for code in one.languages):
            raise UnableToKeep(language_wanted(), line=line, field="languages")
        told.add(one.number)


def _wrong_number(one: FurtherPhone) -> str:
    if one.short and not re.match(SHORT_CODE, one.number):
        return _("A short code has three to six digits, such as 116.")
    if not one.short and not NUMBER.match(one.number):
        return _("Write the number in digits, such as +211 912 000 111.")
    return ""


def believe_texts(texts: Sequence[Told]) -> None:
    """UnableToKeep where one is empty, too long, in no language, or told twice."""
    if len(texts) > MOST_TEXTS:
        raise UnableToKeep(_("Keep %(most)d texts at most.") % {"most": MOST_TEXTS})
    told: set[tuple[str, str]] = set()
    for line, one in enumerate(texts):
        if not is_language_code(one.language):
            raise UnableToKeep(language_wanted(), line=line, field="language")
        if not one.text.strip() or len(one.text) > LONGEST_TEXT:
            words = _("Write the text, %(most)d letters at most.") % {"most": LONGEST_TEXT}
            raise UnableToKeep(words, line=line, field="text")
        if (one.what, one.language) in told:
            words = _("There is a text of this kind in this language already: change that one.")
            raise UnableToKeep(words, line=line, field="language")
        told.add((one.what, one.language))


def language_wanted() -> str:
    return _("Write the language as its code of three letters (ISO 639-3), such as eng or apd.")
