"""Changes of the directory: proposed, decided, read and taken back by machines.

Nobody is named: a token opens no name. A place is told as on the pages, never by a grant.
"""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from providers import access, diff, drafts, reading_changes
from providers.api.base import Listed, Move, One
from providers.api.errors import Refused
from providers.api.fields import AreaCode, Body, Choice, Id, Number, Some, Text, YesNo
from providers.api.serializers import ServiceName, TellsModel
from providers.documents import document_of, facts_of
from providers.forms import MOST
from providers.models import Change, Location, Service
from providers.models.changes import ChangeState
from providers.service_form import OLDEST
from providers.vocabulary import (
    LANGUAGES,
    REPORTED_TO,
    Access,
    Condition,
    Exposure,
    ReachedBy,
    Role,
    Unit,
)

CHANGES = (Role.PROVIDER, Role.SPECIALIST, Role.COORDINATOR, Role.ADMINISTRATOR)
BASIS = [("law", gettext_lazy("by law")), ("practice", gettext_lazy("by practice"))]
SIDES = [
    (drafts.NOW, gettext_lazy("what stands now")),
    (drafts.DRAFT, gettext_lazy("what is proposed")),
]


# ------------------------------------------------------------------------- what is told
class ChangeRow(TellsModel):
    """One change: of what, when, which fields, and what became of it."""

    service = ServiceName(allow_null=True)
    state = Choice(ChangeState)
    what = serializers.SerializerMethodField(help_text="The fields that were changed.")
    is_yours = serializers.SerializerMethodField()

    class Meta:
        model = Change
        fields = (
            "id", "service", "state", "what", "happened_at", "to_review", "decided_at", "reason",
            "is_yours", "undoes",
        )  # fmt: skip

    def get_what(self, change) -> list[str]:
        return sorted(change.after)

    def get_is_yours(self, change) -> bool:
        return change.author_id == self.context["request"].user.pk


class ChangedField(serializers.Serializer):
    """One field of a change, in words and as values. Null values where you may not know them."""

    field = serializers.CharField()
    label = serializers.CharField()
    before_words = serializers.CharField()
    after_words = serializers.CharField()
    now_words = serializers.CharField(
        allow_null=True, help_text="What somebody else made of it meanwhile; null: nobody did."
    )
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class ChangeFull(ChangeRow):
    """One change with all its values."""

    changes = serializers.SerializerMethodField()
    revision = serializers.SerializerMethodField(
        help_text="Of the service now; send it to approve."
    )

    class Meta(ChangeRow.Meta):
        fields = (*ChangeRow.Meta.fields, "base_revision", "revision", "changes")

    def get_revision(self, change) -> int:
        return getattr(change.subject, "revision", 0)

    @extend_schema_field(ChangedField(many=True))
    def get_changes(self, change) -> list[dict[str, Any]]:
        clashes = clashes_of(change)
        now = {name: one.now for name, one in clashes.items()}
        [row] = reading_changes.told(self.context["request"].user, [change], now=now)
        return [_field(line, change) for line in row.lines]


def _field(line, change: Change) -> dict[str, Any]:
    hidden = line.is_hidden
    return {
        "field": line.name,
        "label": line.label,
        "before_words": line.before,
        "after_words": line.after,
        "now_words": line.now,
        "before": None if hidden else change.before.get(line.name),
        "after": None if hidden else change.after.get(line.name),
    }


def clashes_of(change: Change) -> dict[str, diff.Clash]:
    if not change.is_waiting:
        return {}
    subject = change.subject
    asked = diff.Diff(change.before, change.after)
    return diff.merge(asked, document_of(subject), facts_of(subject)).clashes


class ProposalReceipt(serializers.Serializer):
    """What became of a proposal. Null: nothing of it did."""

    id = serializers.UUIDField(help_text="Of the service.")
    applied = serializers.UUIDField(allow_null=True, help_text="The change that stands now.")
    safer = serializers.UUIDField(
        allow_null=True, help_text="Stands now as well; a coordinator looks at it afterwards."
    )
    waiting = serializers.UUIDField(allow_null=True, help_text="A coordinator decides it first.")
    revision = serializers.IntegerField(help_text="Of the service, after it.")
    at = serializers.DateTimeField()


# ------------------------------------------------------------------------- what comes in
class AskedFirst(Body):
    kind = Choice(Condition)
    note = Text(max_length=200, allow_blank=True, default="")


