"""The pods that manifests describe, whatever kind of object makes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.cluster.rendering import Object, named


@dataclass(frozen=True)
class Pods:
    """What one object makes: its pods' labels and how they are specified."""

    owner: Object
    labels: dict[str, str]
    spec: Object

    @property
    def name(self) -> str:
        """Kind and name of the object that makes them."""
        return named(self.owner)

    @property
    def containers(self) -> list[Object]:
        """Every container, those that run first too."""
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def service(self) -> str:
        """The service that they are part of."""
        return self.labels["app.kubernetes.io/name"]

    @property
    def component(self) -> str:
        """What they do for it."""
        return self.labels["app.kubernetes.io/component"]

    @property
    def is_ours(self) -> bool:
        """Whether they run the suite's own image."""
        return self.component != "gateway"


def of_kind(objects: list[Object], *kinds: str) -> list[Object]:
    """The objects of some kinds."""
    return [each for each in objects if each["kind"] in kinds]


def pods_of(objects: list[Object]) -> Iterator[Pods]:
    """The pods of every Deployment, Job and CronJob."""
    for each in of_kind(objects, "Deployment", "Job", "CronJob"):
        spec = each["spec"]["jobTemplate"]["spec"] if each["kind"] == "CronJob" else each["spec"]
        template = spec["template"]
        yield Pods(each, template["metadata"]["labels"], template["spec"])


def deployed(objects: list[Object]) -> list[Pods]:
    """The pods that run all the time."""
    return [pods for pods in pods_of(objects) if pods.owner["kind"] == "Deployment"]


def selects(selector: Object, labels: dict[str, str]) -> bool:
    """Whether a label selector selects what has these labels."""
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for rule in selector.get("matchExpressions", []):
        assert rule["operator"] == "In", "no manifest needs another"
        if labels.get(rule["key"]) not in rule["values"]:
            return False
    return True


def ports_of(pods: Pods) -> dict[Any, int]:
    """The ports that pods open, by name and by number."""
    ports = [port for container in pods.containers for port in container.get("ports", [])]
    return {key: port["containerPort"] for port in ports for key in (port["name"], port["containerPort"])}
