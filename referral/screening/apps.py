from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreeningConfig(AppConfig):
    name = "referral.screening"
    label = "screening"
    verbose_name = _("First look, sealed")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from referral import signals
        from referral.screening import demo

        signals.demonstrated.connect(demo.load, dispatch_uid="screening.demo")
