"""The primary keys of imported rows: UUIDv5 of source and source id, the same on every machine."""

from __future__ import annotations

from functools import lru_cache
from uuid import NAMESPACE_OID, UUID, uuid5

NAMESPACE = uuid5(NAMESPACE_OID, "opennrm.directory")


@lru_cache(maxsize=4096)
def stable_id(*words: str) -> UUID:
    """The same words give the same key; no two different lists of words do."""
    return uuid5(NAMESPACE, "\x1f".join(words))
