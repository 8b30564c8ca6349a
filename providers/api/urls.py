"""Addresses of the directory under /api/v1/; `config/urls.py` puts the apps' parts together."""

from __future__ import annotations

from django.urls import path

from providers.api import changes, contact, situation, views

OWN = "availability/"
ONE = f"{OWN}<uuid:service_id>/"
SERVICE = "services/<uuid:service_id>/"
CHANGE = "changes/<uuid:change_id>/"
urlpatterns = [
    path("schema/", views.Description.as_view(), name="schema"),
    path("me/", views.Me.as_view(), name="me"),
    path("areas/", views.Areas.as_view(), name="areas"),
    path("organizations/", views.Organizations.as_view(), name="organizations"),
    path("services/", views.Services.as_view(), name="services"),
    path("services/<uuid:service_id>/", views.OneService.as_view(), name="service"),
    path("services/<uuid:service_id>/states/", situation.Periods.as_view(), name="states"),
    path("services/<uuid:service_id>/evacuate/", situation.Evacuate.as_view(), name="evacuate"),
    path("area-reports/", situation.AreaReports.as_view(), name="area-reports"),
    path("area-reports/add/", situation.SomethingChanged.as_view(), name="area-report-add"),
    path(
        "area-reports/<uuid:report_id>/renew/",
        situation.RenewAreaReport.as_view(),
        name="area-report-renew",
    ),
    path(
        "area-reports/<uuid:report_id>/end/",
        situation.EndAreaReport.as_view(),
        name="area-report-end",
    ),
    path("way-reports/add/", situation.WayClosed.as_view(), name="way-report-add"),
    path(
        "way-reports/<uuid:report_id>/end/",
        situation.EndWayReport.as_view(),
        name="way-report-end",
    ),
    path("reviews/<uuid:review_id>/", situation.DecideReview.as_view(), name="review"),
    path("mechanisms/", situation.Mechanisms.as_view(), name="mechanisms"),
    path("places/", views.Places.as_view(), name="places"),
    path(OWN, views.OwnServices.as_view(), name="availability"),
    path(f"{OWN}confirm-all/", views.ConfirmAllNumbers.as_view(), name="availability-confirm-all"),
    path(f"{ONE}confirm/", views.ConfirmNumber.as_view(), name="availability-confirm"),
    path(f"{ONE}more/", views.SayMore.as_view(), name="availability-more"),
    path(f"{ONE}split/", views.SplitPlaces.as_view(), name="availability-split"),
    path(f"{ONE}join/", views.JoinPlaces.as_view(), name="availability-join"),
    path(f"{SERVICE}phones/", contact.KeepPhones.as_view(), name="service-phones"),
    path(f"{SERVICE}texts/", contact.KeepTexts.as_view(), name="service-texts"),
    path(f"{ONE}close/", views.CloseService.as_view(), name="availability-close"),
    path(f"{ONE}reopen/", views.ReopenService.as_view(), name="availability-reopen"),
    path(f"{SERVICE}changes/", changes.ServiceChanges.as_view(), name="service-changes"),
    path(f"{SERVICE}propose/", changes.ProposeChange.as_view(), name="service-propose"),
    path("changes/", changes.Changes.as_view(), name="changes"),
    path(CHANGE, changes.OneChange.as_view(), name="change"),
    path(f"{CHANGE}approve/", changes.ApproveChange.as_view(), name="change-approve"),
    path(f"{CHANGE}refuse/", changes.RefuseChange.as_view(), name="change-refuse"),
    path(f"{CHANGE}keep/", changes.KeepChange.as_view(), name="change-keep"),
    path(f"{CHANGE}withdraw/", changes.WithdrawChange.as_view(), name="change-withdraw"),
    path(f"{CHANGE}undo/", changes.UndoChange.as_view(), name="change-undo"),
]
