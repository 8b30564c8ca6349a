"""What a service can do and a need can ask for: read once from `data/capabilities.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

SOURCE = Path(__file__).parent / "data" / "capabilities.toml"

LABELS = {
    "hotline": _("Hotline"),
    "identification": _("Talk with a specialist"),
    "case_management": _("Case management"),
    "shelter": _("Shelter"),
    "basic_needs": _("Food, cash and items"),
    "transport_escort": _("Transport and escort"),
    "emergency_medical": _("Urgent medical care"),
    "clinical_care_after_rape": _("Clinical care after assault"),
    "health_ongoing": _("Health care"),
    "psychosocial": _("Counselling"),
    "interpreting": _("Interpreter"),
    "legal_information": _("Legal advice on rights"),
    "criminal_defence": _("Defence lawyer"),
    "detention_visiting": _("Visits in detention"),
    "child_protection": _("Child protection"),
    "guardian_alternative_care": _("Guardian or family care for a child"),
    "armed_group_child_reintegration": _("Return to civilian life for a child"),
    "family_tracing": _("Family tracing"),
    "safety_relocation": _("Move to a safe place"),
    "education": _("School and training"),
    "livelihood": _("Work and income"),
    "civil_registration": _("Birth, marriage and identity papers"),
    "refugee_legal_aid": _("Advice on refugee status"),
    "residence_legal_aid": _("Advice on a residence permit"),
    "compensation_redress": _("Compensation and redress"),
    "justice_support": _("Support in a court case"),
    "voluntary_return": _("Going home, on written request"),
}


@dataclass(frozen=True, slots=True)
class Capability:
    """One kind of help. `reach_km` is between area centres; `unit` is how capacity is counted."""

    code: str
    kind: str  # protection | legal_track
    pillar: int  # ODIHR NRM handbook (2022), 1 to 4
    unit: str  # bed | place | appointment | none
    urgency: str
    reach_km: float
    ecat: str = ""  # letter of ECAT art. 12(1), as a yardstick
    on_request: bool = False  # only when the person asks; never proposed

    @property
    def label(self) -> str:
        return LABELS.get(self.code, self.code)

    @property
    def is_protection(self) -> bool:
        return self.kind == "protection"

    @property
    def is_legal_help(self) -> bool:
        """Given by lawyers and advisers: the legal paths, and law beside protection."""
        return not self.is_protection or self.code in ("criminal_defence", "legal_information")


@cache
def all_capabilities() -> dict[str, Capability]:
    """Every capability by code, in the file's order."""
    rows = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["capability"]
    return {row["code"]: Capability(**row) for row in rows}


def capability(code: str) -> Capability:
    """The capability, or `UnknownCapability` naming the ones there are."""
    try:
        return all_capabilities()[code]
    except KeyError:
        raise UnknownCapability(code) from None


def choices() -> list[tuple[str, str]]:
    """(code, label) for forms."""
    return [(one.code, one.label) for one in all_capabilities().values()]


class UnknownCapability(ValueError):
    def __init__(self, code: str) -> None:
        known = ", ".join(all_capabilities())
        super().__init__(f"{code!r} is no capability. Expected one of: {known}.")