class ToldTo(Body):
    actor = Choice([(one.value, one.label) for one in REPORTED_TO], name="ReportedTo")
    basis = Choice(BASIS, name="Basis")
    about = Text(max_length=200, allow_blank=True, default="")


class ServiceFacts(Body):
    """Only what is to be changed. A list is sent whole."""

    name = Text(max_length=200, required=False)
    phone = Text(max_length=40, allow_blank=True, required=False)
    area = AreaCode(allow_null=True, required=False)
    location = Id(allow_null=True, required=False)
    covers = Some(child=AreaCode(), max_length=300, required=False)
    min_age = Number(min_value=0, max_value=OLDEST, allow_null=True, required=False)
    max_age = Number(min_value=0, max_value=OLDEST, allow_null=True, required=False)
    max_son_age = Number(min_value=0, max_value=OLDEST, allow_null=True, required=False)
    serves_women = YesNo(required=False)
    serves_men = YesNo(required=False)
    serves_other = YesNo(required=False)
    takes_pregnant = YesNo(required=False)
    access = Some(child=Choice(Access), allow_null=True, max_length=20, required=False)
    languages = Some(
        child=Choice(list(LANGUAGES.items()), name="Language"), max_length=50, required=False
    )
    conditions = Some(child=AskedFirst(), max_length=20, required=False)
    reports_to = Some(child=ToldTo(), max_length=10, required=False)
    reached_by = Choice(ReachedBy, required=False)
    remote = YesNo(required=False)
    comes_to_person = YesNo(required=False)
    mobile = YesNo(required=False)
    unit = Choice(Unit, required=False)
    maximum = Number(min_value=0, max_value=MOST, allow_null=True, required=False)
    exposure = Choice(Exposure, required=False)

    def validate(self, attrs) -> dict[str, Any]:
        """As a document of `diff`."""
        told = dict(attrs)
        if told.get("area"):
            told["area"] = str(told["area"].pk)
        if told.get("location"):
            told["location"] = str(told["location"])
        for name in ("languages", "access"):
            if told.get(name) is not None:
                told[name] = sorted(told[name])
        if "covers" in told:
            told["covers"] = sorted({str(area.pk) for area in told["covers"]})
        if "conditions" in told:
            told["conditions"] = {one["kind"]: one["note"] for one in told["conditions"]}
        if "reports_to" in told:
            told["reports_to"] = {
                one["actor"]: {"basis": one["basis"], "about": one["about"]}
                for one in told["reports_to"]
            }
        return told


class ProposingChange(Body):
    """`revision`: the service's when you read it. Another one now: read it again first."""

    example = {"revision": 4, "changes": {"phone": "+211 912 000 000", "languages": ["pga"]}}

    revision = Number(min_value=1)
    changes = ServiceFacts()


class ChosenSide(Body):
    field = Text(max_length=40)
    take = Choice(SIDES, name="Side")


class ApprovingChange(Body):
    """`choices`: one for each field that somebody else changed meanwhile."""

    revision = Number(min_value=0)
    choices = Some(child=ChosenSide(), max_length=40, required=False)


class RefusingChange(Body):
    reason = Text(max_length=300)


# ------------------------------------------------------------------------- the operations
class OfChanges:
    roles = CHANGES

    def told_about(self, error: Exception) -> Exception | None:
        if isinstance(error, drafts.UnableToChange):
            return Refused(
                str(error), "clashes" if isinstance(error, drafts.Clashes) else "refused"
            )
        return super().told_about(error)


def _in_full(rows):
    return rows.with_all_that_a_line_shows()


class Changes(OfChanges, Listed):
    """Changes that wait for you, oldest first: to decide, or to look at afterwards. What you wrote
    yourself and what waits for others is in the list too."""

    queryset = Change.objects.none()
    serializer_class = ChangeRow

    def rows(self):
        user = self.request.user
        decided = access.changes_decided_by(user).to_look_at()
        mine = access.changes_seen_by(user).waiting().filter(author=user)
        keys = decided.order_by().values("pk"), mine.order_by().values("pk")
        rows = Change.objects.filter(pk__in=keys[0]) | Change.objects.filter(pk__in=keys[1])
        return _in_full(rows).oldest_first()


class ServiceChanges(OfChanges, Listed):
    """All that was changed of one service that you may change, the latest first."""

    queryset = Change.objects.none()
    serializer_class = ChangeRow

    def rows(self, service_id):
        mine = access.services_edited_by(self.request.user)
        service = get_object_or_404(mine, pk=service_id)
        return reading_changes.of_service(service)


