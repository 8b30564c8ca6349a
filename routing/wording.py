"""How the router's reasons are said: why first, why left out, what would change it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from providers.wording import listed

Line = dict[str, Any]

CONFIRMED = {
    "within_7_days": gettext_lazy("within the last 7 days"),
    "within_30_days": gettext_lazy("within the last 30 days"),
    "unknown": gettext_lazy("not lately; ask whether there is room"),
}
DISTANCE = {
    "remote": gettext_lazy("by phone or online"),
    "same_area": gettext_lazy("same county"),
    "under_25_km": gettext_lazy("under 25 km"),
    "under_100_km": gettext_lazy("under 100 km"),
    "under_250_km": gettext_lazy("under 250 km"),
    "further": gettext_lazy("250 km or more"),
}
DECIDED = {  # the part of the order that put one line before the next
    "confirmed": gettext_lazy("its room was confirmed more lately than the next one’s"),
    "language": gettext_lazy("somebody there speaks the person’s language, and at the next not"),
    "distance": gettext_lazy("it is nearer than the next one"),
    "open_asks": gettext_lazy("fewer people wait for its answer than at the next one"),
}
ASKS = {
    "age": gettext_lazy("Ask about the age."),
    "sex": gettext_lazy("Ask whom they take in."),
    "access": gettext_lazy("Ask about access."),
}
FILTERS = {  # filter → (why left out, what would change it)
    "reach": (
        gettext_lazy("Too far, or no safe way there"),
        gettext_lazy("A way opening, or the person being elsewhere."),
    ),
    "people_served": (
        gettext_lazy("Do not take these people"),
        gettext_lazy("Nothing here, unless members wish to be helped apart."),
    ),
    "consent": (
        gettext_lazy("May not be told"),
        gettext_lazy("Agreeing to share with them, if the person wants to."),
    ),
    "safety": (
        gettext_lazy("Not safe to ask"),
        gettext_lazy("Changing what to keep away from, with the person."),
    ),
    "suspended": (
        gettext_lazy("Closed for now"),
        gettext_lazy("The service opening again."),
    ),
    "unconditional": (
        gettext_lazy("Ask for something first"),
        gettext_lazy("The condition ending. Help is never tied to one; it is counted as a gap."),
    ),
    "unconfirmed": (
        gettext_lazy("May not exist"),
        gettext_lazy("Somebody confirming that it does."),
    ),
    "capacity": (
        gettext_lazy("Full"),
        gettext_lazy("A place coming free. They are looked at again by themselves."),
    ),
    "already_asked": (
        gettext_lazy("Asked before"),
        gettext_lazy("Their confirming room anew, if they were full or did not answer."),
    ),
}
NOT_COUNTED = frozenset({"authority", "capability"})  # other help, and those nobody is sent to
CRITERIA = {
    "authority": gettext_lazy("an authority"),
    "capability": gettext_lazy("other help"),
    "reach.near": gettext_lazy("too far"),
    "reach.path": gettext_lazy("no safe way there today"),
    "people_served.age": gettext_lazy("another age"),
    "people_served.sex": gettext_lazy("another sex"),
    "people_served.pregnancy": gettext_lazy("does not take people who are pregnant"),
    "people_served.access": gettext_lazy("no access"),
    "people_served.family": gettext_lazy("family rooms, for two or more"),
    "consent": gettext_lazy("may not be told"),
    "safety.excluded_organization": gettext_lazy("to keep away from"),
    "safety.excluded_actor": gettext_lazy("a kind of actor to keep away from"),
    "safety.excluded_area": gettext_lazy("in an area to keep away from"),
    "safety.reports_to": gettext_lazy("reports to somebody to keep away from"),
    "safety.state_security": gettext_lazy("state security"),
    "safety.not_free_to_leave": gettext_lazy("does not come to the person"),
    "suspended": gettext_lazy("closed for now"),
    "suspended.until": gettext_lazy("closed until a later day"),
    "suspended.away": gettext_lazy("not there now"),
    "unconditional": gettext_lazy("asks for something first"),
    "unconfirmed": gettext_lazy("may not exist"),
    "capacity": gettext_lazy("full"),
    "already_asked": gettext_lazy("asked before"),
}
FORCES = {
    "binding": gettext_lazy("binding here"),
    "not_binding_here": gettext_lazy("not binding here"),
    "soft_law": gettext_lazy("a recommendation, not law"),
    "practice": gettext_lazy("practice, not law"),
    "none_found": gettext_lazy("no legal basis found"),
}


def why_placed(line: Line, *, rank: int, place: int, of: int, override: bool) -> str:
    """One sentence: why it stands here. `place` in the whole order from 0; −1: not in it."""
    if place < 0:
        if override:
            return _("Chosen by hand.")
        return _("Named by a service that was asked before, and checked like any other.")
    if place > rank - 1:
        return _("Shown so that there is a choice: another organization, place or way.")
    if line.get("decided_by") == "id":
        return _("As good as the next in everything that counts; one must stand before the other.")
    reason = DECIDED.get(line.get("decided_by") or "")
    if reason is None:
        return _("The only one.") if of == 1 else _("Last in this order.")
    if rank == 1:
        return _("First, because %(reason)s.") % {"reason": reason}
    return _("Before the next, because %(reason)s.") % {"reason": reason}


def decided(line: Line) -> str:
    """What put it before the next; empty for the last."""
    by = line.get("decided_by") or ""
    return _("alike; one must stand first") if by == "id" else str(DECIDED.get(by, ""))


def room(line: Line, unit: str) -> str:
    if line["free"] is None:
        return _("not counted") if unit == "none" else _("not known")
    return ngettext("%(n)d free", "%(n)d free", line["free"]) % {"n": line["free"]}


def distance(line: Line) -> str:
    words = str(DISTANCE.get(line["distance"], line["distance"]))
    far = line["distance"] not in ("remote", "same_area") and line["km"] is not None
    return _("%(band)s, about %(km)d km") % {"band": words, "km": line["km"]} if far else words


def why_failed(line: Line, *, waiting_list: bool = False) -> str:
    """What is full and has a waiting list is still full: it may be chosen by a person alone."""
    said = CRITERIA | ({"capacity": _("full, has a waiting list")} if waiting_list else {})
    return listed(said.get(one, one) for one in line["failed"])


def left_out(counts: dict[str, int]) -> list[tuple[str, int, str]]:
    """(why, how many, what would change it), in the order in which it was tried."""
    return [(str(why), counts[one], str(change)) for one, (why, change) in FILTERS.items()
            if counts.get(one)]  # fmt: skip
