from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PathwaysConfig(AppConfig):
    name = "referral.pathways"
    label = "pathways"
    verbose_name = _("Pathways, sealed")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from referral import signals
        from referral.pathways import demo, services

        signals.merged.connect(services.merged, dispatch_uid="pathways.merged")
        signals.swept.connect(services.swept, dispatch_uid="pathways.swept")
        signals.demonstrated.connect(demo.load, dispatch_uid="pathways.demo")
