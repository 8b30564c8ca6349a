"""Asking providers whether their numbers still hold, by a link that works once without an account.

Opening the link never acts, however often and by whomever it is opened; one sent form does, and
then the link is used up. It opens the numbers of its services and nothing else: no identity, no
referral, no case. The token is kept nowhere: what is stored is its SHA-256.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from providers import availability, capacity
from providers.models import ConfirmationLink, Organization, Service, User
from providers.vocabulary import Operating

ASK_AFTER = timedelta(days=7)  # an older number is asked about, once in as many days
LASTS = timedelta(days=14)
SENDING = timedelta(minutes=15)  # how long one who sends may take, before another one tries
MOST_SERVICES = 50  # on one page
MOST_LETTERS = 200  # in one run

log = logging.getLogger(__name__)


class LinkUsed(Exception):
    """It was used, is over, or never was; nothing was saved."""


class UnableToAsk(Exception):
    """Says which setting is missing."""


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one service. `free` None: open, but not counted."""

    service_id: UUID
    free: int | None
    closed_until: date | None
    maximum: int | capacity.Kept | None = capacity.KEPT


# ------------------------------------------------------------------------- the link
def make_link(
    *, organization: Organization, service: Service | None = None, by: User, at: datetime
) -> str:
    """A link for somebody to send by their own way. Returns its token, which is told this once."""
    token = secrets.token_urlsafe(32)
    ConfirmationLink.objects.create(
        organization=organization,
        service=service and (service.beside or service),
        digest=digest_of(token),
        made_by=by,
        made_at=at,
        expires_at=at + LASTS,
    )
    return token


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def find(*, token: str, at: datetime) -> ConfirmationLink | None:
    """The live link of this token; None for one that is used, over or unknown alike."""
    links = ConfirmationLink.objects.live(at).select_related("organization", "service")
    return links.filter(digest=digest_of(token)).first()


def services_of(link: ConfirmationLink):
    """What it is about: one site with its parts, or all that the organization runs. Of more than a
    page holds, those that nobody has confirmed for longest."""
    mine = Service.objects.filter(organization=link.organization_id)
    mine = mine.exclude(operating__in=(Operating.CLOSED, Operating.DESTROYED))
    if link.service_id:
        mine = mine.filter(Q(pk=link.service_id) | Q(beside=link.service_id))
    oldest = mine.order_by("confirmed_at", "pk").values_list("pk", flat=True)[:MOST_SERVICES]
    shown = Service.objects.filter(pk__in=list(oldest)).select_related("area__parent__parent")
    return shown.order_by("name", "places_for", "id")


@transaction.atomic
def use(*, link: ConfirmationLink, said: Iterable[Said] | None, at: datetime) -> int:
    """The one act of a link. `said` None: all is still correct. Returns how many services.

    Raises LinkUsed where another sending was first, UnableToConfirm or UnableToClose where what is
    said cannot be; the link then still works.
    """
    if not ConfirmationLink.objects.live(at).filter(pk=link.pk).update(used_at=at):
        raise LinkUsed
    services = services_of(link)
    if said is None:
        return capacity.confirm_all(services=services, by=None, at=at)
    known = {service.pk: service for service in services}
    told = [one for one in said if one.service_id in known]
    capacity.lock(services=[one.service_id for one in told])
    for one in told:
        service = known[one.service_id]
        capacity.confirm(service_id=service.pk, free=one.free, maximum=one.maximum, by=None, at=at)
        if one.closed_until != service.closed_until:
            availability.say(
                service_id=service.pk,
                takes_waiting_list=service.takes_waiting_list,
                meets_first=service.meets_first,
                closed_until=one.closed_until,
                at=at,
            )
    return len(told)


