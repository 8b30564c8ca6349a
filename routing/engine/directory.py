"""One immutable snapshot of who can help and of the ways between places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from routing.engine.columns import Columns, is_prohibited
from routing.engine.reach import Terrain
from routing.engine.rows import AreaRow, Capacity, LinkRow, ServiceRow

__all__ = ["AreaRow", "Capacity", "Directory", "LinkRow", "ServiceRow", "UnknownService"]


class UnknownService(LookupError):
    """The service is not in this directory, so it cannot be checked."""


@dataclass(frozen=True, slots=True)
class Directory:
    """All a decision looks at but the volatile numbers; both versions go into its record."""

    version: str
    passability: int
    terrain: Terrain
    services: Mapping[str, ServiceRow]
    by_capability: Mapping[str, Columns]
    prohibited: int
    macrolanguages: Mapping[str, frozenset[str]]

    @classmethod
    def build(
        cls,
        services: Iterable[ServiceRow],
        areas: Iterable[AreaRow],
        links: Iterable[LinkRow],
        version: str,
        passability: int,
        macrolanguages: Mapping[str, frozenset[str]] | None = None,
    ) -> Directory:
        """Group services by capability; raises ValueError for a parent or link without its area."""
        terrain = Terrain.build(areas, links)
        by_id = {row.id: row for row in services}
        groups: dict[str, list[ServiceRow]] = defaultdict(list)
        for row in by_id.values():
            groups[row.capability].append(row)
        return cls(
            version=version,
            passability=passability,
            terrain=terrain,
            services=by_id,
            by_capability={
                code: Columns.build(rows, code, terrain) for code, rows in groups.items()
            },
            prohibited=sum(is_prohibited(row) for row in by_id.values()),
            macrolanguages=macrolanguages or {},
        )

    def offering(self, capability: str) -> Columns:
        """All services with this capability: possibly none."""
        return self.by_capability.get(capability) or Columns.build((), capability, self.terrain)

    def only(self, service_id: str) -> Columns:
        """One named service by itself; raises `UnknownService`."""
        if service_id not in self.services:
            raise UnknownService(
                f"service {service_id!r} is not in directory {self.version}: refresh it, ask again"
            )
        row = self.services[service_id]
        return Columns.build((row,), row.capability, self.terrain)

    def understood_as(self, languages: Iterable[str]) -> frozenset[str]:
        """These ISO 639-3 codes with their macrolanguages, and members of these (ruling 29)."""
        spoken = frozenset(languages)
        above = {macro for macro, members in self.macrolanguages.items() if members & spoken}
        return spoken.union(above, *(self.macrolanguages.get(one, ()) for one in spoken))
