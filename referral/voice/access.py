"""Who hears what a person says: never the caseworker it may be about, never a provider of its own
help, and nobody of an organization that the person keeps away from."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from providers import access as directory
from providers.models import Membership, User
from providers.vocabulary import Role
from referral.lifecycle import ClosedBecause
from referral.models import Case, Incident, Merge
from referral.models.cases import blind_to
from referral.voice.codes import digest_of
from referral.voice.models import Ask, Feedback, Listening, OwnCode

SILENT = (ClosedBecause.DIED, ClosedBecause.MISSING)  # no code opens, nobody is asked anything
LEAST = 5  # what is said of a service is read in fives, so that no one voice stands alone
DELAY = timedelta(days=14)


OF_A_CODE = ("case__organization", "case__area__parent__parent")


def find(*, code: str, user, at: datetime) -> OwnCode | None:
    """The live code, or None: also for whoever works on the case, is kept away from, or both."""
    codes = live_codes().select_related(*OF_A_CODE)
    return _followed(_heard(codes.filter(digest=digest_of(code)), user).first(), user)


def live_codes():
    return OwnCode.objects.filter(ended_at=None).exclude(case__closed_because__in=SILENT)


def _heard(codes, user):
    """By the person's own hand; or written down by somebody of case work who is not too near."""
    if not user.is_authenticated:
        return codes
    held = Membership.objects.of(user).with_role(Role.CASEWORKER, Role.SUPERVISOR)
    if not held.exists():
        return codes.none()
    near = Q(case__assigned_to=user.pk) | Q(case__covered_by=user.pk)
    return codes.exclude(near).exclude(case__in=blind_to(user))


def still_open(*, pk, user) -> OwnCode | None:
    """The same code, asked again at every page: it may have been ended meanwhile."""
    codes = live_codes().select_related(*OF_A_CODE)
    return _followed(_heard(codes.filter(pk=pk), user).first(), user)


def _followed(code: OwnCode | None, user) -> OwnCode | None:
    """Where two cases became one, either code opens the one that goes on; of that one too whoever
    writes it down must not be too near, or kept away from."""
    while code is not None and code.case.closed_because == ClosedBecause.MERGED:
        merges = Merge.objects.confirmed().filter(ended=code.case)
        related = ("surviving__organization", "surviving__area__parent__parent")
        code.case = merges.select_related(*related).get().surviving
        if code.case.closed_because in SILENT or _is_too_near(user, code.case):
            return None
    return code


def _is_too_near(user, case: Case) -> bool:
    if not user.is_authenticated:
        return False
    if user.pk in (case.assigned_to_id, case.covered_by_id):
        return True
    return blind_to(user).filter(pk=case.pk).exists()


def _listens(user: User) -> Q:
    """Cases whose person this user hears: as a supervisor of the organization; where there is none
    beside the caseworker, as any colleague."""
    of = Membership.objects.of(user)
    supervises = Q(organization__in=of.with_role(Role.SUPERVISOR).values("organization"))
    others = (
        Membership.objects.active()
        .with_role(Role.SUPERVISOR)
        .filter(organization=OuterRef("organization"))
        .exclude(user=OuterRef("assigned_to"))
        .exclude(user=Coalesce(OuterRef("covered_by"), OuterRef("assigned_to")))
    )
    works = Q(organization__in=of.with_role(Role.CASEWORKER).values("organization"))
    return supervises | (works & ~Exists(others))


def cases_listened_to(user: User):
    near = Q(assigned_to=user.pk) | Q(covered_by=user.pk)
    return Case.objects.filter(_listens(user)).exclude(near).exclude(pk__in=blind_to(user))


def asks_heard_by(user: User):
    return Ask.objects.filter(case__in=cases_listened_to(user).values("pk"))


def to_be_asked(user: User, at: datetime):
    """People who want to be asked by phone or in person, from a day that has come, about help of
    which they have said nothing yet."""
    said = Feedback.objects.filter(referral__need__case=OuterRef("case"))
    cases = cases_listened_to(user).exclude(closed_because__in=SILENT)
    return (
        Listening.objects.filter(case__in=cases.values("pk"), from_day__lte=at.date())
        .exclude(channel="code")
        .exclude(Exists(said))
    )


def incidents_seen_by(user: User):
    """Outside the organization it is about: who coordinates its area, who supervises the case, and
    administrators, for whom it carries no case. To nobody of a place kept away from."""
    of = Membership.objects.of(user)
    own = of.values("organization")
    supervised = Case.objects.filter(
        organization__in=of.with_role(Role.SUPERVISOR).values("organization")
    )
    services = directory.services_coordinated_by(user).values("pk")
    seen = Q(service__in=services) | Q(referral__need__case__in=supervised.values("pk"))
    if of.with_role(Role.ADMINISTRATOR).exists():
        seen |= Q(pk__isnull=False)
    blind = Q(referral__need__case__in=blind_to(user))
    return Incident.objects.filter(seen).exclude(service__organization__in=own).exclude(blind)


def feedback_read_by(user: User, at: datetime):
    """What may be counted for this user: later, and outside the provider."""
    of = Membership.objects.of(user)
    supervised = of.with_role(Role.SUPERVISOR).values("organization")
    services = directory.services_coordinated_by(user).values("pk")
    return (
        Feedback.objects.readable(at)
        .filter(Q(service__in=services) | Q(referral__need__case__organization__in=supervised))
        .exclude(service__organization__in=of.values("organization"))
        .exclude(referral__need__case__in=blind_to(user))
    )
