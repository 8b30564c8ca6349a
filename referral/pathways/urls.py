from __future__ import annotations

from django.urls import path

from referral.pathways.views import choice, tracks

app_name = "pathways"
urlpatterns = [
    path("cases/<uuid:case_id>/ways/panel/", tracks.panel, name="panel"),
    path("ways/of/<uuid:member_id>/", choice.choose, name="choose"),
    path("ways/of/<uuid:member_id>/paper/", choice.paper, name="paper"),
    path("ways/of/<uuid:member_id>/about/", choice.about, name="about"),
    path("ways/<uuid:track_id>/", tracks.track, name="track"),
    path("ways/<uuid:track_id>/move/", tracks.move, name="move"),
    path("ways/<uuid:track_id>/time/", tracks.time, name="time"),
    path("ways/<uuid:track_id>/not-taken/", tracks.not_taken, name="not_taken"),
    path("ways/paper/<uuid:paper_id>/", tracks.set_paper, name="set_paper"),
    path("ways/time/<uuid:clock_id>/stop/", tracks.stop_time, name="stop_time"),
    path("ways/not-taken/<uuid:incident_id>/", tracks.seen_to, name="seen_to"),
    path("inbox/<uuid:referral_id>/ways/", tracks.of_request, name="of_request"),
]
