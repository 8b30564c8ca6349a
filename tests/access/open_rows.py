"""What is answered where no role is asked: sign-in and its like, cards, notes, the own page."""

from __future__ import annotations

# sign-in and its like: the same for everybody who is signed in. By method, in the order of METHODS
LED_AWAY = "302 302 302 302 302 302 302"
REFUSED = "404 404 404 404 404 404 404"
BACK_TO_THE_DOOR = "302 302 302 405 405 405 405"
WITHOUT_A_CODE = {"strangers": BACK_TO_THE_DOOR, "signed in": BACK_TO_THE_DOOR}
OF_A_CODE = ("voice:own", "voice:copy", "voice:say", "voice:take_back", "voice:tell", "voice:end")
ACCOUNT_ROWS: dict[str, dict[str, str]] = {
    "account_login": {"strangers": "200 200 200 200 405 405 200", "signed in": LED_AWAY},
    "account_logout": {
        "strangers": "302 302 302 405 405 405 200",
        "signed in": "200 200 302 405 405 405 200",
    },
    "account_inactive": {
        "strangers": "200 200 405 405 405 405 200",
        "signed in": "200 200 405 405 405 405 200",
    },
    "account_reauthenticate": {
        "strangers": LED_AWAY,
        "signed in": "200 200 200 200 405 405 200",
    },
    "account_change_password": {
        "strangers": LED_AWAY,
        "signed in": "200 200 200 200 405 405 200",
    },
    "mfa_index": {"strangers": LED_AWAY, "signed in": "200 200 405 405 405 405 200"},
    "mfa_authenticate": {"strangers": LED_AWAY, "signed in": LED_AWAY},
    "mfa_reauthenticate": {"strangers": LED_AWAY, "signed in": LED_AWAY},
    "mfa_activate_totp": {"strangers": LED_AWAY, "signed in": LED_AWAY},
    "mfa_deactivate_totp": {"strangers": LED_AWAY, "signed in": REFUSED},
    "mfa_view_recovery_codes": {
        "strangers": LED_AWAY,
        "signed in": "404 404 405 405 405 405 200",
    },
    "mfa_generate_recovery_codes": {"strangers": LED_AWAY, "signed in": LED_AWAY},
    "mfa_download_recovery_codes": {"strangers": LED_AWAY, "signed in": REFUSED},
    "set_language": {"strangers": LED_AWAY, "signed in": LED_AWAY},
    # for everybody, without account; what is sent without anything is sent back
    "firstmile:note": {
        "strangers": "200 200 200 405 405 405 405",
        "signed in": "200 200 200 405 405 405 405",
    },
    "firstmile:look": {
        "strangers": "200 200 422 405 405 405 405",
        "signed in": "200 200 422 405 405 405 405",
    },
    # what is used, over or was never made is nobody's, whoever asks
    "providers:confirm": {
        "strangers": "404 404 404 405 405 405 405",
        "signed in": "404 404 404 405 405 405 405",
    },
    # whoever has a code comes in; without one that is open in this session, back to the door
    "voice:enter": {
        "strangers": "200 200 422 405 405 405 405",
        "signed in": "200 200 422 405 405 405 405",
    },
    **{one: WITHOUT_A_CODE for one in OF_A_CODE},
    # the pocket card is anybody's, and tells nothing of anybody
    "screening:card": {
        "strangers": "200 200 405 405 405 405 405",
        "signed in": "200 200 405 405 405 405 405",
    },
    "screening:card_worker": {
        "strangers": "200 200 405 405 405 405 405",
        "signed in": "200 200 405 405 405 405 405",
    },
    # a link works where a form may not, and whoever leaves is asked nothing
    "leave": {
        "strangers": "200 200 200 200 200 200 200",
        "signed in": "200 200 200 200 200 200 200",
    },
}
