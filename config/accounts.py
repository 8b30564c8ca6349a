"""Sign-in: accounts are made by administrators, and the second factor's secrets are sealed."""

from __future__ import annotations

import base64
from functools import lru_cache

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import ngettext_lazy

# A text of Django’s that Django’s own Arabic lacks: named here, our catalogue has it.
PASSWORD_TOO_SHORT = ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def send_mail(self, template_prefix, email, context) -> None:
        """No mail leaves this product by itself: an inbox may be read by the wrong person."""


@lru_cache(maxsize=4)
def _fernet(configured: tuple[str, ...]) -> MultiFernet:
    """One cipher per sealing key, the writing key first, each derived for this purpose alone."""
    secrets = (base64.urlsafe_b64decode(one.split(":", 1)[1]) for one in configured)
    derived = (
        HKDF(SHA256(), length=32, salt=None, info=b"opennrm second factor").derive(secret)
        for secret in secrets
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return _fernet(tuple(settings.SEALING_KEYS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet(tuple(settings.SEALING_KEYS)).decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """A neutral word: it is shown on the lock screens of telephones."""
        return settings.SECOND_FACTOR_NAME
