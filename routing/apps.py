from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoutingConfig(AppConfig):
    name = "routing"
    verbose_name = _("Router")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from referral import signals
        from routing import nudge

        signals.need_due.connect(nudge.nudge, dispatch_uid="routing.nudge")
        signals.need_overdue.connect(nudge.do_now, dispatch_uid="routing.do_now")
