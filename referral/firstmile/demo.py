"""Notes of the demonstration: invented, by the same moves as any."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from providers.models import Area
from referral.firstmile import duties, services
from referral.firstmile.models import Signal
from referral.models import Case

HOUR = timedelta(hours=1)
NOTES = (  # area, hours ago, how soon, how many, who writes
    ("SS0101", 2, "urgent", 1, "teacher"),
    ("SS0104", 1, "immediate", 3, "elder"),
    ("SS0101", 20, "soon", 1, "self"),
    ("SS0302", 5, "urgent", 2, "peacekeeper"),
)


def load(*, cases: dict[str, UUID], at: datetime, **_more) -> None:
    """A desk for one state, with notes; one of them is taken up, and one waits where nobody is."""
    worker = Case.objects.get(pk=cases["helped"]).assigned_to
    office = Case.objects.get(pk=cases["helped"]).organization
    areas = {one.pcode: one for one in Area.objects.current().filter(country="SSD")}
    duties.begin(organization=office, area=areas["SS01"], at=at - 48 * HOUR)
    codes = [
        services.receive(
            sending=f"demonstration {n}", area=areas[pcode], urgency=urgency, number=number,
            writer=writer, call_back={"where": "The school gate", "words": "About the books"},
            at=at - hours * HOUR,
        )
        for n, (pcode, hours, urgency, number, writer) in enumerate(NOTES)
    ]  # fmt: skip
    first = Signal.objects.get(code=codes[0])
    services.take(signal_id=first.pk, by=worker, at=at - HOUR)
