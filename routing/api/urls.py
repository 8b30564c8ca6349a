"""Addresses of the router under /api/v1/."""

from __future__ import annotations

from django.urls import path

from routing.api import views

urlpatterns = [
    path("needs/<uuid:need_id>/decision/", views.LatestDecision.as_view(), name="need-decision"),
    path("needs/<uuid:need_id>/choose/", views.ChooseService.as_view(), name="need-choose"),
    path("needs/<uuid:need_id>/choose-all/", views.ChooseAll.as_view(), name="need-choose-all"),
    path("decisions/<uuid:decision_id>/", views.OneDecision.as_view(), name="decision"),
]
