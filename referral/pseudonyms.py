"""Names that say nothing: a plant or bird and a number, never from a name or trait."""

from __future__ import annotations

import secrets

from providers.models import Organization
from referral.models import Case

WORDS = [
    "Acacia",
    "Aloe",
    "Baobab",
    "Basil",
    "Bulbul",
    "Cassia",
    "Cedar",
    "Cordia",
    "Crane",
    "Dove",
    "Ebony",
    "Egret",
    "Fern",
    "Fig",
    "Finch",
    "Grebe",
    "Heron",
    "Hornbill",
    "Ibis",
    "Indigo",
    "Ironwood",
    "Jasmine",
    "Juniper",
    "Kapok",
    "Kestrel",
    "Kingfisher",
    "Lark",
    "Laurel",
    "Lily",
    "Lotus",
    "Mahogany",
    "Mallow",
    "Mango",
    "Marula",
    "Mimosa",
    "Moringa",
    "Myrtle",
    "Neem",
    "Oriole",
    "Osprey",
    "Palm",
    "Papyrus",
    "Plover",
    "Quail",
    "Reed",
    "Roller",
    "Sage",
    "Sandpiper",
    "Sesame",
    "Shea",
    "Sorghum",
    "Stork",
    "Sunbird",
    "Swallow",
    "Swift",
    "Sycamore",
    "Tamarind",
    "Teak",
    "Tern",
    "Thyme",
    "Turaco",
    "Wagtail",
    "Warbler",
    "Weaver",
    "Willow",
]
LARGEST = 99


def new_pseudonym(organization: Organization) -> str:
    """A free one for this organization. When all are taken, numbers grow."""
    taken = set(Case.objects.filter(organization=organization).values_list("pseudonym", flat=True))
    largest = LARGEST
    while True:
        for _try in range(200):
            name = f"{secrets.choice(WORDS)} {secrets.randbelow(largest) + 1}"
            if name not in taken:
                return name
        largest *= 10
