"""How the tests of pages read them: as a person would, without script."""

from __future__ import annotations

import re

from lxml import html


def read(response):
    """The parsed page; what is forbidden on every page is checked while reading."""
    text = response.content.decode()
    assert not re.search(r"\sstyle=|\son\w+=\"|javascript:", text)
    page = html.fromstring(text)
    assert all(script.get("src") for script in page.iter("script"))
    return page


def text_of(element) -> str:
    """Its words on one line, as they are read one after the other."""
    return re.sub(r" ([,.:])", r"\1", " ".join(" ".join(element.itertext()).split()))


def words(response) -> str:
    """All that can be read in the main part of the page."""
    return text_of(read(response).find(".//main"))


def listed_names(response) -> list[str]:
    return [one.text_content().strip() for one in read(response).xpath("//tbody//th/a")]


def shown_errors(response) -> list[str]:
    """The summary's lines. Each link leads to a control that says it is wrong and why."""
    page = read(response)
    for link in page.xpath("//*[@class='errors']//a"):
        control = page.get_element_by_id(link.get("href")[1:])
        why = control.get("aria-describedby", "").split()
        assert control.get("aria-invalid") == "true" or control.xpath("ancestor-or-self::fieldset")
        assert not why or any(page.get_element_by_id(one) is not None for one in why)
    return [text_of(one) for one in page.xpath("//*[@class='errors']//li")]
