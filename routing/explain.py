"""A stored decision as plain lines: what was known, who came first and why, who was left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from providers.models import Area
from routing.models import Decision

CONFIRMED = {
    "within_7_days": "confirmed within 7 days",
    "within_30_days": "confirmed within 30 days",
    "unknown": "not confirmed lately",
}
DECIDED = {
    "confirmed": "its number was confirmed more recently than the next one's",
    "language": "somebody there speaks the person's language",
    "distance": "it is nearer than the next one",
    "open_asks": "fewer people wait for its answer",
    "id": "nothing else decided; the order of ids, so that it is always the same",
}


def lines(decision: Decision, *, candidates: int = 5) -> Iterator[str]:
    """Lines for a terminal, about 20 with the default number of candidates."""
    facts = decision.facts
    yield (
        f"Decision {decision.pk} at {decision.made_at:%Y-%m-%d %H:%M:%S} UTC: "
        f"{decision.get_result_display().lower()}"
    )
    yield f"  for      {facts['capability']}, {facts['urgency']}, {_people(facts)}"
    yield f"  where    {_area(facts['area'])}; speaks {', '.join(facts['languages']) or 'unknown'}"
    yield (
        f"  on       directory {decision.directory_version}, "
        f"rules {', '.join(one[:12] for one in decision.rule_sets) or 'none'}"
    )
    if decision.override:
        passed = ", ".join(decision.override["passed_over"]) or "nothing"
        yield f"  chosen by hand: {decision.override['reason']} (passed over: {passed})"
    passing = [line for line in decision.lines if line["first_failed"] is None]
    for rank, line in enumerate(passing[:candidates], start=1):
        asked = "*" if line["service_id"] in decision.chosen else " "
        yield f"{asked} {rank}. {line['name']}: {_values(line)}"
        if line["decided_by"]:
            yield f"       before the next, because {DECIDED[line['decided_by']]}"
    if len(passing) > candidates:
        yield f"     … and {len(passing) - candidates} more who could help"
    for name, count in decision.left_out.items():
        yield f"  left out by {name}: {count}"
    if decision.cause:
        yield f"  nobody was found: {decision.cause} left nobody"


def _people(facts: dict[str, Any]) -> str:
    people = [f"{one['sex']} {one['age_band']}" for one in facts["members"]]
    return f"{len(people)} × {people[0]}" if len(set(people)) == 1 else ", ".join(people)


def _area(pk: str) -> str:
    area = Area.objects.filter(pk=pk).first()
    return str(area) if area else pk


def _values(line: dict[str, Any]) -> str:
    free = "room not known" if line["free"] is None else f"{line['free']} free"
    far = "remote" if line["km"] is None else f"{line['km']} km"
    language = "language shared" if line["language"] else "interpreter needed"
    return ", ".join(
        [CONFIRMED[line["confirmed"]], free, language, far, f"{line['open_asks']} open asks"]
    )
