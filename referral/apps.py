from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralConfig(AppConfig):
    name = "referral"
    verbose_name = _("Cases and referrals")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from providers import signals
        from referral.services import evacuations

        signals.evacuating.connect(
            evacuations.place_is_evacuated, dispatch_uid="referral.evacuating"
        )
        signals.something_changed.connect(
            evacuations.something_changed, dispatch_uid="referral.something_changed"
        )
