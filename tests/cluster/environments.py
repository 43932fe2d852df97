"""The environment that each container of ours gets, held against the settings that its service has."""

import os
from collections.abc import Iterator
from typing import Any, Final
from unittest import mock

from pydantic import ValidationError
from pydantic_settings import SettingsError
from ruamel.yaml import YAML
from tests.cluster.pods import Pods, deployed, of_kind, pods_of
from tests.cluster.rendering import CLUSTER, Object
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command

from admission.settings import AdmissionSettings
from advance_ruling.settings import AdvanceRulingSettings
from crossing.cli import app
from crossing.cli.services import faults_of
from crossing.kit.settings import ServiceSettings
from redress.settings import RedressSettings

SETTINGS: Final[dict[str, type[ServiceSettings]]] = {
    "admission": AdmissionSettings,
    "advance-ruling": AdvanceRulingSettings,
    "redress": RedressSettings,
}
#: Read by others than the settings: where rule packs are kept parsed.
_BESIDE_SETTINGS: Final = {"CROSSING_CACHE_DIR"}
#: What settings say of files and folders that are there once a pod runs.
_NOT_HERE: Final = ("is no file that can be read", "is no folder that can be written to")
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
    try:
        with mock.patch.dict(os.environ, environment, clear=True):
            SETTINGS[pods.service]()
    except (ValidationError, SettingsError) as error:
        for fault in faults_of(error):
            if not fault.endswith(_NOT_HERE):
                yield f"{pods.name}: {fault}"


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


def commands_are_understood(objects: list[Object]) -> Iterator[str]:
    """The command line takes what each container tells it."""
    for pods in pods_of(objects):
        if pods.is_ours:
            told = [each.replace("$(SERVICE)", pods.service) for each in pods.containers[0]["args"]]
            try:
                with mock.patch.dict(os.environ, environment_of(pods, objects), clear=True):
                    _parse(get_command(app), told)
            except (TyperException, KeyError) as error:
                yield f"{pods.name}: crossing {' '.join(told)}: {error}"


def _parse(command: Any, told: list[str]) -> None:
    """Read arguments as the command line would, and do nothing; raises ``TyperException`` or ``KeyError``."""
    if isinstance(command, TyperGroup):
        _parse(command.commands[told[0]], told[1:])
    else:
        command.make_context("crossing", list(told))


def _files_of_secrets(pods: Pods) -> Iterator[str]:
    mounts = {each["mountPath"]: each["name"] for each in pods.containers[0].get("volumeMounts", [])}
    for volume in pods.spec.get("volumes", []):
        if volume["name"] == mounts.get(_SECRETS_FOLDER):
            for source in volume["projected"]["sources"]:
                secret = source["secret"]
                yield from [item["path"] for item in secret.get("items", [])] or listed_secrets()[secret["name"]]
