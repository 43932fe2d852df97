"""The environment that each container of ours gets, held against the settings that its service has."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import ValidationError
from ruamel.yaml import YAML
from tests.cluster.pods import Pods, deployed, of_kind, pods_of
from tests.cluster.rendering import CLUSTER, Object

from admission.settings import AdmissionSettings
from advance_ruling.settings import AdvanceRulingSettings
from crossing.kit.settings import ServiceSettings
from redress.settings import RedressSettings

SETTINGS: Final[dict[str, type[ServiceSettings]]] = {
    "admission": AdmissionSettings,
    "advance-ruling": AdvanceRulingSettings,
    "redress": RedressSettings,
}
#: Read by others than the settings: where rule packs are kept parsed.
_BESIDE_SETTINGS: Final = {"CROSSING_CACHE_DIR"}
_SECRETS_FOLDER: Final = "/run/secrets"
_STAND_IN: Final = {
    "crossing_database_url": "postgresql+asyncpg://role:word@postgres-rw:5432/name",
    "crossing_identity_key": "0" * 64,
    "client_secret": "word",
}


def listed_secrets() -> dict[str, list[str]]:
    """The Secrets that whoever installs the suite makes, with their keys."""
    listed: dict[str, list[str]] = YAML(typ="safe").load((CLUSTER / "secrets.yaml").read_text())
    return listed


def secrets_are_listed(objects: list[Object]) -> Iterator[str]:
    """Every Secret that something refers to is listed with its keys, and nothing else is."""
    listed, used = listed_secrets(), set()
    for name, keys in _references(objects):
        used.add(name)
        missing = set(keys) - set(listed.get(name, []))
        if name not in listed or missing:
            yield f"secrets.yaml: {name} has no {', '.join(sorted(missing)) or 'entry'}"
    for name in listed.keys() - used:
        yield f"secrets.yaml: nothing uses {name}"


def _references(value: Any) -> Iterator[tuple[str, list[str]]]:
    """Names of Secrets with the keys used of each, wherever a manifest refers to one."""
    if isinstance(value, list):
        for each in value:
            yield from _references(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key in ("secret", "passwordSecret", "secretKeyRef", "secretRef", "accessKeyId", "secretAccessKey"):
                name = each.get("secretName") or each["name"]
                keys = [item["key"] for item in each.get("items", [])]
                yield name, keys + ([each["key"]] if "key" in each else [])
            else:
                yield from _references(each)


def every_setting_is_known_and_set(objects: list[Object]) -> Iterator[str]:
    """No name that no setting has; none missing that a service needs; every value one that the service takes."""
    for pods in pods_of(objects):
        if pods.is_ours:
            fields = {f"CROSSING_{name.upper()}" for name in SETTINGS[pods.service].model_fields}
            given = {name for name in environment_of(pods, objects) if name.startswith("CROSSING_")}
            for name in sorted(given - fields - _BESIDE_SETTINGS):
                yield f"{pods.name}: no setting is named {name}"
    for pods in deployed(objects):
        if pods.is_ours:
            yield from _taken(pods, environment_of(pods, objects))


def _taken(pods: Pods, environment: dict[str, str]) -> Iterator[str]:
    """Faults of the values that a service gets, as its own settings see them."""
    given = {name.removeprefix("CROSSING_").lower(): value for name, value in environment.items()}
    try:
        SETTINGS[pods.service].model_validate_strings({name: value for name, value in given.items() if value})
    except ValidationError as error:
        for fault in error.errors(include_input=False):
            yield f"{pods.name}: CROSSING_{'_'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"


def environment_of(pods: Pods, objects: list[Object]) -> dict[str, str]:
    """The environment of the first container, with stand-ins for what Secrets hold."""
    maps = {each["metadata"]["name"]: each["data"] for each in of_kind(objects, "ConfigMap")}
    container = pods.containers[0]
    environment: dict[str, str] = {}
    for source in container.get("envFrom", []):
        if "configMapRef" in source:
            environment |= maps[source["configMapRef"]["name"]]
    for variable in container.get("env", []):
        environment[variable["name"]] = variable.get("value", _STAND_IN["crossing_database_url"])
    for name in _files_of_secrets(pods):
        if name.startswith("crossing_"):
            environment[name.upper()] = _STAND_IN[name]
    return environment


def _files_of_secrets(pods: Pods) -> Iterator[str]:
    mounts = {each["mountPath"]: each["name"] for each in pods.containers[0].get("volumeMounts", [])}
    for volume in pods.spec.get("volumes", []):
        if volume["name"] == mounts.get(_SECRETS_FOLDER):
            for source in volume["projected"]["sources"]:
                secret = source["secret"]
                yield from [item["path"] for item in secret.get("items", [])] or listed_secrets()[secret["name"]]
