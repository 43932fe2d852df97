"""Renders the manifests of an overlay, and checks the shape of each: the cluster's own kinds and those of operators."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import kubernetes_validate
import yaml
from jsonschema.validators import Draft202012Validator
from ruamel.yaml import YAML

ROOT: Final = Path(__file__).parents[2]
CLUSTER: Final = ROOT / "deploy/cluster"
OVERLAYS: Final = ("staging", "production")
KUBERNETES: Final = "1.37"
Object = dict[str, Any]


@cache
def render(overlay: str) -> str:
    """What is applied of an overlay, as YAML."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    command = [str(CLUSTER / "build.sh"), overlay]
    ran = subprocess.run(command, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def objects_of(rendered: str) -> list[Object]:
    """The objects in YAML that kustomize wrote."""
    return list(yaml.load_all(rendered, Loader=yaml.CSafeLoader))


def named(each: Object) -> str:
    """An object by kind and name."""
    return f"{each['kind']}/{each['metadata']['name']}"


def shape_faults(objects: list[Object]) -> Iterator[str]:
    """What the schemas of the cluster's own kinds (strictly) and of the operators' kinds do not allow."""
    for each in objects:
        yield from _shape_faults(json.dumps(each))


@cache
def _shape_faults(written: str) -> list[str]:
    each: Object = json.loads(written)
    operators = _operators()
    schema = operators.get(f"{each['apiVersion']}/{each['kind']}")
    if schema:
        return list(_operator_faults(each, {"$defs": operators["$defs"], **_whole(each, schema)}))
    return list(_own_faults(each))


@cache
def _operators() -> Object:
    loaded: Object = YAML(typ="safe").load(Path(__file__).with_name("operators.yaml").read_text())
    return loaded


def _whole(each: Object, spec: Object) -> Object:
    properties = {
        "apiVersion": {"const": each["apiVersion"]},
        "kind": {"const": each["kind"]},
        "metadata": {"$ref": "#/$defs/metadata"},
        "spec": spec,
    }
    return {"type": "object", "additionalProperties": False, "required": [*properties], "properties": properties}


def _operator_faults(each: Object, schema: Object) -> Iterator[str]:
    for error in Draft202012Validator(schema).iter_errors(each):
        yield f"{named(each)}: {'.'.join(map(str, error.path))}: {error.message}"


def _own_faults(each: Object) -> Iterator[str]:
    try:
        kubernetes_validate.validate(each, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{named(each)}: {'.'.join(map(str, error.path))}: {error.message}"
    except kubernetes_validate.SchemaNotFoundError:
        yield f"{named(each)}: no schema knows {each['apiVersion']} {each['kind']}"