class OneChange(OfChanges, One):
    """One change with what stood there before, and what shall stand or stands there after."""

    serializer_class = ChangeFull

    def found(self, change_id):
        return get_object_or_404(_in_full(access.changes_seen_by(self.request.user)), pk=change_id)


class ProposeChange(OfChanges, Move):
    """Change a service of yours. What is safe stands at once. The place, who may know it, whom it
    helps, what it asks for and whom it tells wait for a coordinator; of a coordinator all stands.
    Numbers of free places are said at `availability`."""

    body = ProposingChange
    receipt = ProposalReceipt
    made = True

    def target(self, service_id):
        rows = access.services_edited_by(self.request.user)
        return get_object_or_404(rows.select_related("organization", "location"), pk=service_id)

    def act(self, target, told):
        if told["revision"] != target.revision:
            said = _("It was changed since you read it. Read it again, then send what you want.")
            raise Refused(said, "stale")
        wanted = told["changes"]
        self._only_what_may_be_known(target, wanted)
        done = drafts.propose(
            subject=target,
            base=document_of(target),
            wanted=wanted,
            by=self.request.user,
            at=self.at,
        )
        revision = Service.objects.values_list("revision", flat=True).get(pk=target.pk)
        ids = {n: one and one.pk for n, one in parts_of(done).items()}
        where = reverse("api:change", args=[done.waiting.pk]) if done.waiting else None
        return {"id": target.pk, "revision": revision, "location": where, **ids}

    def _only_what_may_be_known(self, service, wanted) -> None:
        """Of a place that is not yours to know you cannot say where it is, either."""
        user, wrong = self.request.user, {}
        if "phone" in wanted and not access.may_see_place(user, service):
            wrong["phone"] = [_("There is no such field here.")]
        if "location" in wanted and not access.may_see_location(user, service):
            wrong["location"] = [_("There is no such field here.")]
        elif wanted.get("location"):
            here = Location.objects.filter(organization=service.organization_id)
            known = here.filter(pk=wanted["location"]).values_list("pk", flat=True)
            if not known or access.locations_hidden_from(user, list(known)):
                wrong["location"] = [_("Choose from the list.")]
        if wrong:
            raise ValidationError({"changes": wrong})


def parts_of(done: drafts.Proposed) -> dict[str, Change | None]:
    return {"applied": done.applied, "safer": done.safer, "waiting": done.waiting}


class ChangeMove(OfChanges, Move):
    """A move of a change that this user decides."""

    def target(self, change_id):
        rows = access.changes_decided_by(self.request.user)
        return get_object_or_404(_in_full(rows), pk=change_id)

    def of(self, change: Change) -> dict[str, Any]:
        return {"id": change.pk, "state": change.state}


class ApproveChange(ChangeMove):
    """Say yes to a change that waits: it stands now. What somebody else changed meanwhile is chosen
    field by field."""

    body = ApprovingChange

    def act(self, target, told):
        chosen = {one["field"]: one["take"] for one in told.get("choices", ())}
        done = drafts.approve(
            change_id=target.pk,
            by=self.request.user,
            at=self.at,
            seen=told["revision"],
            choices=chosen,
        )
        return self.of(done)


class RefuseChange(ChangeMove):
    """Say no to a change that waits, and why: its author reads it."""

    body = RefusingChange

    def act(self, target, told):
        done = drafts.refuse(
            change_id=target.pk, reason=told["reason"], by=self.request.user, at=self.at
        )
        return self.of(done)


class KeepChange(ChangeMove):
    """Say that a change that stood at once, since it made people safer, may stay."""

    def act(self, target, told):
        return self.of(drafts.keep(change_id=target.pk, by=self.request.user, at=self.at))


class WithdrawChange(ChangeMove):
    """Take back a change of your own that still waits."""

    def target(self, change_id):
        rows = access.changes_seen_by(self.request.user).filter(author=self.request.user)
        return get_object_or_404(_in_full(rows), pk=change_id)

    def act(self, target, told):
        return self.of(drafts.withdraw(change_id=target.pk, by=self.request.user, at=self.at))


class UndoChange(ChangeMove):
    """Restore what stood there before a change, unless the same was changed again since."""

    made = True

    def target(self, change_id):
        return get_object_or_404(_in_full(access.changes_seen_by(self.request.user)), pk=change_id)

    def act(self, target, told):
        done = drafts.undo(change_id=target.pk, by=self.request.user, at=self.at)
        return {**self.of(done), "location": reverse("api:change", args=[done.pk])}
