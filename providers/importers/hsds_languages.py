"""Languages of HSDS as ISO 639-3: by code of three letters or two, else by the English name."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils.translation import override

from providers.importers import hsds_fields as read
from providers.vocabulary import LANGUAGES

# ISO 639-1 → 639-3, of the languages that are spoken, or fled with, around the places we serve;
# a macrolanguage where the two letters mean one
TWO_LETTERS = {
    "aa": "aar", "am": "amh", "ar": "ara", "az": "aze", "bn": "ben", "de": "deu", "en": "eng",
    "es": "spa", "fa": "fas", "ff": "ful", "fr": "fra", "ha": "hau", "he": "heb", "hi": "hin",
    "hy": "hye", "id": "ind", "ig": "ibo", "it": "ita", "ja": "jpn", "ka": "kat", "kg": "kon",
    "kr": "kau", "ku": "kur", "lg": "lug", "ln": "lin", "mg": "mlg", "my": "mya", "ne": "nep",
    "ny": "nya", "om": "orm", "pa": "pan", "pl": "pol", "ps": "pus", "pt": "por", "rn": "run",
    "ro": "ron", "ru": "rus", "rw": "kin", "sd": "snd", "sg": "sag", "si": "sin", "sn": "sna",
    "so": "som", "ss": "ssw", "st": "sot", "sw": "swh", "ta": "tam", "tg": "tgk", "ti": "tir",
    "tk": "tuk", "tl": "tgl", "tn": "tsn", "tr": "tur", "ts": "tso", "uk": "ukr", "ur": "urd",
    "uz": "uzb", "vi": "vie", "wo": "wol", "xh": "xho", "yo": "yor", "zh": "zho", "zu": "zul",
}  # fmt: skip


def languages(document: dict[str, Any], *, where: str = "") -> tuple[tuple[str, ...], list[str]]:
    """(codes in the order of the file, those that are not known)."""
    codes: list[str] = []
    unknown: list[str] = []
    for path, one in read.parts(document, "languages", where=where):
        code = read.text(one, "code", where=path).lower()
        name = read.text(one, "name", where=path)
        found = _code(code, name)
        if found:
            codes.append(found)
        else:
            unknown.append(f"languages: {code or name or '?'}"[:60])
    return tuple(dict.fromkeys(codes)), unknown


def _code(code: str, name: str) -> str:
    if len(code) == 3 and code.isascii() and code.isalpha():
        return code
    return TWO_LETTERS.get(code.partition("-")[0]) or _by_name().get(name.lower(), "")


@cache
def _by_name() -> dict[str, str]:
    with override("en"):
        return {str(name).lower(): code for code, name in LANGUAGES.items()}
