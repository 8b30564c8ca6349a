"""What htmx does to a page, done to the parsed page: so that a swap can be compared with a reload.

    page = Swapped(full_page_html)
    page.swap(target="#found", how="outerHTML", answer=fragment_html)
    assert page.seen() == Swapped(reloaded_html).seen()

`follow` reads target and manner from the hx-attributes of the element itself.
"""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import html

EVERY_TIME_ANOTHER = {"csrfmiddlewaretoken", "once"}  # hidden fields that differ at every load


class Swapped:
    """A page as it stands in the browser."""

    def __init__(self, text: str) -> None:
        self.tree = html.document_fromstring(text)

    def find(self, place: str):
        """The one element at `#id` or at an XPath; none or two would go wrong in a browser too."""
        path = f"//*[@id='{place[1:]}']" if place.startswith("#") else place
        [one] = self.tree.xpath(path)
        return one

    def choose(self, **values: str) -> Swapped:
        """What a person does to a form before it is sent: selects and fields by their name."""
        for name, value in values.items():
            control = self.find(f"//main//*[@name='{name}']")
            if control.tag != "select":
                control.set("value", value)
                continue
            for option in control.iter("option"):
                option.attrib.pop("selected", None)
                if option.get("value") == value:
                    option.set("selected", "")
        return self

    def swap(self, *, target, how: str, answer: str) -> Swapped:
        """One answer: first what names its own place (hx-swap-oob), then the rest at the target."""
        pieces = html.fragment_fromstring(answer, create_parent="div")
        for piece in pieces.xpath(".//*[@hx-swap-oob]"):
            oob = piece.attrib.pop("hx-swap-oob")
            style = "outerHTML" if oob == "true" else oob
            drop(piece)
            self._put(self.find(f"#{piece.get('id')}"), style, piece, strip=style == "innerHTML")
        self._put(self.find(target) if isinstance(target, str) else target, how, pieces, strip=True)
        return self

    def follow(self, client, place: str, **query):
        """Do what htmx 4 does once the element there, with hx-get, is triggered.

        Returns the element at the target as it was, to look for what became of it.
        """
        element = self.find(place)
        headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
        answer = client.get(element.get("hx-get"), query, headers=headers)
        assert answer.status_code == 200, answer.status_code
        target = self.find(element.get("hx-target")) if element.get("hx-target") else element
        how = element.get("hx-swap", "innerHTML")
        self.swap(target=target, how=how, answer=answer.content.decode())
        return target

    def _put(self, target, how: str, source, *, strip: bool) -> None:
        new = deepcopy(source)
        content = list(new) if strip else [new]
        text = (new.text or "") if strip else ""
        if how == "innerHTML":
            for child in list(target):
                target.remove(child)
            target.text = text
            target.extend(content)
        elif how == "outerHTML":
            after, parent, place = target.tail, target.getparent(), target.getparent().index(target)
            target.tail = None
            parent.remove(target)
            for offset, one in enumerate(content):
                parent.insert(place + offset, one)
            content[-1].tail = (content[-1].tail or "") + (after or "")
        else:
            raise NotImplementedError(f"no page of ours swaps by {how}")

    def seen(self, place: str = "//body") -> str:
        """The page normalized: white space, the order of attributes, and tokens do not count."""
        return "\n".join(lines(self.find(place)))


def inner(element) -> list[str]:
    """What is in an element, normalized as in `seen`."""
    return [line.strip() for line in lines(element)][1:]


def drop(element) -> None:
    """Out of its parent, and the text behind it stays."""
    before, parent = element.getprevious(), element.getparent()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    element.tail = None
    parent.remove(element)


def lines(element, depth: int = 0):
    """One line for each element and each text."""
    if not isinstance(element.tag, str):
        return
    facts = dict(element.attrib)
    if facts.get("name") in EVERY_TIME_ANOTHER:
        facts["value"] = "…"
    shown = " ".join(f'{name}="{" ".join(facts[name].split())}"' for name in sorted(facts))
    yield f"{' ' * depth}<{element.tag} {shown}>"
    if text := squeezed(element.text):
        yield f"{' ' * depth} {text}"
    for child in element:
        yield from lines(child, depth + 1)
        if text := squeezed(child.tail):
            yield f"{' ' * depth} {text}"


def squeezed(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip()
