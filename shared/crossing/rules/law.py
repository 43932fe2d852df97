"""The law of one country on one day, compiled: every test a function, every class of admission an expression."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from crossing.rules.dates import current, in_force, value_on
from crossing.rules.dictionary import Text
from crossing.rules.errors import PackError, UnknownClass
from crossing.rules.operands import DAY, Operand, Path, parse_operand
from crossing.rules.operators import Teller, Test, column_of
from crossing.rules.parser import Parser
from crossing.rules.phrases import LANGUAGES
from crossing.rules.requirement import Requirement, as_of, cited, read_requirement
from crossing.rules.ruled import never_ruled
from crossing.rules.source import Source
from crossing.rules.status import MET, NOT_MET, UNKNOWN
from crossing.rules.tree import AllNode, AnyNode, Conditional, Leaf, Node, Statuses
from crossing.rules.voice import Voice

if TYPE_CHECKING:
    from crossing.rules.pack import Pack

#: Most shapes of an answer that are kept for a class, and most that are kept with their texts for a law.
_MOST_KEPT = 1_024
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
    mask: int
    requirements: frozenset[int]
    shapes: "dict[int, Shape]" = field(default_factory=dict, compare=False, repr=False)

    def shape(self, statuses: Statuses, words: int) -> "Shape":
        """What the statuses make of the class; kept, since many cases come to the same statuses.

        ``words`` are the statuses of all tests as one number, a byte for each.
        """
        key = words & self.mask
        found = self.shapes.get(key)
        if found is None:
            if len(self.shapes) >= _MOST_KEPT:
                self.shapes.clear()
            found = self.shapes[key] = self._shape(statuses)
        return found

    def _shape(self, statuses: Statuses) -> "Shape":
        own, shown = self.tree.status(statuses), tuple(dict.fromkeys(self.tree.shown(statuses)))
        words = {number: trace[-1] if (trace := statuses[number]) else UNKNOWN for number in shown}
        if own == NOT_MET:
            deciding = [number for number in dict.fromkeys(self.tree.failing(statuses)) if number in self.requirements]
        else:
            deciding = [number for number, word in words.items() if word == own != MET]
        still_open = {leaf.number for leaf in self.tree.open(statuses)} if own not in (MET, NOT_MET) else ()
        return Shape(shown, tuple(deciding), len(still_open))


class Shape(NamedTuple):
    """What some statuses make of a class: the numbers of the requirements that bear on the answer, in the order of its
    tree, those for which it came out as it did, and how many tests are still open."""

    shown: tuple[int, ...]
    deciding: tuple[int, ...]
    open: int


class Scope(NamedTuple):
    """To whom an overlay applies: a condition, and what it says in words."""

    condition: Leaf
    overlay: str
    text: Text


class Line(NamedTuple):
    """One requirement of an answer, as far as the law knows it: what never changes of it, and what says why.

    ``paths`` are those of the facts it reads, ``None`` where these depend on the facts. Where ``is_told_by_trace``, the
    same trace is told in the same words, whoever the traveller is.
    """

    part: dict[str, Any]
    tell: Teller
    paths: tuple[str, ...] | None
    is_told_by_trace: bool


class Law:
    """The law in force on a day, read whole; it is compiled when it is first asked to decide.

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
        self._sections: tuple[str, ...] = ()
        self.known_reasons: dict[tuple[str, int, tuple[int, ...]], str] = {}
        self.known_lines: dict[str, dict[int, Line]] = {language: {} for language in LANGUAGES}
        self._read_requirements()
        self.scopes = [
            Scope(Leaf(self._add(raw["applies"], ("scopes", number, "applies"), None)), raw["id"], raw["scope"])
            for number, raw in enumerate(pack.content.get("scopes", ()))
        ]
        self.outcomes: dict[str, Mapping[str, Any]] = {row["id"]: row for row in pack.content["outcomes"]}
        self._read_classes = [
            self._read_class(raw, ("classes", number))
            for number, raw in enumerate(self._content["classes"])
            if in_force(raw.get("in_force"), self._on)
        ]
        self._never_ruled = never_ruled(pack.content)

    def outcome_where(self, outcome: str, facts: Mapping[str, Any]) -> str:
        """The outcome that takes another's place where the examination is held; the same where none does."""
        where = self.pack.content["pack"].get("outcomes_where")
        column: str = where["columns"].get(facts.get(where["fact"]), "id") if where else "id"
        instead: str = self.outcomes[outcome][column]
        return instead

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
        parser = self._parser
        if requirement is None:
            parser = parser.without_judgement("this is a condition; let a requirement call for judgement")
        elif requirement.kind == "bright_line":
            parser = parser.without_judgement(f"{requirement.id} is a bright line; make it mixed or judgement")
        self.tests.append(parser.test(raw, where))
        self.requirements.append(requirement)
        return len(self.tests) - 1

    @cached_property
    def _compiled(self) -> dict[str, Any]:
        for number, test in enumerate(self.tests):
            requirement = self.requirements[number]
            if requirement:
                self._source.requirement(number, test, requirement.id)
            else:
                self._source.condition(number, test)
        self._source.chunk(f"E = [{', '.join(f'e{number}' for number in range(len(self.tests)))}]\n")
        for number, (_, tree, _, _) in enumerate(self._read_classes):
            self._source.chunk(f"def c{number}(f, F, o, S, W):\n    return {tree.source()}\n")
        return self._source.compile()

    @property
    def evaluate_test(self) -> list[Callable[..., int]]:
        """The function of each test, over facts, findings, day, and the traces and statuses found so far."""
        functions: list[Callable[..., int]] = self._compiled["E"]
        return functions

    @cached_property
    def classes(self) -> dict[str, AdmissionClass]:
        """Classes of admission in force, by id."""
        return {
            raw["id"]: AdmissionClass(
                raw["id"],
                value_on(raw["code"], self._on),
                raw["title"],
                tree,
                grants,
                provisions,
                self._compiled[f"c{number}"],
                sum(0xFF << 8 * number for number in {leaf.number for leaf in tree.leaves()}),
                frozenset(leaf.number for leaf in tree.leaves() if self.requirements[leaf.number]),
            )
            for number, (raw, tree, grants, provisions) in enumerate(self._read_classes)
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
            return self._section(raw["section"], (*where, "section"))
        if keys in ({"all_of"}, {"any_of"}):
            (key,) = keys
            return (AllNode if key == "all_of" else AnyNode)(self._parts(raw[key], key, (*where, key)))
        if keys in ({"when", "then"}, {"route", "then"}):
            key = "route" if "route" in keys else "when"
            condition = Leaf(self._add(raw[key], (*where, key), None))
            return Conditional(condition, self._node(raw["then"], (*where, "then")), key == "route")
        raise PackError(where, f"expected {_NODE_KEYS}")

    def _section(self, name: Any, where: Path) -> Node:
        raw = self._parser.named("sections", name, "section", where)
        if name in self._sections:
            raise PackError(where, f"the section {name!r} includes itself; break the circle")
        self._provisions.extend(raw.get("provisions", ()))
        outer, self._sections = self._sections, (*self._sections, name)
        node = self._node(raw, ("sections", name))
        self._sections = outer
        return node

    def _parts(self, raw: Any, key: str, where: Path) -> tuple[Node, ...]:
        """The parts of an ``all_of`` or ``any_of``; requirements that are not in force are no part of it."""
        if not isinstance(raw, list):
            raise PackError(where, "expected a list")
        misplaced = "route" if key == "all_of" else "when"
        for number, part in enumerate(raw):
            if isinstance(part, Mapping) and misplaced in part:
                raise PackError((*where, number), f"`{misplaced}` does not stand in {key}; see the README of the packs")
        parts = (self._part(part, (*where, number)) for number, part in enumerate(raw))
        return tuple(part for part in parts if part)

    def _part(self, raw: Any, where: Path) -> Node | None:
        return self._leaf(raw, where) if isinstance(raw, str) else self._node(raw, where)

    def _leaf(self, requirement_id: str, where: Path) -> Leaf | None:
        """The leaf of a requirement; ``None`` while the requirement is not in force."""
        if requirement_id in self._numbers:
            return Leaf(self._numbers[requirement_id])
        if requirement_id in self.provisions:
            raise PackError(where, f"{requirement_id} is a provision and cannot be tested; name it under provisions")
        if not any(raw["id"] == requirement_id for raw in self._content["requirements"]):
            raise PackError(where, f"no requirement is called {requirement_id!r}; add it or correct the name")
        return None

    def _grants(self, raw: Mapping[str, Any], where: Path) -> Grants:
        until = raw.get("until", {}).get("earliest", ())
        documents = raw.get("status_document") or []
        return Grants(
            class_code=value_on(raw["class"], self._on),
            until=tuple(
                self._conditioned(entry, self._day, (*where, "until", "earliest", number))
                for number, entry in enumerate(until)
            ),
            fees=tuple(self._fees(raw.get("fees"), (*where, "fees"))),
            status_documents=tuple(
                self._conditioned(entry, self._document, (*where, "status_document", number))
                for number, entry in enumerate(documents if isinstance(documents, list) else [documents])
            ),
        )

    def _day(self, raw: Any, where: Path) -> Operand:
        return parse_operand(self._parser, raw, where, DAY)

    def _document(self, name: Any, where: Path) -> str:
        if not isinstance(name, str) or name not in self.dictionary.documents:
            raise PackError(where, f"no document is called {name!r}; add it or correct the name")
        return name

    def _conditioned(self, raw: Any, read: Callable[[Any, Path], Granted], where: Path) -> "Conditioned[Granted]":
        """Something granted, or ``{when: test, then: something}``."""
        if isinstance(raw, Mapping) and set(raw) == {"when", "then"}:
            condition = Leaf(self._add(raw["when"], (*where, "when"), None))
            return Conditioned(condition, read(raw["then"], (*where, "then")))
        return Conditioned(None, read(raw, where))

    def _fees(self, raw: Mapping[str, Any] | None, where: Path) -> Iterator[Conditioned[Fee]]:
        if not raw:
            return
        rows = self._parser.table(raw["table"], (*where, "table"))
        every_row = {row["id"] for row in self._content["tables"][raw["table"]]["rows"]}
        for number, name in enumerate(raw["rows"]):
            if name not in every_row:
                raise PackError((*where, "rows", number), f"the table has no row {name!r}; add it or correct the name")
            if name in rows:
                yield self._fee(rows[name], ("tables", raw["table"], "rows", name))

    def _fee(self, row: Mapping[str, Any], where: Path) -> Conditioned[Fee]:
        dated = current(column_of(row, "amounts", where), self._on)
        condition = Leaf(self._add(row["when"], (*where, "when"), None)) if "when" in row else None
        fee = Fee(
            row["id"],
            row["text"],
            cited(dated.get("citation") or row.get("citation", ""), self._on),
            str(dated["amount"]),
            column_of(row, "currency", where),
            row.get("payer", ""),
            dated.get("verified", row.get("verified", True)),
        )
        return Conditioned(condition, fee)

    @cached_property
    def _families(self) -> dict[str, list[AdmissionClass]]:
        """The classes below each id and each first part of one."""
        found: dict[str, list[AdmissionClass]] = {}
        for key, each in self.classes.items():
            parts = key.split(".")
            for length in range(1, len(parts) + 1):
                found.setdefault(".".join(parts[:length]), []).append(each)
        return found

    def requirement(self, requirement_id: str) -> Requirement | None:
        """A requirement or provision in force."""
        number = self._numbers.get(requirement_id)
        return self.requirements[number] if number is not None else self.provisions.get(requirement_id)

    def asked(self, each: AdmissionClass) -> list[str]:
        """Ids of all requirements in a class's tree, whichever way through it, in the tree's order."""
        requirements = (self.requirements[leaf.number] for leaf in each.tree.leaves())
        return list(dict.fromkeys(requirement.id for requirement in requirements if requirement))

    def number_of(self, requirement_id: str) -> int | None:
        """The number of a requirement that is tested."""
        return self._numbers.get(requirement_id)

    def reads(self, requirement_id: str) -> tuple[str, ...]:
        """The facts that a tested requirement reads while nothing is known."""
        return self.tests[self._numbers[requirement_id]].reads({})

    def may_be_ruled(self, requirement_id: str) -> bool:
        """Whether an advance ruling may settle a requirement: one in force that is not examined anew at every entry."""
        return requirement_id in self._numbers and requirement_id not in self._never_ruled

    def sought(self, seeking: list[str]) -> list[AdmissionClass]:
        """The classes sought: by id, or by the first part of ids (``us.b1``); all when nothing is sought.

        Raises ``UnknownClass`` for what is no class in force on this day, naming those that are.
        """
        if not seeking:
            return list(self.classes.values())
        found: dict[str, AdmissionClass] = {}
        for position, name in enumerate(seeking):
            matching = self._families.get(name)
            if matching is None:
                raise UnknownClass(f"/seeking/{position}", "unknown_class", known=", ".join(self.classes))
            found.update((each.id, each) for each in matching)
        return list(found.values())

    def line(self, number: int, language: str) -> "Line":
        """What the law knows of a requirement, in a language."""
        kept = self.known_lines[language]
        if number not in kept:
            voice = Voice(self.dictionary, language)
            part, test = self.static_parts(language)[number], self.tests[number]
            kept[number] = Line(part, test.teller(voice), self._paths[number], test.is_told_by_trace)
        return kept[number]

    @cached_property
    def _paths(self) -> list[tuple[str, ...] | None]:
        # The field of an entry is stated within its list, never by itself.
        return [None if test.varies else tuple(p for p in test.reads({}) if "[]" not in p) for test in self.tests]

    @lru_cache(maxsize=_MOST_KEPT)  # noqa: B019 - a law lives as long as its pack; all laws share the room
    def documents(self, shown: tuple[int, ...], language: str) -> list[dict[str, str]]:
        """The documents that show the requirements shown, none of them twice."""
        evidence = [document for number in shown for document in self.static_parts(language)[number]["evidence"]]
        return list({document["id"]: document for document in evidence}.values())

    @lru_cache(maxsize=_MOST_KEPT)  # noqa: B019 - as above
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