# ------------------------------------------------------------------------- who is asked
def to_be_asked(at: datetime):
    """Services whose number is older than seven days, that somebody can be written to about, and
    of which nobody was asked within seven days."""
    since = at - ASK_AFTER
    lately = ConfirmationLink.objects.filter(made_at__gt=since).exclude(email="")
    of_it = lately.filter(Q(service=OuterRef("pk")) | Q(service=OuterRef("beside")))
    of_all = lately.filter(service=None, organization=OuterRef("organization"))
    return (
        Service.objects.filter(Q(confirmed_at=None) | Q(confirmed_at__lte=since))
        .exclude(operating__in=(Operating.CLOSED, Operating.DESTROYED))
        .exclude(email="", organization__email="")
        .exclude(closed_until__gt=at.date())
        .exclude(Q(available_until__lte=at.date()))
        .exclude(Exists(of_it))
        .exclude(Q(email=""), Exists(of_all))
    )


def plan(*, at: datetime) -> int:
    """Write down whom to ask: the rows are the work. Returns how many letters are new."""
    owners = to_be_asked(at).order_by().values("organization").distinct()
    return sum(_plan_for(pk, at) for pk in owners.values_list("organization", flat=True))


@transaction.atomic
def _plan_for(organization_id: UUID, at: datetime) -> int:
    """One letter to each address: a service's own, else its organization's for all the others."""
    locked = Organization.objects.select_for_update(of=("self",), no_key=True)
    organization = locked.get(pk=organization_id)
    due = to_be_asked(at).filter(organization=organization)
    own = {one.beside_id or one.pk: one.email for one in due.exclude(email="").order_by("pk")}
    letters: list[tuple[UUID | None, str]] = list(own.items())
    if organization.email and due.filter(email="").exists():
        letters.append((None, organization.email))
    ConfirmationLink.objects.bulk_create(
        ConfirmationLink(
            organization=organization,
            service_id=service_id,
            email=email,
            made_at=at,
            expires_at=at + LASTS,
        )
        for service_id, email in letters
    )
    return len(letters)


def send(*, at: datetime) -> int:
    """Send what is planned and not sent. A letter that was being sent when somebody crashed is sent
    again with a new token, and only that one works. Returns how many were sent."""
    unsent = ConfirmationLink.objects.unsent().filter(expires_at__gt=at)
    free = unsent.filter(Q(claimed_at=None) | Q(claimed_at__lte=at - SENDING))
    rows = list(free.order_by("made_at", "pk")[:MOST_LETTERS])
    return sum(_send_one(row, at) for row in rows)


def _send_one(row: ConfirmationLink, at: datetime) -> bool:
    token = secrets.token_urlsafe(32)
    mine = ConfirmationLink.objects.unsent().filter(pk=row.pk, claimed_at=row.claimed_at)
    if not mine.update(claimed_at=at, digest=digest_of(token)):
        return False  # another one sends it
    try:
        letter(to=row.email, token=token, until=row.expires_at).send()
    except OSError:  # smtplib's errors are all of this kind; the row stays, and is tried again
        log.warning("a letter could not be sent; it is tried again")
        return False
    ConfirmationLink.objects.filter(pk=row.pk, claimed_at=at).update(sent_at=at)
    return True


def letter(*, to: str, token: str, until: datetime) -> EmailMessage:
    """Neutral: whoever reads over a shoulder learns of no service, no place and no kind of help."""
    address = settings.SITE_ADDRESS.rstrip("/") + reverse("providers:confirm", args=[token])
    body = [
        _("Hello,"),
        _("Are your numbers still right? Look here, and say so or write the new ones:"),
        address,
        _("Opening the page changes nothing. It works once, until %(day)s, without a password.")
        % {"day": date_format(until, "j F Y")},
        _("If you do not expect this message, leave it unopened."),
    ]
    return EmailMessage(_("Your numbers"), "\n\n".join(body) + "\n", None, [to])


def ask(*, at: datetime) -> tuple[int, int]:
    """Plan and send. Returns (planned, sent). Raises UnableToAsk where no post is set up."""
    if not settings.ASKS_BY_EMAIL:
        raise UnableToAsk("No email is set up: set EMAIL_URL, EMAIL_FROM and SITE_ADDRESS.")
    planned = plan(at=at)
    return planned, send(at=at)
