"""The directory, and one's own numbers in it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.views import SpectacularYAMLAPIView
from rest_framework.exceptions import ValidationError

from providers import access, availability, capacity, search, sites
from providers.api import serializers as out
from providers.api.base import EVERYBODY, Endpoint, Listed, Move, One
from providers.api.errors import Refused
from providers.api.filtersets import AreaRowFilter, OrganizationFilter, PlaceFilter, ServiceFilter
from providers.history import Said
from providers.local_time import zone_of
from providers.models import Area, AreaReport, Location, Membership, Organization, Service
from providers.services import reopen_service, suspend_service
from providers.vocabulary import Role


class Description(SpectacularYAMLAPIView):
    """The description of this API itself; it holds no secret."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = SpectacularYAMLAPIView.renderer_classes


class Unknown(Endpoint):
    """An address below /api/ that is none: answered like what is not yours."""

    schema = None
    authentication_classes = ()
    permission_classes = ()

    def initial(self, request, *args, **kwargs) -> None:
        raise Http404


class Me(One):
    """Whose token this is, and what it opens. The roles are those of this moment."""

    serializer_class = out.Me

    def found(self):
        user = self.request.user
        held = Membership.objects.of(user).order_by("organization__name", "role", "id")
        ends = self.request.auth.expiry
        return {"id": user.pk, "username": user.username, "roles": list(held), "token_ends": ends}


def with_room(view: Endpoint, services):
    """As on the page: the week of appointments is that of the place where the user works."""
    with timezone.override(zone_of(view.request.user)):
        return search.with_room(services, view.at)


class Areas(Listed):
    """Areas that are in use. The country first, then states, then counties."""

    roles = EVERYBODY
    queryset = Area.objects.none()
    serializer_class = out.AreaRow
    filterset_class = AreaRowFilter

    def rows(self):
        shut = AreaReport.objects.shutting(self.at).filter(area=OuterRef("pk"))
        areas = Area.objects.current().annotate(reported_shut=Exists(shut))
        return areas.select_related("parent").by_name()


class Organizations(Listed):
    """Organizations that you may see."""

    roles = EVERYBODY
    queryset = Organization.objects.none()
    serializer_class = out.OrganizationRow
    filterset_class = OrganizationFilter

    def rows(self):
        return access.organizations_seen_by(self.request.user).by_name()


class Services(Listed):
    """Services that you may see. Open ones with room first, then by name."""

    roles = EVERYBODY
    queryset = Service.objects.none()
    serializer_class = out.ServiceRow
    filterset_class = ServiceFilter

    def rows(self):
        seen = access.services_seen_by(self.request.user)
        return search.listed(with_room(self, seen))


class OneService(One):
    """One service in full. The place of a confidential one is told to its own people only."""

    roles = EVERYBODY
    serializer_class = out.ServiceFull

    def found(self, service_id):
        seen = with_room(self, access.services_seen_by(self.request.user))
        return get_object_or_404(search.in_full(seen), pk=service_id)


class Places(Listed):
    """Listed places that you may see, by name. What is not in an area is listed, never guessed."""

    roles = EVERYBODY
    queryset = Location.objects.none()
    serializer_class = out.PlaceRow
    filterset_class = PlaceFilter

    def rows(self):
        seen = access.places_seen_by(self.request.user)
        return seen.select_related("area").order_by("name", "id")


# ------------------------------------------------------------------------- own numbers
ANSWERS = (Role.PROVIDER, Role.SPECIALIST)


def own(user):
    """The services for which this user says what is free."""
    return access.services_answered_by(user).select_related("area__parent__parent")


class OwnServices(Listed):
    """The services for which you say what is free, with what we count against your number."""

    roles = ANSWERS
    queryset = Service.objects.none()
    serializer_class = out.OwnService

    def rows(self):
        services = with_room(self, own(self.request.user))
        return services.select_related("organization", "area").prefetch_related(
            "conditions"
        ).by_name()  # fmt: skip


class OwnMove(Move):
    roles = ANSWERS

    def target(self, service_id):
        return get_object_or_404(own(self.request.user), pk=service_id)

    def receipt_for(self, service) -> dict:
        service.refresh_from_db(fields=["operating"])
        return {"id": service.pk, "state": service.operating}


class ConfirmNumber(OwnMove):
    """Say how many are free now. Count those who are agreed but not yet here as taken. null says:
    open, but not counted."""

    body = out.Free

    def act(self, target, told):
        free, most = told["free"], told.get("maximum", target.maximum)
        if free is not None and most is not None and free > most:
            said = _("There are %(most)d in all; write %(most)d or less.")
            raise ValidationError({"free": [said % {"most": most}]}, code="max_value")
        capacity.confirm(
            service_id=target.pk,
            free=free,
            maximum=told.get("maximum", capacity.KEPT),
            by=self.request.user,
            at=self.at,
        )
        return self.receipt_for(target)


class SayMore(OwnMove):
    """Say whether there is a waiting list, whether you meet the person first, and until when one of
    your services is closed. It is in force at once."""

    body = out.More

    def act(self, target, told):
        try:
            said = Said(by=self.request.user)
            availability.say(service_id=target.pk, at=self.at, said=said, **told)
        except availability.UnableToClose as error:
            raise ValidationError({"closed_until": [str(error)]}, code="invalid") from None
        return self.receipt_for(target)


class SplitPlaces(OwnMove):
    """Count the places of one of your services apart, by who may use them. It becomes the first
    part, and keeps its number and whoever is asked for; each other part is a new service."""

    body = out.Split

    def act(self, target, told):
        try:
            said = Said(by=self.request.user)
            sites.split(service_id=target.pk, parts=told["parts"], at=self.at, said=said)
        except sites.UnableToSplit as error:
            raise ValidationError({"parts": [str(error)]}, code="invalid") from None
        return self.receipt_for(target)


class JoinPlaces(OwnMove):
    """Count the parts of one of your services together again. Refused while somebody was asked for,
    or agreed to, in a further part, or where the parts take people of other ages than apart."""

    def act(self, target, told):
        try:
            sites.join(service_id=target.pk, at=self.at, said=Said(by=self.request.user))
        except sites.UnableToJoin as error:
            raise Refused(str(error), "refused") from None
        return self.receipt_for(target)


class ConfirmAllNumbers(Move):
    """Say that all your numbers still hold, net of the people agreed to since."""

    roles = ANSWERS
    receipt = out.Counted

    def act(self, target, told):
        services = access.services_answered_by(self.request.user)
        number = capacity.confirm_all(services=services, by=self.request.user, at=self.at)
        return {"number": number}


class CloseService(OwnMove):
    """Close one of your services for now: nobody new is sent; who is with you stays with you."""

    body = out.Closing

    def act(self, target, told):
        suspend_service(
            service_id=target.pk,
            cause=told["cause"],
            since=self.today(target),
            by=self.request.user,
            at=self.at,
        )
        return self.receipt_for(target)

    def today(self, service):
        zone = service.area.zone() if service.area_id else None
        return timezone.localtime(self.at, zone).date()


class ReopenService(CloseService):
    """Open one of your services again."""

    body = Move.body

    def act(self, target, told):
        since = self.today(target)
        reopen_service(service_id=target.pk, since=since, by=self.request.user, at=self.at)
        return self.receipt_for(target)
