"""Further phones and texts of a service, for machines: a list is sent whole, in force at once."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from providers import access, details
from providers.api.base import Move
from providers.api.fields import Body, Choice, Some, Text, YesNo
from providers.history import Said
from providers.models import ServiceText
from providers.vocabulary import Role

KEEPERS = (Role.PROVIDER, Role.SPECIALIST, Role.COORDINATOR)
CODE = "ISO 639-3, such as eng."


class OnePhone(Body):
    number = Text(max_length=40)
    short = YesNo(default=False)
    note = Text(max_length=100, allow_blank=True, default="")
    languages = Some(child=Text(max_length=3), max_length=20, default=list, help_text=CODE)
    all_day = YesNo(default=False)


class Phones(Body):
    """All further phones from now on. One that is left out goes."""

    phones = Some(child=OnePhone(), max_length=details.MOST_PHONES)


class OneText(Body):
    what = Choice(ServiceText.What, name="TextAbout")
    language = Text(max_length=3, help_text=CODE)
    text = Text(max_length=details.LONGEST_TEXT)


class Texts(Body):
    """All texts from now on. One that is left out goes."""

    texts = Some(child=OneText(), max_length=details.MOST_TEXTS)


class ContactReceipt(serializers.Serializer):
    id = serializers.UUIDField(help_text="Of the service.")
    number = serializers.IntegerField(help_text="How many are kept now.")
    at = serializers.DateTimeField()


class KeptMove(Move):
    roles = KEEPERS
    receipt = ContactReceipt

    def target(self, service_id):
        """Numbers and texts tell a confidential place: who may not know it, finds nothing here."""
        kept = access.services_kept_by(self.request.user)
        service = get_object_or_404(kept, pk=service_id)
        if not access.may_see_place(self.request.user, service):
            raise Http404
        return service

    @property
    def said(self) -> Said:
        return Said(by=self.request.user)


def refused(name: str, error: details.UnableToKeep) -> ValidationError:
    """The same words as on the page, at the field they are about."""
    if error.line is None:
        return ValidationError({name: [str(error)]}, code="invalid")
    rows = [{} for _n in range(error.line)]
    return ValidationError({name: [*rows, {error.field: [str(error)]}]}, code="invalid")


class KeepPhones(KeptMove):
    """Say all further phones of a service: what for, in which languages, whether day and night. The
    first number is a field of the service."""

    body = Phones

    def act(self, target, told):
        rows = [
            details.FurtherPhone(**{**one, "languages": tuple(one["languages"])})
            for one in told["phones"]
        ]
        try:
            details.set_phones(service_id=target.pk, phones=rows, said=self.said, at=self.at)
        except details.UnableToKeep as error:
            raise refused("phones", error) from None
        return {"id": target.pk, "number": len(rows)}


class KeepTexts(KeptMove):
    """Say all texts of a service: what it is and how to reach it, once in each language."""

    body = Texts

    def act(self, target, told):
        rows = [details.Told(**one) for one in told["texts"]]
        try:
            details.set_texts(service_id=target.pk, texts=rows, said=self.said, at=self.at)
        except details.UnableToKeep as error:
            raise refused("texts", error) from None
        return {"id": target.pk, "number": len(rows)}
