"""The rules of the router once more, slow and plain: one service at a time."""

from __future__ import annotations

from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

from routing.engine.directory import AreaRow, Capacity, LinkRow, ServiceRow
from routing.engine.facts import YEARS, ProtectionFacts
from routing.engine.rows import BLOCKING_CONDITIONS


def km_between(a, b):
    """Great-circle distance in km, or None where a coordinate is missing."""
    if None in (*a, *b):
        return None
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, point)) for point in (a, b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(h))


class Reference:
    """Answers for one need over rows and links, by looping."""

    def __init__(self, facts: ProtectionFacts, areas, links, macro, reach_km, at, capacity, asked):
        self.facts, self.macro, self.at = facts, macro, at
        self.areas: dict[str, AreaRow] = {area.id: area for area in areas}
        self.links: list[LinkRow] = list(links)
        self.reach_km, self.capacity, self.asked = reach_km, capacity, asked

    def lineage(self, area):
        return [] if area is None else [area, *self.lineage(self.areas[area].parent)]

    def below(self, area):
        return {one for one in self.areas if area in self.lineage(one)}

    def linked(self, area):
        return any(area in (link.a, link.b) for link in self.links)

    def grounds(self, area):
        return {area} if self.linked(area) else self.below(area)

    def may_enter(self, there, here):
        entered = set(self.lineage(there)) - set(self.lineage(here))
        return all(self.areas[one].accessible for one in entered)

    def steps(self, here):
        for link in self.links:
            for a, b in ((link.a, link.b), (link.b, link.a)):
                same_country = self.areas[a].country == self.areas[b].country
                if a == here and link.passable and not link.front_line and same_country:
                    yield b

    def can_travel(self, start, target, own):
        """One path from a to b by trying all; `own` is the person's area, which needs no entry."""
        seen, todo = set(), [start]
        if start == target:
            return self.may_enter(target, own)
        while todo:
            here = todo.pop()
            for there in set(self.steps(here)) - seen:
                if self.may_enter(there, here):
                    seen.add(there)
                    todo.append(there)
        return target in seen

    def path(self, s: ServiceRow):
        own = self.facts.area
        if s.remote:
            return True
        if s.area is None:
            return not s.comes_to_person or all(
                self.areas[one].accessible for one in self.lineage(own)
            )
        pairs = [(a, b) for a in self.grounds(own) for b in self.grounds(s.area)]
        if s.comes_to_person:
            return any(self.can_travel(b, a, own) and self.may_enter(a, own) for a, b in pairs)
        return any(self.can_travel(a, b, own) for a, b in pairs)

    def centre(self, area):
        row = self.areas.get(area)
        return (None, None) if row is None else (row.latitude, row.longitude)

    def near(self, s: ServiceRow):
        if s.remote or s.covers & set(self.lineage(self.facts.area)) or s.area == self.facts.area:
            return True
        km = km_between(self.centre(self.facts.area), self.centre(s.area))
        return km is not None and km <= self.reach_km

    def son(self, m, s):
        child_boy = m.sex == "man" and YEARS[m.age_band][1] < 18 and len(self.facts.members) > 1
        limit = s.max_son_age
        return (
            child_boy and "woman" in s.sexes and limit is not None and YEARS[m.age_band][0] <= limit
        )

    def serves(self, m, s: ServiceRow):
        youngest = s.min_age if s.min_age is not None else 0
        oldest = s.max_age if s.max_age is not None else 150
        low, high = YEARS[m.age_band]
        age = any(youngest <= year <= oldest for year in range(low, high + 1))
        age = age or (m.age_doubt and youngest < 18) or self.son(m, s)
        sex = m.sex == "unknown" or m.sex in s.sexes or self.son(m, s)
        return (
            age
            and sex
            and (s.takes_pregnant or not m.pregnant)
            and (s.access is None or m.access <= s.access)
        )

    def serves_all(self, s: ServiceRow):
        alone = len(self.facts.members) == 1
        return not (alone and s.for_families) and all(self.serves(m, s) for m in self.facts.members)

    def there(self, s: ServiceRow):
        too_soon = s.opens_at is not None and self.at < s.opens_at
        over = s.ends_at is not None and s.ends_at <= self.at
        return s.here and not too_soon and not over

    def consent(self, s: ServiceRow):
        if s.reached_by == "walk_in":
            return True
        for p in self.facts.may_tell:
            named = [
                *([p.organization == s.organization] if p.organization else []),
                *([p.capability == s.capability] if p.capability else []),
                *([not s.conditions & BLOCKING_CONDITIONS] if p.every_unconditional else []),
            ]
            if named and all(named):
                return True
        return False

    def safe(self, s: ServiceRow):
        f = self.facts
        return not (
            s.organization in f.excluded_organizations
            or f.excluded_areas & set(self.lineage(s.area))
            or any(f.excluded_actors & self.areas[one].held_by for one in self.lineage(s.area))
            or f.excluded_actors & {s.organization_kind, s.authority, *s.reports_to}
            or (f.state_security_implicated and s.security_actor)
            or (f.free_to_leave is False and not s.comes_to_person)
        )

    def confirmed(self, s: ServiceRow):
        c = self.capacity.get(s.id)
        if c is None or c.confirmed_at is None or (c.reported_free is None and s.unit != "none"):
            return 2
        age = self.at - c.confirmed_at
        return 0 if age <= timedelta(days=7) else 1 if age <= timedelta(days=30) else 2

    def room(self, s: ServiceRow):
        c = self.capacity.get(s.id, Capacity(None, 0, 0, None, 0))
        if s.unit == "none":
            return True
        if self.confirmed(s) == 2:
            return c.open_asks < 5
        return c.reported_free - c.held - c.placed_since >= len(self.facts.members)

    def first_failed(self, s: ServiceRow):
        """The code of the first filter that leaves it out, or None."""
        for code, passes in (
            ("authority", lambda: s.authority == "none"),
            ("capability", lambda: s.capability == self.facts.capability),
            ("reach", lambda: self.near(s) and self.path(s)),
            ("people_served", lambda: self.serves_all(s)),
            ("consent", lambda: self.consent(s)),
            ("safety", lambda: self.safe(s)),
            ("suspended", lambda: s.operating and self.there(s)),
            ("unconditional", lambda: not s.conditions & BLOCKING_CONDITIONS),
            ("unconfirmed", lambda: not s.existence_doubted),
            ("capacity", lambda: self.room(s)),
            ("already_asked", lambda: s.id not in self.asked),
        ):
            if not passes():
                return code
        return None

    def language(self, s: ServiceRow):
        def alike(a, b):
            return a == b or b in self.macro.get(a, ()) or a in self.macro.get(b, ())

        return any(alike(a, b) for a in self.facts.languages for b in s.languages)

    def distance(self, s: ServiceRow):
        if s.remote:
            return 0
        if s.area is None or self.facts.area in self.lineage(s.area):
            return 1
        point = (s.latitude, s.longitude) if s.latitude is not None else self.centre(s.area)
        km = km_between(self.centre(self.facts.area), point)
        return 5 if km is None else next((2 + i for i, m in enumerate((25, 100, 250)) if km < m), 5)

    def rank(self, s: ServiceRow):
        c = self.capacity.get(s.id)
        asks = c.open_asks if c else 0
        return (self.confirmed(s), not self.language(s), self.distance(s), asks, s.id)
