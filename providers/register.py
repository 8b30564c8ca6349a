"""The register: which services ask for something first, or tell somebody what they learn.

Read from the services and their history; nothing is written here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from providers import search
from providers.capabilities import capability
from providers.diff_words import BASES
from providers.models import Change, Membership, Service, ServiceCondition, ServiceReport
from providers.vocabulary import BLOCKING, REPORTED_TO, Actor, Condition

ASKS, TELLS = "asks", "tells"
KINDS = {
    **{f"{ASKS}:{one.value}": one.label for one in Condition},
    **{f"{TELLS}:{one.value}": Actor(one).label for one in REPORTED_TO},
}
MOST = 10_000  # services in one file
COLUMNS = (
    gettext_lazy("service"), gettext_lazy("organization"), gettext_lazy("help"),
    gettext_lazy("area"), gettext_lazy("area code"), gettext_lazy("asks or tells"),
    gettext_lazy("what or whom"), gettext_lazy("basis"), gettext_lazy("about whom, or note"),
    gettext_lazy("nobody is sent there by default"), gettext_lazy("since"),
    gettext_lazy("said by"), gettext_lazy("service last confirmed"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that one service asks for, or one to whom it tells."""

    service: Service
    asks: bool
    code: str
    label: str
    basis: str = ""  # law | practice; of what is told
    note: str = ""  # about whom, or in which words it is asked
    since: datetime | None = None
    said_by: str = ""

    @property
    def is_blocking(self) -> bool:
        return self.asks and self.code in BLOCKING

    @property
    def basis_words(self) -> str:
        return str(BASES.get(self.basis, ""))


def services(*, seen: QuerySet, wanted: dict) -> QuerySet:
    """Of `seen`, those that ask or tell, in the area and of the kind that is wanted, by name."""
    rows = of_area(seen, wanted)
    kind = wanted.get("kind")
    if kind:
        what, _colon, code = kind.partition(":")
        rows = rows.filter(_asks(code) if what == ASKS else _tells(code))
    else:
        rows = rows.filter(_asks() | _tells())
    rows = rows.select_related("organization", "area__parent")
    return rows.prefetch_related("conditions", "reports_to").by_name()


def of_area(seen: QuerySet, wanted: dict) -> QuerySet:
    return seen.filter(search.in_area(wanted["area"])) if wanted.get("area") else seen


def _asks(code: str = "") -> Q:
    return Q(Exists(_of_service(ServiceCondition, {"kind": code} if code else {})))


def _tells(code: str = "") -> Q:
    return Q(Exists(_of_service(ServiceReport, {"actor": code} if code else {})))


def _of_service(model, more: dict) -> QuerySet:
    return model.objects.filter(service=OuterRef("pk"), **more)


def counts(seen: QuerySet) -> list[dict[str, Any]]:
    """How many services there are of each kind, in the order of KINDS; none is left out."""
    keys = seen.order_by().values("pk")
    numbers = {}
    for what, model, name in ((ASKS, ServiceCondition, "kind"), (TELLS, ServiceReport, "actor")):
        rows = model.objects.filter(service__in=keys).values(name).annotate(n=Count("service"))
        numbers |= {f"{what}:{row[name]}": row["n"] for row in rows}
    return [
        {"kind": kind, "words": words_of(kind), "number": numbers[kind]}
        for kind in KINDS
        if kind in numbers
    ]


def words_of(kind: str) -> str:
    """asks for: identity papers; tells: police."""
    label = str(KINDS[kind]).lower()
    if kind.startswith(ASKS):
        return _("asks for: %(what)s") % {"what": label}
    return _("tells: %(whom)s") % {"whom": label}


def entries(rows: Iterable[Service], kind: str = "") -> list[Entry]:
    """All entries of these services; of the one kind where it is named. Two more queries."""
    rows = list(rows)
    origins = _origins(rows)
    return [
        one for service in rows for one in _of(service, origins) if not kind or kind == _kind(one)
    ]


def _kind(entry: Entry) -> str:
    return f"{ASKS if entry.asks else TELLS}:{entry.code}"


def _of(service: Service, origins: dict) -> Iterator[Entry]:
    for one in sorted(service.conditions.all(), key=lambda row: row.kind):
        since, said_by = origins.get((service.pk, "conditions", one.kind), _listed(service))
        label = one.get_kind_display()
        yield Entry(service, True, one.kind, label, "", one.note, since, said_by)
    for one in sorted(service.reports_to.all(), key=lambda row: row.actor):
        since, said_by = origins.get((service.pk, "reports_to", one.actor), _listed(service))
        label = one.get_actor_display()
        yield Entry(service, False, one.actor, label, one.basis, one.about, since, said_by)


def _listed(service: Service) -> tuple[datetime, str]:
    """It was there when the service was listed."""
    said = _("the list “%(name)s”") % {"name": service.source} if service.source else ""
    return service.created_at, said or _("whoever listed it")


def _origins(rows: list[Service]) -> dict[tuple, tuple[datetime, str]]:
    """(service, list, code) → since when it stands there, and who said so.

    The last change that put it there counts: what was taken away and put back is new.
    """
    told = Change.objects.done().filter(service__in=rows)
    told = told.filter(Q(after__has_key="conditions") | Q(after__has_key="reports_to"))
    changes = list(told.select_related("author").order_by("service", "number"))
    homes = {one.pk: one.organization_id for one in rows}
    own = _own_people({one.author_id for one in changes if one.author_id}, set(homes.values()))
    found: dict[tuple, tuple[datetime, str]] = {}
    for change in changes:
        for name in ("conditions", "reports_to"):
            before, after = change.before.get(name) or {}, change.after.get(name) or {}
            for code in set(after) - set(before):
                at = change.decided_at if _waited(change) else change.happened_at
                said_by = _speaker(change, own, homes[change.service_id])
                found[change.service_id, name, code] = (at, said_by)
    return found


def _waited(change: Change) -> bool:
    """A draft that somebody approved: it stands since then. Of what was taken back, `decided_at`
    says when."""
    return change.decided_at is not None and not change.to_review and change.state == "applied"


def _own_people(users: set, organizations: set) -> set[tuple]:
    rows = Membership.objects.filter(user__in=users, organization__in=organizations)
    return set(rows.values_list("user", "organization"))


def _speaker(change: Change, own: set[tuple], home) -> str:
    """Whose word it is. No name of a person: the register is read by many."""
    if change.author_id is None:
        return change.source or _("the system")
    if (change.author_id, home) in own:
        return _("the service itself")
    return _("a coordinator")


# ------------------------------------------------------------------------- as a file
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> str:
    """As text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def write_csv(file, rows: Iterable[Entry]) -> None:
    writer = csv.writer(file)
    writer.writerow([str(one) for one in COLUMNS])
    for one in rows:
        writer.writerow([cell(value) for value in _cells(one)])


def _cells(one: Entry) -> tuple:
    service = one.service
    return (
        service.name,
        service.organization.name,
        capability(service.capability).label,
        service.area.name if service.area else "",
        service.area.pcode if service.area else "",
        _("asks") if one.asks else _("tells"),
        one.label,
        one.basis_words,
        one.note,
        _("yes") if one.is_blocking else "",
        one.since.date().isoformat() if one.since else "",
        one.said_by,
        service.confirmed_at.date().isoformat() if service.confirmed_at else "",
    )
