from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    name = "referral.identity"
    label = "identity"
    verbose_name = _("Identity, sealed")
    default_auto_field = "django.db.models.BigAutoField"
