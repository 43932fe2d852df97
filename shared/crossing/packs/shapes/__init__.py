"""The shapes of rule-pack files, said once: what keys there are, which must stand and what each may hold.

Shapes only: whether the names in a pack lead anywhere is for ``check``, and what a test says is for the rules engine.
"""

from crossing.packs.shapes.around_law import DictionaryFile, ExamplesFile, OverlayFile
from crossing.packs.shapes.law import PackFile
from crossing.packs.shapes.wording import problems

__all__ = ["DictionaryFile", "ExamplesFile", "OverlayFile", "PackFile", "problems"]
