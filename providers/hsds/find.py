"""What the parameters mean: which services, in which order. Only of what the asker may see."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db.models import Q, QuerySet

from providers import listed
from providers.capabilities import all_capabilities
from providers.geography import distance_km
from providers.hsds.asked import Asked, BadValue
from providers.hsds.terms import (
    ACCESS,
    CAPABILITIES,
    CONDITIONS,
    FACTS,
    NONE,
    PEOPLE,
    REACHED,
    REPORTS,
    TAXONOMIES,
    Term,
    all_terms,
)
from providers.models import (
    Area,
    Organization,
    Service,
    ServiceCondition,
    ServiceLanguage,
    ServiceReport,
    ServiceText,
)
from providers.search import area_of
from providers.vocabulary import Exposure

NOTHING = Q(pk__in=())
DAYS = ("operating_since", "closed_until", "available_from", "available_until")


def services(asked: Asked, *, user) -> QuerySet:
    """Those that this user may see and that fit, by name."""
    fits = Q()
    for name, meaning in MEANINGS.items():
        if asked[name] is not None:
            fits &= meaning(asked[name])
    if asked["postcode"]:
        fits &= _where(asked)
    return listed.seen_by(user).filter(fits).by_name()


def at_locations(asked: Asked, *, user) -> QuerySet:
    """Those of a place or an area; what is only by telephone, of no area, is at no location."""
    return services(asked, user=user).exclude(area=None, location=None)


def organizations(asked: Asked, *, user) -> QuerySet:
    """Those that have a service which fits. An organization of which only confidential services
    are listed is not there for whoever does not see these."""
    seen = listed.seen_by(user)
    for name in ("taxonomy_term_id", "taxonomy_id"):
        if asked[name] is not None:
            seen = seen.filter(MEANINGS[name](asked[name]))
    found = Organization.objects.filter(pk__in=seen.order_by().values("organization"))
    for word in (asked["search"] or "").split():
        found = found.filter(name__icontains=word)
    return found.by_name()


# ------------------------------------------------------------------------- words
def _search(words: str) -> Q:
    """Every word stands in the name, the organization's, the area's, or the kind of help."""
    fits = Q()
    for word in words.split():
        help_ = [t.code for t in _terms(CAPABILITIES) if word.lower() in t.name.lower()]
        fits &= (
            Q(name__icontains=word)
            | Q(organization__name__icontains=word)
            | Q(area__name__icontains=word)
            | Q(area__parent__name__icontains=word)
            | Q(capability__in=help_)
        )
    return fits


# ------------------------------------------------------------------------- terms
def _terms(taxonomy: str) -> list[Term]:
    return [one for one in all_terms().values() if one.taxonomy.code == taxonomy]


def _with_term(key: UUID) -> Q:
    term = all_terms().get(key)
    return _meaning(term) if term else NOTHING


def _with_taxonomy(key: UUID) -> Q:
    code = next((one.code for one in TAXONOMIES.values() if one.id == key), None)
    fits = NOTHING
    for term in _terms(code) if code else ():
        fits |= _meaning(term)
    return fits


def _meaning(term: Term) -> Q:
    """A service has the term if it would be written with it; of yes and no, if it says yes."""
    return BY_TAXONOMY[term.taxonomy.code](term)


def _capability(term: Term) -> Q:
    below = [one.code for one in all_capabilities().values() if f"pillar_{one.pillar}" == term.code]
    return Q(capability__in=below or [term.code])


def _condition(term: Term) -> Q:
    rows = ServiceCondition.objects.all()
    if term.code == NONE:
        return ~Q(pk__in=rows.values("service"))
    return Q(pk__in=rows.filter(kind=term.code).values("service"))


def _report(term: Term) -> Q:
    rows = ServiceReport.objects.all()
    if term.code == NONE:
        return ~Q(pk__in=rows.values("service"))
    return Q(pk__in=rows.filter(actor=term.code).values("service"))


def _access(term: Term) -> Q:
    if term.code == NONE:
        return Q(access=[])
    return Q(access__icontains=f'"{term.code}"')  # SQLite knows no “contains”


def _person(term: Term) -> Q:
    return {
        "women": Q(serves_women=True),
        "men": Q(serves_men=True),
        "other": Q(serves_other=True),
        "pregnant": Q(takes_pregnant=True),
        "sons_up_to": Q(max_son_age__isnull=False),
    }[term.code]


def _fact(term: Term) -> Q:
    """Of facts that a service may have or not; what every service has finds every one."""
    found = {
        "remote": Q(remote=True),
        "comes_to_person": Q(comes_to_person=True),
        "mobile": Q(mobile=True),
        "synthetic": Q(synthetic=True),
        "maximum": Q(maximum__isnull=False, reported_free=None),
        "languages": ~Q(pk__in=ServiceLanguage.objects.values("service")),
        "takes_waiting_list": Q(takes_waiting_list=True),
        "meets_first": Q(meets_first=True),
        **{name: Q(**{f"{name}__isnull": False}) for name in DAYS},
        "text": Q(pk__in=ServiceText.objects.values("service")) & ~Q(exposure=Exposure.REDACTED),
        **dict.fromkeys(("unit", "places_for", "operating", "operating_cause", "exposure"), Q()),
    }
    return found.get(term.code, NOTHING)


BY_TAXONOMY: dict[str, Callable[[Term], Q]] = {
    CAPABILITIES: _capability,
    CONDITIONS: _condition,
    PEOPLE: _person,
    REACHED: lambda term: Q(reached_by=term.code),
    ACCESS: _access,
    REPORTS: _report,
    FACTS: _fact,
}
MEANINGS: dict[str, Callable[..., Q]] = {
    "search": _search,
    "taxonomy_term_id": _with_term,
    "taxonomy_id": _with_taxonomy,
    "organization_id": lambda key: Q(organization=key),
    "modified_after": lambda at: Q(changed_at__gte=at),
}


# ------------------------------------------------------------------------- places
def _where(asked: Asked) -> Q:
    area = area_of(asked["postcode"])
    if area is None:
        raise BadValue("postcode", "Write the P-code of an area, as SS0101.")
    return _serving(area) if asked["proximity"] is None else _near(area, asked["proximity"])


def _serving(area: Area) -> Q:
    """In the area or its parts, or for the area: covered, inside a larger one, or of no area."""
    above = []
    one: Area | None = area
    while one is not None:
        above.append(one.pk)
        one = one.parent
    covering = Service.covers.through.objects.filter(area__in=above).values("service")
    inside = Q(area=area) | Q(area__parent=area) | Q(area__parent__parent=area)
    return inside | Q(area__in=above) | Q(pk__in=covering) | Q(area=None, remote=True)


def _near(area: Area, metres: float) -> Q:
    """Whole areas by their centres: the answer is the same wherever in its area a service is, so
    no number of questions finds out more than the area."""
    if area.latitude is None or area.longitude is None:
        raise BadValue("proximity", f"The centre of {area.pcode} is not known. Leave it out.")
    centre = (area.latitude, area.longitude)
    centres = Area.objects.exclude(latitude=None).values_list("pk", "latitude", "longitude")
    near = [pk for pk, *point in centres if distance_km(centre, tuple(point)) * 1000 <= metres]
    return Q(area__in=near)
