"""The one writer of imports: many rows at once, new or changed, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import F, prefetch_related_objects

from providers import history, operating
from providers.documents import document_of
from providers.importers.listing import HoursTold, PhoneTold, Text
from providers.models import (
    Area,
    Hours,
    Phone,
    Service,
    ServiceCondition,
    ServiceLanguage,
    ServiceReport,
    ServiceText,
)

BATCH = 500


@dataclass(slots=True)
class Tally:
    """How many rows of one kind were new, changed and left alone."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged
        )

    @property
    def total(self) -> int:
        return self.new + self.changed + self.unchanged

    @property
    def wrote(self) -> bool:
        return bool(self.new or self.changed)

    def __str__(self) -> str:
        counts = {"new": self.new, "changed": self.changed, "unchanged": self.unchanged}
        return ", ".join(f"{n:,} {word}" for word, n in counts.items() if n) or "none"


@transaction.atomic
def save_all(rows: Sequence[models.Model], *, fields: Sequence[str]) -> Tally:
    """Insert the rows whose key is new; of the others write those that differ in `fields`.

    All rows are of one model, with their keys set. Fields not named keep what people wrote.
    """
    if not rows:
        return Tally()
    model = type(rows[0])
    stored = model._default_manager.in_bulk([row.pk for row in rows])
    new = [row for row in rows if row.pk not in stored]
    changed = [row for row in rows if row.pk in stored and differs(row, stored[row.pk], fields)]
    insert(new)
    if changed:
        model._default_manager.bulk_update(changed, fields, batch_size=BATCH)
    return Tally(len(new), len(changed), len(rows) - len(new) - len(changed))


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, with their keys set or made by the database. As bulk_create does,
    with one statement for all of them: composing it anew for every few rows takes half the time of
    a large import."""
    if not rows:
        return
    meta = type(rows[0])._meta
    fields = [
        one
        for one in meta.concrete_fields
        if not isinstance(one, models.AutoField | models.BigAutoField)
    ]
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(one.column) for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    prepared = [(one.attname, _preparing(one)) for one in fields]
    values = [[prepare(getattr(row, name)) for name, prepare in prepared] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({marks})", values
        )


AS_IT_IS = {str, int, float, bool, type(None)}  # every database takes these of a plain field
PLAIN = (models.CharField, models.TextField, models.IntegerField, models.FloatField)
PLAIN += (models.BooleanField,)


def _preparing(field: models.Field) -> Callable[[Any], Any]:
    def prepare(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    def prepare_plain(value: Any) -> Any:
        return value if type(value) in AS_IT_IS else prepare(value)

    return prepare_plain if isinstance(field, PLAIN) else prepare


def differs(row: models.Model, stored: models.Model, fields: Sequence[str]) -> bool:
    """Whether one of these fields has another value."""
    attributes = [row._meta.get_field(name).attname for name in fields]
    return any(getattr(row, one) != getattr(stored, one) for one in attributes)


@dataclass(frozen=True, slots=True)
class NewService:
    """A service that is not stored yet, with its lists. `reports_to`: actor → law or practice."""

    service: Service
    languages: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    reports_to: dict[str, str] = field(default_factory=dict)
    covers: tuple[Area, ...] = ()
    phones: tuple[PhoneTold, ...] = ()
    hours: tuple[HoursTold, ...] = ()
    texts: tuple[Text, ...] = ()


@transaction.atomic
def add_services(wanted: Iterable[NewService]) -> Tally:
    """Insert the services whose key is new, with their lists; those that exist are not touched."""
    wanted = list(wanted)
    stored = set(
        Service.objects.filter(pk__in=[one.service.pk for one in wanted]).values_list(
            "pk", flat=True
        )
    )
    new = [one for one in wanted if one.service.pk not in stored]
    insert([one.service for one in new])
    insert(
        [ServiceLanguage(service=one.service, code=code) for one in new for code in one.languages]
    )
    operating.begin(services=[one.service for one in new])
    insert(
        [ServiceCondition(service=one.service, kind=kind) for one in new for kind in one.conditions]
    )
    insert(
        [
            ServiceReport(service=one.service, actor=actor, basis=basis)
            for one in new
            for actor, basis in one.reports_to.items()
        ]
    )
    through = Service.covers.through
    insert([through(service=one.service, area=area) for one in new for area in one.covers])
    insert([row for one in new for row in phone_rows(one.service, one.phones, ())])
    insert([row for one in new for row in hours_rows(one.service, one.hours)])
    insert([row for one in new for row in text_rows(one.service, one.texts)])
    return Tally(new=len(new), unchanged=len(wanted) - len(new))


def phone_rows(service: Service, told: Iterable[PhoneTold], stand: Iterable[Phone]) -> list[Phone]:
    """What a file does not say of a number that stands, its languages and hours, stays with it."""
    kept = {one.number: one for one in stand}
    return [
        Phone(
            service=service,
            number=n.number,
            short=n.short,
            note=n.note,
            languages=list(n.languages) or (kept[n.number].languages if n.number in kept else []),
            all_day=n.all_day or (n.number in kept and kept[n.number].all_day),
        )
        for n in told
    ]


def hours_rows(service: Service, told: Iterable[HoursTold]) -> list[Hours]:
    return [
        Hours(
            service=service,
            days=Hours.mask(one.days),
            opens=one.opens,
            closes=one.closes,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
        )
        for one in told
    ]


def text_rows(service: Service, told: Iterable[Text]) -> list[ServiceText]:
    return [
        ServiceText(service=service, what=one.what, language=one.language, text=one.text)
        for one in told
    ]


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """What becomes of a service that is stored: fields by attribute, and lists where not None.

    Never whether it works: `operating.record_status` alone writes that.
    """

    service: Service
    facts: dict[str, Any]
    languages: Sequence[str] | None = None
    conditions: Sequence[str] | None = None
    reports_to: dict[str, str] | None = None
    covers: Sequence[UUID] | None = None
    phones: Sequence[PhoneTold] | None = None
    hours: Sequence[HoursTold] | None = None
    texts: Sequence[Text] | None = None

    @property
    def touched(self) -> list[str]:
        """Names of what is written, as history has them."""
        fields = [Service._meta.get_field(name).name for name in self.facts]
        return fields + [name for name in IN_HISTORY if getattr(self, name) is not None]


IN_HISTORY = ("languages", "conditions", "reports_to", "covers", "phones", "hours", "texts")


@transaction.atomic
def change_services(wanted: Iterable[ServiceChange], *, at: datetime, said: history.Said) -> None:
    """Raises the revision of each once, and writes the history. The rows are locked already
    (`capacity.lock`)."""
    changed = list(wanted)
    if not changed:
        return
    prefetch_related_objects([one.service for one in changed], *IN_HISTORY)
    former = [copy(one.service) for one in changed]
    before = [document_of(one.service, one.touched) for one in changed]
    _write_fields(changed, at)
    _replace_lists(changed)
    rows = Service.objects.prefetch_related(*IN_HISTORY)
    now = rows.in_bulk([one.service.pk for one in changed])
    after = [document_of(now[one.service.pk], one.touched) for one in changed]
    history.record_services(done=zip(former, before, after, strict=True), said=said, at=at)


def _write_fields(changed: Sequence[ServiceChange], at: datetime) -> None:
    fields: set[str] = set()
    for one in changed:
        for name, value in one.facts.items():
            setattr(one.service, name, value)
        fields.update(one.facts)
        one.service.changed_at = at
        one.service.revision = F("revision") + 1
    names = sorted(Service._meta.get_field(name).name for name in fields)
    Service.objects.bulk_update(
        [one.service for one in changed], [*names, "changed_at", "revision"], batch_size=BATCH
    )


def _replace_lists(changed: Sequence[ServiceChange]) -> None:
    for model, name, rows in (
        (
            ServiceLanguage,
            "languages",
            lambda one: [ServiceLanguage(service=one.service, code=c) for c in set(one.languages)],
        ),
        (
            ServiceCondition,
            "conditions",
            lambda one: [
                ServiceCondition(service=one.service, kind=c) for c in set(one.conditions)
            ],
        ),
        (
            ServiceReport,
            "reports_to",
            lambda one: [
                ServiceReport(service=one.service, actor=actor, basis=basis)
                for actor, basis in one.reports_to.items()
            ],
        ),
        (
            Service.covers.through,
            "covers",
            lambda one: [
                Service.covers.through(service=one.service, area_id=pk) for pk in set(one.covers)
            ],
        ),
        (
            Phone,
            "phones",
            lambda one: phone_rows(one.service, one.phones, one.service.phones.all()),
        ),
        (Hours, "hours", lambda one: hours_rows(one.service, one.hours)),
        (ServiceText, "texts", lambda one: text_rows(one.service, one.texts)),
    ):
        given = [one for one in changed if getattr(one, name) is not None]
        if given:
            model.objects.filter(service__in=[one.service for one in given]).delete()
            model.objects.bulk_create([row for one in given for row in rows(one)], batch_size=BATCH)
