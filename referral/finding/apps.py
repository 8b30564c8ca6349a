from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FindingConfig(AppConfig):
    name = "referral.finding"
    label = "finding"
    verbose_name = _("What a specialist found, sealed")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from referral import signals
        from referral.finding import demo, services

        signals.told_anew.connect(services.told_anew, dispatch_uid="finding.told_anew")
        signals.demonstrated.connect(demo.load, dispatch_uid="finding.demo")
