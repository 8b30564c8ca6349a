"""Finds the same name again without reading one: keyed digests, within one organization.

The key follows from the house's sealing keys, the organization is part of what is digested: what
another organization wrote never looks alike, in the database neither.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Iterator

from django.conf import settings

PURPOSE = b"opennrm: blind index of identity"
ALIKE = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و"})
SHORTEST_NUMBER = 7  # digits: less is no telephone
OF_A_NUMBER = 9  # its last digits, the same with and without a country's code


def keys() -> dict[str, bytes]:
    """Key id → key of the index, the writing key first."""
    pairs = (one.split(":", 1) for one in settings.SEALING_KEYS)
    return {
        key_id: hmac.new(base64.urlsafe_b64decode(key), PURPOSE, hashlib.sha256).digest()
        for key_id, key in pairs
    }


def plain_name(text: str) -> str:
    """One spelling of many: no accents, no capitals, no order of the parts."""
    plain = unicodedata.normalize("NFKD", text.translate(ALIKE)).casefold()
    letters = "".join(" " if not one.isalnum() else one for one in plain if not _is_mark(one))
    return " ".join(sorted(letters.split()))


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Cf") or letter == "ـ"


def plain_number(text: str) -> str:
    digits = "".join(str(unicodedata.digit(one)) for one in text if one.isdigit())
    return digits[-OF_A_NUMBER:] if len(digits) >= SHORTEST_NUMBER else ""


def told_apart(*, name: str, contact: str, bands: set[str]) -> Iterator[tuple[str, str]]:
    """(kind, what is digested): a name with the age of somebody of the case; a number."""
    if plain := plain_name(name):
        for band in sorted(bands):
            yield "name", f"{plain}|{band}"
    if number := plain_number(contact):
        yield "number", number


def digest(key: bytes, *, organization: str, kind: str, text: str) -> str:
    message = "\x1f".join((organization, kind, text)).encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
