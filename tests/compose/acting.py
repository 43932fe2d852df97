"""What the examples do over HTTP, for tests that do the same elsewhere."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

EXAMPLES = Path(__file__).parents[2] / "examples"
if str(EXAMPLES) not in sys.path:
    sys.path.append(str(EXAMPLES))  # behind the services: one of them has the name of an example


def example(name: str) -> ModuleType:
    """The module of an example, whatever else has its name."""
    spec = spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


journey, redress_steps, advance_ruling = map(example, ("journey", "redress_steps", "advance_ruling"))
