"""Whether a service works through time, what is reported of areas, and what was agreed."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from providers import access, operating, situation, ways
from providers.api.base import EVERYBODY, Listed, Move
from providers.api.fields import AreaCode, Body, Choice, Day, Id, Moment, Some, Text, YesNo
from providers.api.serializers import AreaName, Counted, OrganizationName, TellsModel
from providers.models import (
    AreaLink,
    AreaReport,
    Mechanism,
    OperatingPeriod,
    Review,
)
from providers.models.mechanisms import Force, MechanismKind
from providers.models.situation import Outcome
from providers.vocabulary import Actor, Operating, Role, StatusCause

KEEPS = (Role.PROVIDER, Role.SPECIALIST, Role.COORDINATOR)
COORDINATES = (Role.COORDINATOR,)
SOURCE = "Who says so. No names."
MOST = 30


# ------------------------------------------------------------------------- what is told
class PeriodRow(TellsModel):
    """One stretch of time in one state, half-open. A day in none of them is not known."""

    status = Choice(Operating)
    cause = Choice(StatusCause.choices, allow_blank=True)
    displaced_to = AreaName(allow_null=True)

    class Meta:
        model = OperatingPeriod
        fields = ("id", "status", "cause", "displaced_to", "source", "starts_on", "ends_on")


class AreaReportRow(TellsModel):
    area = AreaName()
    controlled_by = Choice(Actor, allow_blank=True)

    class Meta:
        model = AreaReport
        fields = (
            "id", "area", "inaccessible", "controlled_by", "source", "reported_at", "expires_at",
        )  # fmt: skip


class MechanismActorRow(serializers.Serializer):
    organization = OrganizationName()
    role = serializers.CharField()


class MechanismRow(TellsModel):
    """A strategy, plan, mechanism or procedure. No area: the whole country."""

    kind = Choice(MechanismKind)
    force = Choice(Force)
    force_before = Choice(Force, allow_blank=True)
    areas = AreaName(many=True)
    actors = MechanismActorRow(many=True)
    replaced_by = serializers.UUIDField(source="replaced_by_id", allow_null=True)

    class Meta:
        model = Mechanism
        fields = (
            "id", "name", "kind", "areas", "starts_on", "ends_on", "force", "force_since",
            "force_before", "replaced_by", "source", "source_url", "verified", "synthetic",
            "actors",
        )  # fmt: skip


class Reviewed(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.CharField(help_text="What was decided.")
    at = serializers.DateTimeField()


# ------------------------------------------------------------------------- what comes in
class StatusBody(Body):
    """From this day on it is so. What is not open has a cause."""

    example = {
        "status": "suspended", "since": "2026-11-20", "cause": "insecurity",
        "source": "The service, by telephone",
    }  # fmt: skip
    status = Choice(Operating)
    since = Day()
    cause = Choice(StatusCause.choices, allow_blank=True, default="")
    displaced_to = AreaCode(required=False)
    source = Text(max_length=200, help_text=SOURCE)
    note = Text(max_length=300, allow_blank=True, default="")

    def validate(self, told):
        if told["status"] != Operating.FUNCTIONING and not told["cause"]:
            said = [_("Choose why: what is not open has a reason.")]
            raise serializers.ValidationError({"cause": said}, code="required")
        return told


class EvacuationBody(Body):
    """`also`: other services of the same house that have to be left with it."""

    source = Text(max_length=200, help_text=SOURCE)
    also = Some(child=Id(), max_length=MOST, default=list)


class ReportBody(Body):
    """Something changed in an area: nobody can enter, or somebody else holds it."""

    example = {
        "area": "SS0308", "inaccessible": True, "source": "Area meeting",
        "expires_at": "2026-12-07T00:00:00+02:00",
    }  # fmt: skip
    area = AreaCode()
    inaccessible = YesNo(default=False)
    controlled_by = Choice(Actor, allow_blank=True, default="")
    source = Text(max_length=200, help_text=SOURCE)
    note = Text(max_length=300, allow_blank=True, default="")
    expires_at = Moment()

    def validate_area(self, area):
        kept = access.areas_coordinated_by(self.context["request"].user)
        if not kept.filter(pk=area.pk).exists():
            said = _("Choose an area that you coordinate.")
            raise serializers.ValidationError(said, code="not_yours")
        return area


class WayBody(Body):
    """Two areas that touch, between which nobody gets through."""

    a = AreaCode()
    b = AreaCode()
    front_line = YesNo(default=False)
    source = Text(max_length=200, help_text=SOURCE)
    note = Text(max_length=300, allow_blank=True, default="")
    expires_at = Moment()

    def validate(self, told):
        a, b = told.pop("a"), told.pop("b")
        kept = access.areas_coordinated_by(self.context["request"].user)
        if not kept.filter(pk__in=[a.pk, b.pk]).exists():
            said = [_("Choose at least one area that you coordinate.")]
            raise serializers.ValidationError({"a": said}, code="not_yours")
        link = AreaLink.objects.filter(a__in=[a, b], b__in=[a, b]).first()
        if link is None:
            said = [_("These two do not touch. Choose two neighbours.")]
            raise serializers.ValidationError({"b": said}, code="no_neighbours")
        if told["expires_at"] <= self.context["at"]:
            said = [_("Choose a day to come: until when does this hold?")]
            raise serializers.ValidationError({"expires_at": said}, code="too_early")
        return {**told, "link_id": link.pk}


class RenewBody(Body):
    expires_at = Moment()
    source = Text(max_length=200, allow_blank=True, default="", help_text=SOURCE)


class ReviewBody(Body):
    outcome = Choice([one for one in Outcome.choices if one[0] in ("kept_hidden", "shown_again")])
    note = Text(max_length=300, allow_blank=True, default="")


# ------------------------------------------------------------------------- operations
class Periods(Listed, Move):
    """The states of one service through time, newest first; and record a change."""

    queryset = OperatingPeriod.objects.none()
    serializer_class = PeriodRow
    roles = EVERYBODY
    body = StatusBody
    made = True

    def rows(self, service_id):
        user = self.request.user
        may = access.services_kept_by(user).filter(pk=service_id)
        seen = access.services_seen_by(user).filter(pk=service_id)
        if not may.exists() and not seen.exists():
            raise Http404
        rows = OperatingPeriod.objects.standing().filter(service=service_id)
        return rows.select_related("displaced_to").order_by("-starts_on", "id")

    def target(self, service_id):
        return get_object_or_404(access.services_kept_by(self.request.user), pk=service_id)

    def act(self, target, told):
        try:
            operating.record_status(service_id=target.pk, by=self.request.user, at=self.at, **told)
        except operating.UnableToRecord as error:
            raise ValidationError({"since": [str(error)]}, code="invalid") from None
        situation.settle(service_id=target.pk, by=self.request.user, at=self.at)
        target.refresh_from_db(fields=["operating"])
        return {"id": target.pk, "state": target.operating}


class Evacuate(Move):
    """Everybody has to leave: nobody new is sent, and whoever is there is looked for first."""

    roles = KEEPS
    body = EvacuationBody
    receipt = Counted

    def target(self, service_id):
        return get_object_or_404(access.services_kept_by(self.request.user), pk=service_id)

    def act(self, target, told):
        kept = access.services_kept_by(self.request.user)
        same = kept.filter(organization=target.organization_id, pk__in=told["also"])
        if same.count() != len(set(told["also"])):
            raise ValidationError({"also": [_("Choose from the list.")]}, code="invalid_choice")
        ids = [target.pk, *same.exclude(pk=target.pk).values_list("pk", flat=True)]
        done = operating.evacuate(
            service_ids=ids, source=told["source"], by=self.request.user, at=self.at
        )
        return {"number": len(done)}


class AreaReports(Listed):
    """What is reported of areas and holds now."""

    roles = EVERYBODY
    queryset = AreaReport.objects.none()
    serializer_class = AreaReportRow

    def rows(self):
        rows = AreaReport.objects.in_force(self.at).select_related("area")
        return rows.order_by("expires_at", "id")


class SomethingChanged(Move):
    """Say that something changed in an area. Whatever stands there is hidden until a person looked,
    its numbers count as unknown, and asks there are decided again. Tells how many it is."""

    roles = COORDINATES
    body = ReportBody
    receipt = Counted

    def act(self, target, told):
        try:
            report = situation.something_changed(by=self.request.user, at=self.at, **told)
        except situation.UnableToReport as error:
            raise ValidationError({"inaccessible": [str(error)]}, code="invalid") from None
        return {"number": report.reviews.count()}


class RenewAreaReport(Move):
    """Say that it is still so, until another day. What stands there is looked at anew."""

    roles = COORDINATES
    body = RenewBody
    receipt = Counted

    def target(self, report_id):
        kept = access.areas_coordinated_by(self.request.user).values("pk")
        return get_object_or_404(AreaReport.objects.filter(area__in=kept), pk=report_id)

    def act(self, target, told):
        try:
            report = situation.renew(report_id=target.pk, by=self.request.user, at=self.at, **told)
        except situation.UnableToReport as error:
            raise ValidationError({"expires_at": [str(error)]}, code="too_early") from None
        return {"number": report.reviews.count() if report else 0}


class EndAreaReport(Move):
    """Say that it is no longer so. What was hidden stays hidden until a person looked."""

    roles = COORDINATES
    receipt = Counted

    def target(self, report_id):
        kept = access.areas_coordinated_by(self.request.user).values("pk")
        return get_object_or_404(AreaReport.objects.filter(area__in=kept), pk=report_id)

    def act(self, target, told):
        return {"number": int(situation.end(report_id=target.pk, by=self.request.user, at=self.at))}


class WayClosed(Move):
    """Say that nobody gets through between two areas that touch."""

    roles = COORDINATES
    body = WayBody
    receipt = Counted

    def act(self, target, told):
        ways.report_impassable(at=self.at, **told)
        return {"number": 1}


class EndWayReport(Move):
    """Say that one gets through again; where a front line was reported, that it is gone."""

    roles = COORDINATES
    receipt = Counted

    def target(self, report_id):
        return get_object_or_404(access.way_reports_kept_by(self.request.user), pk=report_id)

    def act(self, target, told):
        ways.end_way_report(report_id=target.pk, at=self.at)
        return {"number": 1}


class DecideReview(Move):
    """Decide about one service that was hidden because something changed where it stands."""

    roles = COORDINATES
    body = ReviewBody
    receipt = Reviewed

    def target(self, review_id) -> Review:
        return get_object_or_404(access.reviews_kept_by(self.request.user), pk=review_id)

    def act(self, target, told):
        try:
            done = situation.review(review_id=target.pk, by=self.request.user, at=self.at, **told)
        except situation.UnableToReview as error:
            raise ValidationError({"outcome": [str(error)]}, code="decided") from None
        return {"id": done.pk, "state": done.outcome}


class Mechanisms(Listed):
    """Strategies, plans, mechanisms and procedures, and whether they hold."""

    roles = EVERYBODY
    queryset = Mechanism.objects.none()
    serializer_class = MechanismRow

    def rows(self):
        rows = Mechanism.objects.prefetch_related("areas", "actors__organization")
        return rows.by_kind()
