"""Reads a page as a browser without scripts does: its forms with what they would send, and how it is marked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """An element with its attributes, its parents from the outermost, and the text directly and indirectly inside."""

    tag: str
    attributes: dict[str, str]
    parents: tuple["Element", ...]
    text: str = ""

    def within(self, tag: str) -> "Element | None":
        """The innermost parent of a kind."""
        return next((parent for parent in reversed(self.parents) if parent.tag == tag), None)


@dataclass
class Form:
    """A form: where it goes, and the fields a browser would send when nobody touched it."""

    element: Element
    fields: dict[str, list[str]] = field(default_factory=dict)

    @property
    def action(self) -> str:
        return self.element.attributes["action"]

    def filled(self, changes: Mapping[str, Any]) -> dict[str, list[str]]:
        """The fields with some of them changed; ``None`` leaves one out."""
        sent = {**self.fields}
        for name, value in changes.items():
            sent.pop(name, None)
            if value is not None:
                sent[name] = value if isinstance(value, list) else [value]
        return sent


class Page(HTMLParser):
    """A page, read whole."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.source = text
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert self._open == [], f"left open: {[each.tag for each in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open, f"</{tag}> closes nothing"
            assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        """Elements of some kinds, in order."""
        return [element for element in self.elements if element.tag in tags]

    def first(self, tag: str, **attributes: str) -> Element:
        """The first element of a kind with these attributes (``class_`` is one word of the class)."""
        for element in self.all(tag):
            words = element.attributes.get("class", "").split()
            others = {name: value for name, value in attributes.items() if name != "class_"}
            if attributes.get("class_", "") in (*words, "") and others.items() <= element.attributes.items():
                return element
        raise AssertionError(f"no <{tag}> {attributes}")

    def form(self, ending: str, **hidden: str) -> Form:
        """The form whose address ends so and which carries these fields."""
        for element in self.all("form"):
            form = Form(element, self._fields(element))
            if element.attributes["action"].endswith(ending) and all(
                form.fields.get(name) == [value] for name, value in hidden.items()
            ):
                return form
        raise AssertionError(f"no form to {ending} with {hidden}")

    def _fields(self, form: Element) -> dict[str, list[str]]:
        fields: dict[str, list[str]] = {}
        for element in self.elements:
            name = element.attributes.get("name", "")
            if form in element.parents and name and element.tag in ("input", "select", "textarea"):
                for value in self._sent(element):
                    fields.setdefault(name, []).append(value)
        return fields

    def _sent(self, element: Element) -> list[str]:
        if element.tag == "textarea":
            return [element.text.removeprefix("\n")]
        if element.tag == "select":
            options = [each for each in self.all("option") if element in each.parents]
            chosen = [each for each in options if "selected" in each.attributes] or options[:1]
            return [each.attributes.get("value", each.text) for each in chosen]
        if element.attributes.get("type") in ("radio", "checkbox") and "checked" not in element.attributes:
            return []
        return [element.attributes.get("value", "")]

    @property
    def asked(self) -> list[str]:
        """Facts that the engine asks next: those that do not stand in a part to unfold."""
        return [
            element.attributes["value"]
            for element in self.all("input")
            if element.attributes.get("name") == "asked" and not _is_folded(element)
        ]

    @property
    def judged(self) -> list[str]:
        """Requirements that wait for a finding."""
        names = (
            element.attributes["name"]
            for element in self.all("input")
            if element.attributes.get("name", "").startswith("findings.") and not _is_folded(element)
        )
        return list(dict.fromkeys(name.removeprefix("findings.") for name in names))

    @property
    def heading(self) -> str:
        return self.first("h1").text.strip()

    @property
    def faults(self) -> list[str]:
        """Lines of the error summary, its title first; nothing when there is none."""
        for element in self.all("div"):
            if element.attributes.get("id") == "faults":
                return [line.strip() for line in element.text.splitlines() if line.strip()]
        return []


def _is_folded(element: Element) -> bool:
    details = element.within("details")
    return details is not None and "more" in details.attributes.get("class", "").split()
