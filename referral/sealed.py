"""Sealed text: AES-GCM, bound to its row and column, with key ids.

The database holds only ciphertext. A value copied to another row or column does not open.
"""

from __future__ import annotations

import base64
import json
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"
NONCE = 12  # bytes, as NIST SP 800-38D recommends


class UnableToOpen(Exception):
    """The key is missing, or the value does not belong to this row and column."""


@lru_cache(maxsize=4)
def _keys(configured: tuple[str, ...]) -> dict[bytes, AESGCM]:
    pairs = (one.split(":", 1) for one in configured)
    return {key_id.encode(): AESGCM(base64.urlsafe_b64decode(key)) for key_id, key in pairs}


def keys() -> dict[bytes, AESGCM]:
    """Key id → cipher, the writing key first. SEALING_KEYS: `id:base64,id:base64`."""
    return _keys(tuple(settings.SEALING_KEYS))


def seal(text: str, *, place: str) -> bytes:
    """Encrypt for one place: `app.model.field:primary key`. UnableToOpen without a key."""
    if not keys():
        raise UnableToOpen(f"{place}: this process was started without keys.")
    key_id, cipher = next(iter(keys().items()))
    nonce = os.urandom(NONCE)
    sealed = cipher.encrypt(nonce, text.encode(), place.encode())
    return VERSION + bytes([len(key_id)]) + key_id + nonce + sealed


def unseal(value: bytes, *, place: str) -> str:
    """Decrypt, or UnableToOpen. Any key that is configured opens; only the first one writes."""
    value = bytes(value)
    if value[:1] != VERSION:
        raise UnableToOpen(f"{place}: not a sealed value.")
    end = 2 + value[1]
    cipher = keys().get(value[2:end])
    if cipher is None:
        raise UnableToOpen(f"{place}: sealed with a key that is not configured.")
    try:
        opened = cipher.decrypt(value[end : end + NONCE], value[end + NONCE :], place.encode())
    except InvalidTag:
        raise UnableToOpen(f"{place}: the value does not belong here.") from None
    return opened.decode()


class Sealed:
    """A readable face of a BinaryField: `handover = Sealed("handover_sealed")`. JSON inside."""

    def __init__(self, column: str) -> None:
        self.column = column

    def _place(self, instance) -> str:
        return f"{instance._meta.label_lower}.{self.column}:{instance.pk}"

    def __get__(self, instance, owner=None) -> Any:
        if instance is None:
            return self
        value = getattr(instance, self.column)
        return json.loads(unseal(value, place=self._place(instance))) if value else None

    def __set__(self, instance, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False)
        sealed = seal(text, place=self._place(instance)) if value else None
        setattr(instance, self.column, sealed)
