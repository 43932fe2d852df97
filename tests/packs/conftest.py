"""A copy of the packs to break, and the places where it was broken."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from crossing.packs.check import check_law
from crossing.packs.load import FACTS_FOLDER, PACKS_FOLDER

FACTS_OF_ITS_OWN = """
facts:
  zz.paid:
    type: boolean
    personal: true
    label: &paid
      en: "payment"
      fr: "paiement"
      es: "pago"
    question: *paid
    proved_by: [passport]
  zz.purposes:
    type: set
    of: code
    label: *paid
    question:
      en: "Which purposes?"
      fr: "Quels buts?"
      es: "¿Qué fines?"
    options:
      sale: *paid
"""

LAW_OF_ITS_OWN = """
tests:
  zz.is_paid: {is: [zz.paid, true]}

values:
  zz.stay:
    dated:
      - {from: 1994-01-01, until: 2008-10-15, value: P1Y}
      - {from: 2008-10-16, value: P3Y}

tables:
  us.zz_fees:
    rows:
      - id: zz_fee
        text: {en: "fee", fr: "frais", es: "tarifa"}
        currency: USD
        in_force: {from: 1994-01-01}
        amounts:
          - {from: 1994-01-01, until: 2024-02-25, amount: "6.00"}
          - {from: 2024-02-26, amount: "30.00"}
      - id: zz_other_fee
        text: {en: "fee", fr: "frais", es: "tarifa"}

requirements:
  - id: US-ZZ-01
    kind: bright_line
    text:
      en: "The fee is paid."
      fr: "Les frais sont payés."
      es: "La tarifa está pagada."
    citation: "8 CFR 1"
    in_force: {from: 1994-01-01}
    test: {is: [zz.paid, true]}
    evidence: [passport]
    on_fail: US-OUT-06
    cure:
      en: "Pay."
      fr: "Payez."
      es: "Pague."
    verified: true
    source: [P1]
  - id: US-ZZ-02
    kind: mixed
    citation: "8 CFR 2"
    in_force: {from: 1994-01-01}
    versions:
      - from: 1994-01-01
        text: {en: "a", fr: "b", es: "c"}
        test: {ref: zz.is_paid}
      - from: 2004-11-12
        text: {en: "d", fr: "e", es: "f"}
        test: {judgement: true}
    evidence: [passport]
    on_fail: US-OUT-06
    cure: {en: "Pay.", fr: "Payez.", es: "Pague."}
    verified: true
  - id: US-ZZ-03
    kind: provision
    text: {en: "Rule.", fr: "Règle.", es: "Regla."}
    citation: "8 CFR 3"
    in_force: {from: 1994-01-01}
    verified: true

sections:
  us.zz:
    all_of: [US-ZZ-02]

classes:
  - id: us.zz
    code: ZZ
    title: {en: "Class", fr: "Catégorie", es: "Clase"}
    in_force: {from: 1994-01-01}
    requires:
      all_of:
        - section: us.zz
        - US-ZZ-01
        - when: {ref: zz.is_paid}
          then: US-ZZ-02
    provisions: [US-ZZ-03]
    grants:
      class: ZZ
      until:
        earliest: [{add: [on, {value: zz.stay}]}, visit.ends_on]
      fees: {table: us.zz_fees, rows: [zz_fee]}
      status_document: i94

outcomes:
  - id: US-OUT-ZZ
    action: refuse
    text: &refused {en: "Refused.", fr: "Refusé.", es: "Denegado."}
    paper: *refused
    effect: *refused
    recourse: *refused
    statutory_notice: false
    verified: true
"""


@dataclass
class Copy:
    """The packs and the dictionary, copied to be broken."""

    packs: Path
    facts: Path

    def file(self, name: str) -> Path:
        """A file by folder and name: ``us/tn.yaml``, ``facts/core.yaml``."""
        return (self.facts if name.startswith("facts/") else self.packs).joinpath(name.removeprefix("facts/"))

    def lines(self, name: str) -> list[str]:
        """The lines of a file."""
        return self.file(name).read_text(encoding="utf-8").split("\n")

    def find(self, name: str, after: str, beginning: str) -> int:
        """Index of the first line that begins so, from the first on that begins with ``after``; blanks do not count."""
        lines = [line.strip() for line in self.lines(name)]
        start = next(number for number, line in enumerate(lines) if line.startswith(after))
        return next(number for number, line in enumerate(lines) if number >= start and line.startswith(beginning))

    def place(self, name: str, after: str, beginning: str) -> str:
        """How the checker names that line."""
        return f"{name}:{self.find(name, after, beginning) + 1}"

    def change(self, name: str, after: str, beginning: str, *new: str) -> str:
        """Put other lines in the place of that line, at its indent; gives back how the checker names the place."""
        lines, number = self.lines(name), self.find(name, after, beginning)
        indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
        lines[number : number + 1] = [indent + line for line in new]
        self.file(name).write_text("\n".join(lines), encoding="utf-8")
        return f"{name}:{number + 1}"

    def replace(self, name: str, after: str, beginning: str, old: str, new: str) -> str:
        """Put other words in the place of words of that line."""
        line = self.lines(name)[self.find(name, after, beginning)].strip()
        assert old in line, f"{line!r} has no {old!r}"
        return self.change(name, after, beginning, line.replace(old, new, 1))

    def check(self) -> list[str]:
        """What the checker finds, each as ``place: message``."""
        return [str(finding) for finding in check_law(self.packs, self.facts).findings]


@pytest.fixture
def copy_of_packs(tmp_path: Path) -> Copy:
    """All packs and the whole dictionary, copied."""
    copy = Copy(tmp_path / "packs", tmp_path / "facts")
    shutil.copytree(PACKS_FOLDER, copy.packs, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copytree(FACTS_FOLDER, copy.facts, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return copy


@pytest.fixture
def copy_of_us(copy_of_packs: Copy, monkeypatch: pytest.MonkeyPatch) -> Copy:
    """The copy, of which only the United States are checked, with a file of law and one of facts to break."""
    for module in ("check", "examples"):
        monkeypatch.setattr(f"crossing.packs.{module}.COUNTRIES_WITH_PACKS", {"US": "us"})
    copy_of_packs.file("us/zz.yaml").write_text(LAW_OF_ITS_OWN, encoding="utf-8")
    copy_of_packs.file("facts/zz.yaml").write_text(FACTS_OF_ITS_OWN, encoding="utf-8")
    return copy_of_packs


@pytest.fixture
def only_finding() -> Callable[[Copy], str]:
    """The one thing the checker finds."""

    def found(copy: Copy) -> str:
        (finding,) = copy.check()
        return finding

    return found
