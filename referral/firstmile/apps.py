from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FirstMileConfig(AppConfig):
    name = "referral.firstmile"
    label = "firstmile"
    verbose_name = _("Notes from the field")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from referral import signals
        from referral.firstmile import clock, demo

        signals.swept.connect(clock.swept, dispatch_uid="firstmile.swept")
        signals.demonstrated.connect(demo.load, dispatch_uid="firstmile.demo")
