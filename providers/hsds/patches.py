"""The files of the profile: JSON Merge Patches (RFC 7396) over the schemas of HSDS 3.1."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "profile"


@cache
def all_patches() -> dict[str, dict[str, Any]]:
    """By the name of the schema that each one changes, without `.json`."""
    files = sorted(FOLDER.glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def index(address: str) -> dict[str, Any]:
    """`address`: where the profile is served, with a slash at its end."""
    return {
        "name": "OpenNRM profile of HSDS",
        "description": (
            "For directories of help where a place can be a danger to those in it: a location that "
            "is withheld, P-codes of OCHA for areas, and taxonomies for what is asked for first, "
            "for people served, ways to a service, access and reports. Every document is also "
            "valid HSDS 3.1 unless it was asked for with profile=opennrm."
        ),
        "hsds_version": "3.1",
        "patches": {f"{name}.json": f"{address}{name}.json" for name in all_patches()},
    }


def apply(target: Any, patch: Any) -> Any:
    """RFC 7396: null removes, an object is merged, anything else takes the place of what was."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = apply(merged.get(name), value)
    return merged
