from __future__ import annotations

from django.urls import path

from referral.voice.views import listening, own, staff

app_name = "voice"
urlpatterns = [
    path("own/", own.enter, name="enter"),
    path("own/page/", own.overview, name="own"),
    path("own/copy/", own.copy, name="copy"),
    path("own/say/", own.say, name="say"),
    path("own/take-back/", own.take_back, name="take_back"),
    path("own/how/<uuid:referral_id>/", own.tell, name="tell"),
    path("own/end/", own.end, name="end"),
    path("cases/<uuid:case_id>/own-way/", staff.way, name="way"),
    path("cases/<uuid:case_id>/own-way/panel/", staff.panel, name="panel"),
    path("cases/<uuid:case_id>/own-way/end/", staff.end, name="end_way"),
    path("cases/<uuid:case_id>/own-way/asked/", staff.listen, name="listen"),
    path("said/", listening.asks, name="asks"),
    path("said/<uuid:ask_id>/", listening.ask, name="ask"),
    path("said/services/", listening.of_services, name="services"),
    path("incidents/", listening.incidents, name="incidents"),
    path("incidents/<uuid:incident_id>/close/", listening.close_incident, name="close_incident"),
]
