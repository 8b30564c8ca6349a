"""One finding as a reader may see it: the caseworker the decision, the specialist the rest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from referral.finding import law, wording
from referral.finding.definition import Answer
from referral.finding.models import Finding


@dataclass(frozen=True)
class Shown:
    """`opens`: whether elements and steps are shown; `notes`: whether what was written is, too;
    `tags`: whether the reader is a specialist of those who wrote it."""

    finding: Finding
    jurisdiction: law.Jurisdiction
    opens: bool = False
    notes: bool = False
    tags: bool = False

    @property
    def tone(self) -> str:
        return wording.OUTCOME_TONES[self.finding.decision]

    @property
    def decision(self) -> str:
        return wording.OUTCOMES[self.finding.decision]

    @property
    def computed(self) -> str:
        """Where the specialist decided otherwise."""
        differs = self.finding.computed != self.finding.decision
        return wording.OUTCOMES[self.finding.computed] if differs and self.opens else ""

    @property
    def because(self) -> str:
        return wording.BECAUSE[self.finding.because]

    @property
    def reason(self) -> str:
        return self.finding.reason or "" if self.notes else ""

    @cached_property
    def facts(self) -> dict:
        return self.finding.facts

    def elements(self):
        """(element, state, codes in words, note)"""
        if not self.opens:
            return
        names = {"acts": _("Act"), "means": _("Means"), "purpose": _("Purpose")}
        for one in law.ELEMENTS:
            codes = [wording.CODES[one].get(code, code) for code in self.facts["codes"][one]]
            note = self.facts["notes"][one] if self.notes else ""
            yield names[one], wording.KNOWN[self.facts[one]], codes, note

    def steps(self):
        """(sentence, sources with their force here)"""
        told = self.facts["steps"] if self.opens else []
        return steps_of(told, self.jurisdiction)

    @property
    def worth(self) -> list:
        return worth(self.steps())

    def concerns(self):
        """(label, mechanism, source)"""
        codes = self.finding.tags or [] if self.tags else []
        for one in codes:
            known = law.concerns()[one]
            yield wording.CONCERNS[one], known.mechanism, known.source


def steps_of(told, jurisdiction: law.Jurisdiction) -> list:
    return [
        (wording.STEPS.get(code, code), in_words(law.cited(ids, jurisdiction)))
        for code, ids in told
    ]  # fmt: skip


def worth(steps: list) -> list[tuple[str, str]]:
    """(instrument, force here), each once"""
    return list({source.instrument: (source.instrument, force) for _s, cited in steps
                 for source, force in cited}.values())  # fmt: skip


def steps_of_answer(found: Answer, jurisdiction: law.Jurisdiction) -> list:
    return steps_of([(one.code, one.sources) for one in found.steps], jurisdiction)


def in_words(cited: list[law.Cited]) -> list[tuple]:
    """(source, force here in words)"""
    return [(one.source, wording.FORCES[one.force]) for one in cited]
