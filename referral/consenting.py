"""What a consent must say, told once for all; and what is read out before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from referral.models.consent import (
    WITNESSES,
    Assent,
    GivenBy,
    HowGiven,
    Purpose,
    Witness,
)

VERSION = "2026-11"  # of NOTICE; a change of its meaning is a new version
NOTICE = (
    _("You decide whom we tell, what we tell, and for how long."),
    _("Saying no costs you nothing: we go on helping as well as we can."),
    _("We tell only what you agree to, and only those you agree to. We tell your family nothing."),
    _("Nobody may ask you to talk to the police, to give papers or to join anything for this."),
    _("You can take it back at any time, all of it or a part. Whoever was told must then delete "
      "it and tell us so."),
    _("If your life is in danger and you cannot be asked, one of us may ask for help with the "
      "least that is needed. A second person looks at it within a day."),
)  # fmt: skip

TERMS = (
    "purpose", "notice_version", "notice_language", "how_given", "witness", "witness_name",
    "given_by", "relation", "assent",
)  # fmt: skip


def faults(told: Mapping[str, Any]) -> dict[str, str]:
    """Field → what to do. Empty: it can be written down so."""
    found: dict[str, Any] = {}
    witness, named = told.get("witness") or "", bool(told.get("witness_name"))
    if told.get("how_given") == HowGiven.SPOKEN and witness == Witness.NONE:
        found["witness"] = _("Choose who was the witness, or that nobody was safe to ask.")
    if witness in WITNESSES and not named:
        found["witness_name"] = _("Write the name of the witness. It is kept sealed.")
    if named and witness not in WITNESSES:
        found["witness"] = _("Choose who the witness is.")
    for_child = (told.get("given_by") or GivenBy.PERSON) != GivenBy.PERSON
    if for_child and not told.get("assent"):
        found["assent"] = _("Choose what the child says.")
    if told.get("relation") and not for_child:
        found["given_by"] = _("Choose who agreed for the child.")
    is_copy = told.get("purpose") == Purpose.OWN_COPY
    if is_copy != bool(told.get("to_the_person")):
        found["purpose"] = _("A copy is for the person, and for nobody else.")
    return {name: str(said) for name, said in found.items()}


def says_no(told: Mapping[str, Any]) -> bool:
    return told.get("assent") == Assent.NO
