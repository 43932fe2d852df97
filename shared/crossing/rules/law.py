"""The law of one country on one day, compiled: every test a function, every class of admission an expression."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from crossing.rules.dates import current, in_force
from crossing.rules.dictionary import Text
from crossing.rules.errors import PackError, UnknownClass
from crossing.rules.operands import Operand, Path, parse_operand
from crossing.rules.operators import Test
from crossing.rules.parser import Parser
from crossing.rules.requirement import Requirement, as_of, cited, read_requirement
from crossing.rules.source import Source
from crossing.rules.tree import AllNode, AnyNode, Conditional, Leaf, Node

if TYPE_CHECKING:
    from crossing.rules.pack import Pack

_NODE_KEYS = "a requirement's id, section, all_of, any_of, when + then, or route + then"


Granted = TypeVar("Granted")


@dataclass(frozen=True)
class Conditioned(Generic[Granted]):
    """Something that is granted when its condition is met, or always."""

    condition: Leaf | None
    then: Granted


@dataclass(frozen=True)
class Fee:
    """What is paid, when its condition is met."""

    id: str
    text: Text
    citation: Text
    amount: str
    currency: str
    payer: str
    verified: bool


@dataclass(frozen=True)
class Grants:
    """What a class of admission grants to who qualifies."""

    class_code: str
    until: tuple[Conditioned[Operand], ...]
    fees: tuple[Conditioned[Fee], ...]
    status_documents: tuple[Conditioned[str], ...]


@dataclass(frozen=True)
class AdmissionClass:
    """A class of admission in force: its tree of requirements and its grants."""

    id: str
    code: str
    title: Text
    tree: Node
    grants: Grants
    provisions: tuple[str, ...]
    evaluate: Callable[..., int]


class Law:
    """The law in force on a day, with every class compiled.

    ``tests[n]`` and ``requirements[n]`` belong together; a number without a requirement is a condition of a tree.
    """

    def __init__(self, pack: "Pack", on: str) -> None:
        self.pack = pack
        self.dictionary = pack.dictionary
        self._content = pack.content
        self._on = on
        self._parser = Parser(pack.content, pack.dictionary, on)
        self._source = Source()
        self.tests: list[Test] = []
        self.requirements: list[Requirement | None] = []
        self.provisions: dict[str, Requirement] = {}
        self._numbers: dict[str, int] = {}
        self._provisions: list[str] = []
        self._read_requirements()
        self.outcomes: dict[str, Mapping[str, Any]] = {row["id"]: row for row in pack.content["outcomes"]}
        self.classes = self._compile_classes()

    def _read_requirements(self) -> None:
        for number, raw in enumerate(self._content["requirements"]):
            if not in_force(raw.get("in_force"), self._on):
                continue
            requirement = read_requirement(raw, self._on)
            if not requirement.is_tested:
                self.provisions[requirement.id] = requirement
                continue
            test = as_of(raw, self._on).get("test")
            if test is None:
                raise PackError(("requirements", number), f"{requirement.id} is no provision and needs a test")
            self._numbers[requirement.id] = self._add(test, ("requirements", number, "test"), requirement)

    def _add(self, raw: Any, where: Path, requirement: Requirement | None) -> int:
        self.tests.append(self._parser.test(raw, where))
        self.requirements.append(requirement)
        return len(self.tests) - 1

    def _compile_classes(self) -> dict[str, AdmissionClass]:
        read = [
            self._read_class(raw, ("classes", number))
            for number, raw in enumerate(self._content["classes"])
            if in_force(raw.get("in_force"), self._on)
        ]
        for number, test in enumerate(self.tests):
            requirement = self.requirements[number]
            finding = f"F.get({requirement.id!r})" if requirement else "None"
            name = self._source.function(test)
            self._source.chunk(
                f"def e{number}(f, F, o, S):\n    t = S[{number}] = {name}(f, {finding}, o)\n    return t\n"
            )
        self._source.chunk(f"E = [{', '.join(f'e{number}' for number in range(len(self.tests)))}]\n")
        for number, (_, tree, _, _) in enumerate(read):
            self._source.chunk(f"def c{number}(f, F, o, S):\n    return {tree.source()}\n")
        namespace = self._source.compile()
        self.evaluate_test: list[Callable[..., tuple[int, ...]]] = namespace["E"]
        return {
            raw["id"]: AdmissionClass(
                raw["id"],
                raw["code"],
                raw["title"],
                tree,
                grants,
                provisions,
                namespace[f"c{number}"],
            )
            for number, (raw, tree, grants, provisions) in enumerate(read)
        }

    def _read_class(
        self, raw: Mapping[str, Any], where: Path
    ) -> tuple[Mapping[str, Any], Node, Grants, tuple[str, ...]]:
        self._provisions = list(raw.get("provisions", ()))
        tree = self._node(raw["requires"], (*where, "requires"))
        return raw, tree, self._grants(raw["grants"], (*where, "grants")), tuple(dict.fromkeys(self._provisions))

    def _node(self, raw: Any, where: Path) -> Node:
        if isinstance(raw, str):
            return self._leaf(raw, where) or AllNode(())
        if not isinstance(raw, Mapping):
            raise PackError(where, f"expected {_NODE_KEYS}")
        keys = set(raw) - {"provisions"}
        if keys == {"section"}:
            return self._section(raw["section"], where)
        if keys in ({"all_of"}, {"any_of"}):
            (key,) = keys
            parts = (self._part(part, (*where, key, number)) for number, part in enumerate(raw[key]))
            return (AllNode if key == "all_of" else AnyNode)(tuple(part for part in parts if part))
        if keys in ({"when", "then"}, {"route", "then"}):
            key = "route" if "route" in keys else "when"
            condition = Leaf(self._add(raw[key], (*where, key), None))
            return Conditional(condition, self._node(raw["then"], (*where, "then")), key == "route")
        raise PackError(where, f"expected {_NODE_KEYS}")

    def _section(self, name: str, where: Path) -> Node:
        sections = self._content["sections"]
        if name not in sections:
            raise PackError(where, f"no section is called {name!r}")
        self._provisions.extend(sections[name].get("provisions", ()))
        return self._node(sections[name], ("sections", name))

    def _part(self, raw: Any, where: Path) -> Node | None:
        return self._leaf(raw, where) if isinstance(raw, str) else self._node(raw, where)

    def _leaf(self, requirement_id: str, where: Path) -> Leaf | None:
        """The leaf of a requirement; ``None`` while the requirement is not in force."""
        if requirement_id in self._numbers:
            return Leaf(self._numbers[requirement_id])
        if requirement_id in self.provisions:
            raise PackError(where, f"{requirement_id} is a provision and cannot be tested")
        if not any(raw["id"] == requirement_id for raw in self._content["requirements"]):
            raise PackError(where, f"no requirement is called {requirement_id!r}")
        return None

    def _grants(self, raw: Mapping[str, Any], where: Path) -> Grants:
        until = raw.get("until", {}).get("earliest", ())
        documents = raw.get("status_document")
        return Grants(
            class_code=raw["class"],
            until=tuple(
                self._conditioned(
                    entry, lambda then, place: parse_operand(self._parser, then, place), (*where, "until", number)
                )
                for number, entry in enumerate(until)
            ),
            fees=tuple(self._fees(raw.get("fees"), (*where, "fees"))),
            status_documents=tuple(
                self._conditioned(entry, lambda then, _: str(then), (*where, "status_document", number))
                for number, entry in enumerate(
                    documents if isinstance(documents, list) else [documents] if documents else []
                )
            ),
        )

    def _conditioned(self, raw: Any, read: Callable[[Any, Path], Granted], where: Path) -> "Conditioned[Granted]":
        """Something granted, or ``{when: test, then: something}``."""
        if isinstance(raw, Mapping) and set(raw) == {"when", "then"}:
            condition = Leaf(self._add(raw["when"], (*where, "when"), None))
            return Conditioned(condition, read(raw["then"], (*where, "then")))
        return Conditioned(None, read(raw, where))

    def _fees(self, raw: Mapping[str, Any] | None, where: Path) -> list[Conditioned[Fee]]:
        rows = self._parser.table(raw["table"], (*where, "table")) if raw else {}
        return [self._fee(rows[name], (*where, name)) for name in (raw["rows"] if raw else ()) if name in rows]

    def _fee(self, row: Mapping[str, Any], where: Path) -> Conditioned[Fee]:
        dated = current(row["amounts"], self._on)
        condition = Leaf(self._add(row["when"], (*where, "when"), None)) if "when" in row else None
        fee = Fee(
            row["id"],
            row["text"],
            cited(dated.get("citation") or row.get("citation", ""), self._on),
            str(dated["amount"]),
            row["currency"],
            row.get("payer", ""),
            dated.get("verified", row.get("verified", True)),
        )
        return Conditioned(condition, fee)

    def requirement(self, requirement_id: str) -> Requirement | None:
        """A requirement or provision in force."""
        number = self._numbers.get(requirement_id)
        return self.requirements[number] if number is not None else self.provisions.get(requirement_id)

    def number_of(self, requirement_id: str) -> int | None:
        """The number of a requirement that is tested."""
        return self._numbers.get(requirement_id)

    def sought(self, seeking: list[str]) -> list[AdmissionClass]:
        """The classes sought: by id, or by the first part of ids (``us.b1``); all when nothing is sought.

        Raises ``UnknownClass`` for what is no class in force on this day, naming those that are.
        """
        if not seeking:
            return list(self.classes.values())
        found: dict[str, AdmissionClass] = {}
        for position, name in enumerate(seeking):
            matching = [each for key, each in self.classes.items() if key == name or key.startswith(f"{name}.")]
            if not matching:
                raise UnknownClass(f"/seeking/{position}", "unknown_class", known=", ".join(self.classes))
            found.update((each.id, each) for each in matching)
        return list(found.values())

    @lru_cache(maxsize=3)  # noqa: B019 - a law lives as long as its pack; one entry for each language
    def static_parts(self, language: str) -> list[dict[str, Any]]:
        """What never changes of each requirement's entry in an answer, in a language."""
        return [self._static(requirement, language) if requirement else {} for requirement in self.requirements]

    def _static(self, requirement: Requirement, language: str) -> dict[str, Any]:
        documents = self.dictionary.documents
        return {
            "id": requirement.id,
            "kind": requirement.kind,
            "text": requirement.text[language],
            "citation": requirement.citation[language],
            "verified": requirement.verified,
            "evidence": [{"id": each, "text": documents[each][language]} for each in requirement.evidence],
        }
