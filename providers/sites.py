"""A site whose places are counted apart by who may use them: one service per part (ruling 23).

HSDS counts capacity per service, so each part has its own number, holds and referrals, and the
router finds the right bed by whom each part helps. Only places are told apart: nobody whom the
whole service takes is left without a part, so that no coordinator has to agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import RestrictedError
from django.utils.translation import gettext as _

from providers import capacity, history, wording
from providers.documents import document_of
from providers.facts import SERVICE
from providers.history import Said
from providers.models import Change, Service
from providers.models.services import ADULT
from providers.services import change_service
from providers.vocabulary import PlacesFor

LISTS = ("languages", "conditions", "reports_to", "hours", "phones", "texts", "stops")
NUMBERS = {  # of a part that is new: nobody has said any yet
    "maximum": None, "reported_free": None, "confirmed_at": None, "confirmed_by": None,
    "confirmed_by_link": False, "held": 0, "placed_since": 0, "placed_week": None, "open_asks": 0,
    "revision": 1, "source": "", "source_id": "",
}  # fmt: skip


TOLD = ("parts", "places_for", "serves_women", "serves_men", "min_age", "max_age")
NUMBERS_TOLD = ("maximum", "reported_free", "confirmed_at")
ALIKE = (  # joined, one of two different answers would be lost: nobody is told it any more
    "area", "location", "covers", "serves_other", "takes_pregnant", "max_son_age", "access",
    "conditions", "reports_to", "exposure", "existence_doubted", "operating", "unit",
    "languages", "closed_until", "takes_waiting_list", "meets_first",
)  # fmt: skip


class UnableToJoin(ValueError):
    """The parts cannot be counted together again now; the message says why and what to do."""


class UnableToSplit(ValueError):
    """The places cannot be told apart like this; the message says why and what to choose."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Whom a service takes before it is split. Ages are full years; None is no limit."""

    serves_women: bool
    serves_men: bool
    min_age: int | None
    max_age: int | None

    @classmethod
    def of(cls, services: Iterable[Service]) -> Whole:
        """Of a site: whomever one of its parts takes."""
        parts = list(services)
        youngest, oldest = [one.min_age for one in parts], [one.max_age for one in parts]
        return cls(
            serves_women=any(one.serves_women for one in parts),
            serves_men=any(one.serves_men for one in parts),
            min_age=None if None in youngest else min(youngest),
            max_age=None if None in oldest else max(oldest),
        )


def problem(whole: Whole, parts: Collection[str]) -> str | None:
    """Why these parts together cannot stand for the whole, or None. `parts`: of PlacesFor."""
    chosen = set(parts)
    if len(chosen) < 2:
        return _("Choose two or more parts.")
    if PlacesFor.WOMEN in chosen and not whole.serves_women:
        return _("This service takes no women and girls, so it has no places for women.")
    if PlacesFor.MEN in chosen and not whole.serves_men:
        return _("This service takes no men and boys, so it has no places for men.")
    if PlacesFor.UNDER_18 in chosen and (whole.min_age or 0) >= ADULT:
        return _("This service takes nobody under 18.")
    if PlacesFor.ANYBODY in chosen:
        return None
    if whole.serves_women and PlacesFor.WOMEN not in chosen:
        return _("Nothing is left for women who come alone. Add a part for women, or for anybody.")
    if whole.serves_men and PlacesFor.MEN not in chosen:
        return _("Nothing is left for men who come alone. Add a part for men, or for anybody.")
    if not (whole.serves_women or whole.serves_men):
        return _("Keep a part for anybody.")
    return None


def people_of(whole: Whole, part: str) -> dict[str, Any]:
    """Whom this part takes: never more than the whole did."""
    told: dict[str, Any] = {**asdict(whole), "places_for": part}
    if part == PlacesFor.WOMEN:
        told["serves_men"] = False
    elif part == PlacesFor.MEN:
        told["serves_women"] = False
    elif part == PlacesFor.UNDER_18:
        oldest = ADULT - 1
        told["max_age"] = oldest if whole.max_age is None else min(whole.max_age, oldest)
    return told


@transaction.atomic
def split(
    *, service_id: UUID, parts: Iterable[str], at: datetime, said: Said | None = None
) -> list[Service]:
    """Count these parts of a service apart, also of one that is in parts already. The service
    itself becomes the first of them and keeps its number, its holds and its referrals; the others
    are new, and nobody knows their number yet. Returns the new ones.

    Raises UnableToSplit, also where it is not the first of its site.
    """
    capacity.lock(services=[service_id])
    first = Service.objects.get(pk=service_id)
    if first.beside_id:
        raise UnableToSplit(_("Split the first part of this place."))
    stand = [first, *first.parts.all()]
    whole, there = Whole.of(stand), kinds(stand)
    wanted = [part for part in PlacesFor.values if part in set(parts) - there]
    wrong = problem(whole, [*there, *wanted]) if wanted else _("These parts are there already.")
    if wrong:
        raise UnableToSplit(wrong)
    said = said or Said()
    before = document_of(first, TOLD)
    if not there:
        becomes, *wanted = wanted
        quiet = replace(said, is_told_later=True)
        change_service(service_id=first.pk, at=at, said=quiet, **people_of(whole, becomes))
    new = [_beside(first, people_of(whole, part), at) for part in wanted]
    after = document_of(Service.objects.get(pk=first.pk), TOLD)
    history.record(subject=first, before=before, after=after, said=said, at=at)
    return new


