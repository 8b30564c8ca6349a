"""Which area a file means: pure. P-code first, then the point, then the names within the parent.

Nothing is guessed. Where what the file says points to two places, or to none but a near one, the
answer is Doubtful with candidates, for a person to choose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from uuid import UUID

from providers.geography import Boundaries
from providers.importers.listing import AreaTold
from providers.importers.reasons import because

MOST_CANDIDATES = 6
NEAR = 0.75  # of difflib's ratio: “Magwi” and “Magwe”, not “Juba” and “Duk”
KINDS_OF_AREA = re.compile(r"\b(county|state|province|district|governorate|region)\b")
Point = tuple[float, float]  # latitude, longitude


@dataclass(frozen=True, slots=True)
class Known:
    """One area that we have."""

    id: UUID
    pcode: str
    version: str
    name: str
    level: int
    parent: UUID | None
    country: str
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing a person may choose. `point`: kept | swapped | dropped."""

    area: UUID
    how: str  # code | point | swapped | name
    point: str = "kept"


@dataclass(frozen=True, slots=True)
class Found:
    area: Known
    point: str = "kept"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """`written` is what the question is about: rows with the same are one question."""

    written: str
    column: str
    reason: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    column: str
    reason: str


Match = Found | Doubtful | Unknown


def plain(name: str) -> str:
    """A name without case, accents, punctuation and words such as “county”; any script."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(one for one in bare if not unicodedata.combining(one))
    return re.sub(r"[\W_]", "", KINDS_OF_AREA.sub(" ", bare)) or re.sub(r"[\W_]", "", bare)


def written(told: AreaTold) -> str:
    """What stands in the file for this area, as an alias keeps it: the code, else the names."""
    if told.pcode:
        return f"code {told.pcode.strip().casefold()}"[:200]
    return "/".join(plain(one) for one in told.names if plain(one))[:200]


class Areas:
    """All areas by code, name and place. `aliases`: (written, area) as people decided."""

    def __init__(
        self,
        areas: Iterable[Known],
        *,
        aliases: Iterable[tuple[str, UUID]] = (),
        boundaries: Boundaries | None = None,
    ) -> None:
        self.by_id = {one.id: one for one in areas}
        self.boundaries = boundaries
        self.aliases: dict[str, set[UUID]] = {}
        for words, area in aliases:
            self.aliases.setdefault(words, set()).add(area)
        self.by_code: dict[str, list[Known]] = {}
        self.by_name: dict[str, list[Known]] = {}
        self.without_zeros: dict[str, list[Known]] = {}
        for one in self.by_id.values():
            self.by_code.setdefault(one.pcode.casefold(), []).append(one)
            if one.pcode.isdigit():
                self.without_zeros.setdefault(one.pcode.lstrip("0"), []).append(one)
            self.by_name.setdefault(plain(one.name), []).append(one)
        self._seen: dict[tuple, Match] = {}

    def match(self, told: Sequence[tuple[AreaTold, Point | None]]) -> list[Match]:
        """One answer for each (what is said, where the place is)."""
        points = sorted({point for _area, point in told if point and point != (0.0, 0.0)})
        held = self._held(points)
        outside = [one for one in points if held[one] is None]
        turned = self._held([(b, a) for a, b in outside if abs(b) <= 90])
        return [self._one(area, point, held, turned) for area, point in told]

    def _held(self, points: Sequence[Point]) -> dict[Point, Known | None]:
        if self.boundaries is None:
            return dict.fromkeys(points)
        codes = self.boundaries.place(points=points)
        return {
            point: self.of_code(code) if code else None
            for point, code in zip(points, codes, strict=True)
        }

    def of_code(self, code: str, version: str = "") -> Known | None:
        """The area of this code: of that version where it is in force, else today's, else the
        retired one of that version, else any retired one."""
        found = self.by_code.get(code.strip().casefold(), [])
        ranked = sorted(found, key=lambda one: (one.retired, one.version != version, one.version))
        return ranked[0] if ranked else None

    def is_drawn(self, area: Known) -> bool:
        return self.boundaries is not None and (
            area.pcode in self.boundaries.by_pcode
            or any(one.parent == area.pcode for one in self.boundaries.all)
        )

    def _one(self, told: AreaTold, point: Point | None, held, turned) -> Match:
        nowhere = point == (0.0, 0.0)
        real = None if nowhere else point
        if real is None:
            key = (told.pcode, told.version, told.names)
            if key not in self._seen:
                self._seen[key] = self._looked_up(told, None, held, turned)
            answer = self._seen[key]
        else:
            answer = self._looked_up(told, real, held, turned)
        if nowhere and isinstance(answer, Found):
            return Found(answer.area, "dropped", "Coordinates 0, 0 are no place: left out.")
        return answer

    def _looked_up(self, told: AreaTold, point: Point | None, held, turned) -> Match:
        said = self._by_code(told) if told.pcode else self._by_alias(told)
        if isinstance(said, Found):
            return self._with_point(told, said, point, held, turned)
        return self._without_code(told, point, held, turned)

    # ----------------------------------------------------------------- by code and by alias
    def _by_code(self, told: AreaTold) -> Match | None:
        code = told.pcode.strip()
        alias = self._by_alias(told)
        found = self.of_code(code, told.version)
        if found and not found.retired:
            return Found(found)
        if isinstance(alias, Found):
            return Found(alias.area, note=f"{code} is known as {alias.area.pcode}.")
        if found:
            return Found(found, note=f"{code} is a code of {found.version}, retired since.")
        bare = code.lstrip("0") if code.isdigit() else None
        padded = [one for one in self.without_zeros.get(bare, []) if not one.retired]
        if len(padded) == 1:
            return Found(padded[0], note=f"{code} was read as {padded[0].pcode}.")
        return None

    def _by_alias(self, told: AreaTold) -> Match | None:
        known = self.aliases.get(written(told), set())
        return Found(self.by_id[next(iter(known))]) if len(known) == 1 else None

    # ----------------------------------------------------------------- with a point
    def _with_point(self, told, said: Found, point, held, turned) -> Match:
        if point is None or not self.is_drawn(said.area):
            return said
        there = held[point]
        if there and self._inside(there, said.area):
            finer = said.area if there.level <= said.area.level or told.pcode else there
            return Found(finer, note=said.note)
        swapped = turned.get((point[1], point[0]))
        what = told.pcode or " / ".join(told.names)
        if there is None and swapped and self._inside(swapped, said.area):
            return Doubtful(
                f"swapped {said.area.pcode}",
                "latitude, longitude",
                f"{_shown(point)} lies outside, but the other way round it lies in {said.area.name}"
                ". Are latitude and longitude swapped?",
                (
                    Candidate(said.area.id, "swapped", "swapped"),
                    Candidate(said.area.id, "code", "dropped"),
                ),
            )
        where = f"in {there.name} ({there.pcode})" if there else "in no area that we have a map of"
        candidates = [Candidate(said.area.id, "code", "dropped")]
        if there:
            candidates.append(Candidate(there.id, "point", "kept"))
        return Doubtful(
            f"{written(told)} or {there.pcode if there else 'outside'}",
            "area, latitude, longitude",
            f"The file says {what} ({said.area.name}), but the coordinates lie {where}.",
            tuple(candidates),
        )

    def _inside(self, area: Known, outer: Known) -> bool:
        while area is not None:
            if area.id == outer.id:
                return True
            area = self.by_id.get(area.parent)
        return False

    def _without_code(self, told: AreaTold, point, held, turned) -> Match:
        there = held[point] if point else None
        named = self._by_names(told) if told.names else Unknown("area", "")
        if told.pcode:
            return self._unknown_code(told, there, named)
        if there:
            if isinstance(named, Found):
                return self._with_point(told, named, point, held, turned)
            return Found(there, note=self._name_note(told, there))
        if isinstance(named, Found) and point:
            return self._with_point(told, named, point, held, turned)
        if told.names:
            return named
        if point:
            swapped = turned.get((point[1], point[0]))
            if swapped:
                return Doubtful(
                    f"swapped {swapped.pcode}",
                    "latitude, longitude",
                    f"{_shown(point)} lies in no area; the other way round it lies in "
                    f"{swapped.name}. Are latitude and longitude swapped?",
                    (Candidate(swapped.id, "swapped", "swapped"),),
                )
            return Unknown(
                "latitude, longitude",
                f"{_shown(point)} lies in no area that we have a map of. Write the area’s code.",
            )
        return Unknown("area", because("no_area"))

    def _name_note(self, told: AreaTold, there: Known) -> str:
        if not told.names or plain(told.names[-1]) == plain(there.name):
            return ""
        return f"The row says {told.names[-1]}; its point lies in {there.name}."

    def _unknown_code(self, told: AreaTold, there: Known | None, named: Match) -> Match:
        candidates = [Candidate(there.id, "point")] if there else []
        if isinstance(named, Found) and (there is None or named.area.id != there.id):
            candidates.append(Candidate(named.area.id, "name", "dropped" if there else "kept"))
        if isinstance(named, Doubtful):
            candidates += named.candidates
        if candidates:
            return Doubtful(
                written(told),
                "area code",
                f"No area has the code {told.pcode}. Which one is meant?",
                tuple(candidates[:MOST_CANDIDATES]),
            )
        return Unknown(
            "area code", f"no area has the code {told.pcode}. Expected one such as SS0101."
        )

    # ----------------------------------------------------------------- by name
    def _by_names(self, told: AreaTold) -> Match:
        names = [plain(one) for one in told.names if plain(one)]
        if not names:
            return Unknown("area", because("no_area"))
        same = [one for one in self.by_name.get(names[-1], []) if self._reads(one, names[:-1])]
        current = [one for one in same if not one.retired] or same
        finest = [one for one in current if one.level == max(c.level for c in current)]
        if len(finest) == 1:
            return Found(finest[0])
        shown = " / ".join(told.names)
        if finest:
            reason = because("many_areas", n=len(finest), name=shown)
            return self._ask(told, reason, finest)
        elsewhere = [one for one in self.by_name.get(names[-1], []) if not one.retired]
        if elsewhere:
            reason = because("elsewhere", name=told.names[-1], above=told.names[-2])
            return self._ask(told, reason, elsewhere)
        within = self._children(names[:-1])
        near = get_close_matches(names[-1], sorted(within), n=MOST_CANDIDATES, cutoff=NEAR)
        if near:
            reason = because("like_areas", name=shown)
            return self._ask(told, reason, [area for name in near for area in within[name]])
        return Unknown("area", because("unknown_area", name=shown))

    def _reads(self, area: Known, ancestors: Sequence[str]) -> bool:
        """Whether every name before the last is one of an area that holds this one."""
        above = []
        while (parent := self.by_id.get(area.parent)) is not None:
            above.append(plain(parent.name))
            area = parent
        return all(one in above for one in ancestors)

    def _children(self, ancestors: Sequence[str]) -> dict[str, list[Known]]:
        found: dict[str, list[Known]] = {}
        parents = {one.id for name in ancestors[-1:] for one in self.by_name.get(name, [])}
        for one in self.by_id.values():
            if not one.retired and (not parents or one.parent in parents):
                found.setdefault(plain(one.name), []).append(one)
        return found

    def _ask(self, told: AreaTold, reason: str, areas: Sequence[Known]) -> Doubtful:
        chosen = sorted(areas, key=lambda one: (one.pcode, one.version))[:MOST_CANDIDATES]
        return Doubtful(
            written(told), "area", reason, tuple(Candidate(one.id, "name") for one in chosen)
        )


def _shown(point: Point) -> str:
    return f"Latitude {point[0]:g}, longitude {point[1]:g}"
