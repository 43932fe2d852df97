"""Causes faults in running services and counts what was lost: the harnesses of ``make test-faults``.

A harness is a module with a function ``run(*, …sizes, plant=None) -> Report`` and two tuples of its arguments: ``FULL``
for ``make test-faults`` and ``SHORT`` for ``--short``. Where the arguments name a ``plant``, a fault is put in on
purpose, and the harness has to report it. A tool that is missing raises, so that nothing is left out in silence.
"""