def kinds(parts: list[Service]) -> set[str]:
    """Which parts are counted apart already; of a service that stands alone and says nothing of its
    places, none."""
    alone = len(parts) == 1 and not parts[0].places_for
    return set() if alone else {one.places_for for one in parts}


def _beside(first: Service, people: dict[str, Any], at: datetime) -> Service:
    """A new service like the first, for these people, with nothing counted yet."""
    part = Service.objects.get(pk=first.pk)
    facts = {**NUMBERS, **people, "beside": first, "created_at": at, "changed_at": at}
    for name, value in facts.items():
        setattr(part, name, value)
    part.pk = uuid4()
    part._state.adding = True
    part.save(force_insert=True)
    part.covers.set(first.covers.all())
    for name in LISTS:
        for row in getattr(first, name).all():
            row.pk = row._meta.pk.get_default()
            row._state.adding = True
            row.service = part
            row.save(force_insert=True)
    return part


# ------------------------------------------------------------------------- together again
@transaction.atomic
def join(*, service_id: UUID, at: datetime, said: Said | None = None) -> None:
    """Count the parts of a site together again: the first takes whom all of them took, and the
    others go. It keeps its holds and referrals; its number is the sum of those that are known, and
    has to be confirmed anew. Whoever could be taken before can be taken after, and nobody else.

    Raises UnableToJoin, also where it is not the first of its site.
    """
    capacity.lock(services=[service_id, *_parts_of(service_id)])  # all at once: one order of locks
    first = Service.objects.get(pk=service_id)
    if first.beside_id:
        raise UnableToJoin(_("Join at the first part of this place."))
    week = capacity.week_of(first, at)
    further = list(first.parts.with_placed(week).order_by("pk"))
    why_not = why_no_join(first, further)
    if why_not:
        raise UnableToJoin(why_not)
    whole = Whole.of([first, *further])
    numbers = _together([first, *further])
    before = document_of(first, (*TOLD, *NUMBERS_TOLD))
    split_once = _only_split(first)
    _let_go(further)
    people = {**asdict(whole), "places_for": _before(split_once, "places_for", PlacesFor.ANYBODY)}
    said = replace(said or Said(), undoes=split_once)
    change_service(service_id=first.pk, at=at, said=replace(said, is_told_later=True), **people)
    Service.objects.filter(pk=first.pk).update(**numbers)
    capacity.ask_to_confirm_again(services=[first.pk], at=at)
    if split_once is not None:
        history.mark_undone(split_once, by=said.by, at=at)
    after = document_of(Service.objects.get(pk=first.pk), before)
    history.record(subject=first, before=before, after=after, said=said, at=at)


def _parts_of(service_id: UUID) -> list[UUID]:
    return list(Service.objects.filter(beside=service_id).values_list("pk", flat=True))


def why_no_join(first: Service, further: list[Service]) -> str:
    """A sentence, or nothing where they can be counted together. `further` with `placed`."""
    if not further:
        return _("Nothing is counted apart here.")
    if any(one.held or one.open_asks for one in further):
        return _("Somebody was asked for in a further part: answer that first, then join them.")
    if any(one.placed for one in further):
        return _(
            "Somebody was agreed to in a further part since its number was said: say the numbers "
            "of all parts first, then join them."
        )
    whole = Whole.of([first, *further])
    for one in (first, *further):
        if any(getattr(one, n) != v for n, v in people_of(whole, one.places_for).items()):
            return _(
                "The parts take people of different ages or sex than the whole would. Make their "
                "ages alike first: joined, this place would take others than now."
            )
    other = {name for one in further for name in _differing(first, one)}
    if other:
        labels = wording.listed(str(SERVICE[n].label).lower() for n in SERVICE if n in other)
        return _("The parts differ: %(fields)s. Make them alike first.") % {"fields": labels}
    return ""


def _differing(first: Service, part: Service) -> list[str]:
    mine, its = document_of(first, ALIKE), document_of(part, ALIKE)
    return [name for name in mine if mine[name] != its[name]]


def _together(parts: list[Service]) -> dict[str, Any]:
    """One number of several: the sum, as old as the oldest; not known where one is not."""
    most, free = [one.maximum for one in parts], [one.reported_free for one in parts]
    when = [one.confirmed_at for one in parts]
    total = None if None in most else sum(most)
    if None in free or None in when:
        return {"maximum": total, "reported_free": None}
    return {"maximum": total, "reported_free": sum(free), "confirmed_at": min(when)}


def _only_split(first: Service) -> Change | None:
    """The one change that split it, if nothing of it was changed since: joining takes it back."""
    told = Change.objects.filter(service=first, state="applied", after__has_key="parts")
    splits = list(told.order_by("number"))
    now = document_of(first, TOLD)
    if len(splits) != 1 or any(now[n] != v for n, v in splits[0].after.items()):
        return None
    return splits[0] if not splits[0].before["parts"] else None


def _before(change: Change | None, name: str, otherwise: Any) -> Any:
    return otherwise if change is None else change.before.get(name, otherwise)


def _let_go(parts: list[Service]) -> None:
    """The further parts go. One that cases name has to stay: what happened there is theirs."""
    try:
        with transaction.atomic():
            for part in parts:
                part.delete()
    except RestrictedError:
        raise UnableToJoin(
            _(
                "A case names a further part as the place that helped: it stays counted apart. "
                "Write 0 places in all for it if nobody is taken there any more."
            )
        ) from None
