"""What our manifests promise beyond being well-formed. Each rule yields a sentence for whatever breaks it."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from tests.cluster.environments import commands_are_understood, every_setting_is_known_and_set, secrets_are_listed
from tests.cluster.pods import Pods, deployed, of_kind, pods_of, ports_of, selects
from tests.cluster.rendering import Object, named

Rule = Callable[[list[Object]], Iterator[str]]
_FINISHING_SECONDS: Final = 10
_OPEN_TO_ALL: Final = {"nothing", "names"}
#: A process has this many pools at most.
_POOLS: Final = 3
_RESERVED_CONNECTIONS: Final = 20


def containers_are_confined(objects: list[Object]) -> Iterator[str]:
    """No root, no writable root file system, no privilege, no token of the cluster; limited in memory."""
    for pods in pods_of(objects):
        pod = pods.spec.get("securityContext", {})
        if not pod.get("runAsNonRoot") or not pod.get("runAsUser"):
            yield f"{pods.name}: runs as root"
        if pod.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{pods.name}: has no seccomp profile"
        if pods.spec.get("automountServiceAccountToken") is not False:
            yield f"{pods.name}: is given a token of the cluster"
        for container in pods.containers:
            yield from _confined(f"{pods.name} {container['name']}", container)


def _confined(name: str, container: Object) -> Iterator[str]:
    context = container.get("securityContext", {})
    if context.get("readOnlyRootFilesystem") is not True:
        yield f"{name}: may write to its root file system"
    if context.get("allowPrivilegeEscalation") is not False or context.get("capabilities") != {"drop": ["ALL"]}:
        yield f"{name}: keeps privileges"
    resources = container.get("resources", {})
    if not {"cpu", "memory"} <= resources.get("requests", {}).keys() or "memory" not in resources.get("limits", {}):
        yield f"{name}: has no resources"


def volumes_are_no_hosts(objects: list[Object]) -> Iterator[str]:
    """No pod sees its node's files, and each account is the pod's own."""
    accounts = {each["metadata"]["name"] for each in of_kind(objects, "ServiceAccount")}
    for pods in pods_of(objects):
        if any("hostPath" in volume for volume in pods.spec.get("volumes", [])):
            yield f"{pods.name}: mounts a folder of its node"
        if pods.spec.get("serviceAccountName") not in accounts:
            yield f"{pods.name}: has no account of its own"


def containers_are_probed(objects: list[Object]) -> Iterator[str]:
    """Whatever runs all the time is probed, on a port that nobody publishes."""
    for pods in deployed(objects):
        for container in pods.containers:
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                if probe not in container:
                    yield f"{pods.name}: has no {probe}"
                    continue
                expected = {"path": "/readyz" if probe == "readinessProbe" else "/healthz", "port": "inside"}
                if container[probe].get("httpGet") != expected:
                    yield f"{pods.name}: its {probe} does not ask {expected['path']} inside"


def deployments_outlast_a_change(objects: list[Object]) -> Iterator[str]:
    """A new version replaces what is ready only when it is; maintenance takes one at a time; nodes may fail."""
    for pods in deployed(objects):
        spec = pods.owner["spec"]
        if spec.get("strategy", {}).get("rollingUpdate", {}).get("maxUnavailable") != 0:
            yield f"{pods.name}: takes a ready pod away before another is ready"
        budgets = of_kind(objects, "PodDisruptionBudget")
        if sum(selects(budget["spec"]["selector"], pods.labels) for budget in budgets) != 1:
            yield f"{pods.name}: has no disruption budget, or several"
        if len(pods.spec.get("topologySpreadConstraints", [])) != 2:
            yield f"{pods.name}: may stand on one node, or in one zone"
        yield from _sized(objects, pods)


def _sized(objects: list[Object], pods: Pods) -> Iterator[str]:
    spec, name = pods.owner["spec"], pods.owner["metadata"]["name"]
    scalers = [each for each in of_kind(objects, "HorizontalPodAutoscaler") if _scales(each, name)]
    reason = pods.owner["metadata"].get("annotations", {}).get("crossing/fixed-size")
    if len(scalers) != (0 if reason else 1):
        yield f"{pods.name}: needs an autoscaler, or a reason to have a fixed size"
    if scalers and "replicas" in spec:
        yield f"{pods.name}: its replicas undo what the autoscaler does"
    if min([each["spec"]["minReplicas"] for each in scalers] or [spec.get("replicas", 1)]) < 2:
        yield f"{pods.name}: one pod is all there is"


def _scales(scaler: Object, name: str) -> bool:
    target = scaler["spec"]["scaleTargetRef"]
    return bool(target["kind"] == "Deployment" and target["name"] == name)


def drains_in_time(objects: list[Object]) -> Iterator[str]:
    """A pod has the time to drain, and to finish what runs, before it is killed."""
    for pods in deployed(objects):
        hook = pods.containers[0].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        drain = float(_shared(objects)["CROSSING_DRAIN_SECONDS"]) if pods.is_ours else hook
        if drain < 5:
            yield f"{pods.name}: callers still come when it has stopped taking"
        if pods.spec.get("terminationGracePeriodSeconds", 30) < drain + 2 * _FINISHING_SECONDS:
            yield f"{pods.name}: is killed while it drains"


def _shared(objects: list[Object]) -> dict[str, str]:
    maps = of_kind(objects, "ConfigMap")
    found: dict[str, str] = next(each["data"] for each in maps if "shared-settings" in each["metadata"]["name"])
    return found


def network_is_closed(objects: list[Object]) -> Iterator[str]:
    """Nobody speaks with anybody unless a policy says so; only the gateway reaches what a service publishes."""
    policies = of_kind(objects, "NetworkPolicy")
    closed = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    if closed not in [policy["spec"] for policy in policies]:
        yield "no policy closes the network"
    for pods in pods_of(objects):
        own = [each for each in policies if selects(each["spec"]["podSelector"], pods.labels)]
        if not [each for each in own if each["metadata"]["name"] not in _OPEN_TO_ALL]:
            yield f"{pods.name}: no policy is about it"
        if pods.component == "service":
            for source in _who_may_call(own, "http", 8000):
                if source != {"podSelector": {"matchLabels": {"app.kubernetes.io/component": "gateway"}}}:
                    yield f"{pods.name}: may be called by others than the gateway"


def _who_may_call(policies: list[Object], *ports: object) -> Iterator[Object]:
    for policy in policies:
        for rule in policy["spec"].get("ingress", []):
            opened = [port.get("port") for port in rule.get("ports", [])]
            if not opened or set(opened) & set(ports):
                yield from rule.get("from", [{}])


def ports_agree(objects: list[Object]) -> Iterator[str]:
    """Services send to ports that their pods open, and pods open the ports that their commands are told."""
    everywhere = list(pods_of(objects))
    for service in of_kind(objects, "Service"):
        behind = [pods for pods in everywhere if selects({"matchLabels": service["spec"]["selector"]}, pods.labels)]
        if len(behind) != 1:
            yield f"{named(service)}: {len(behind)} sets of pods stand behind it"
        for pods in behind:
            for port in service["spec"]["ports"]:
                if port["targetPort"] not in ports_of(pods):
                    yield f"{named(service)}: no pod opens {port['targetPort']}"
    for pods in everywhere:
        arguments = pods.containers[0].get("args", [])
        told = {int(arguments[at + 1]) for at, each in enumerate(arguments) if each in ("--port", "--inside-port")}
        if pods.is_ours and told != set(ports_of(pods).values()):
            yield f"{pods.name}: its command and its ports differ"


def gateway_finds_services(objects: list[Object]) -> Iterator[str]:
    """What the gateway's configuration calls, opens and reads is there."""
    pods = next(pods for pods in deployed(objects) if pods.component == "gateway")
    told = next(each["data"]["envoy.yaml"] for each in of_kind(objects, "ConfigMap") if "envoy.yaml" in each["data"])
    there = {
        (each["metadata"]["name"], port["port"])
        for each in of_kind(objects, "Service")
        for port in each["spec"]["ports"]
    }
    sockets = {(host, int(port)) for host, port in re.findall(r'address: "([^"]+)", port_value: (\d+)', told)}
    for host, port in sorted(sockets):
        if host == "0.0.0.0" and port not in ports_of(pods):  # noqa: S104 - as the configuration says it
            yield f"{pods.name}: listens at {port}, which it does not open"
        elif "." not in host and (host, port) not in there:
            yield f"{pods.name}: calls {host}:{port}, which is no service"
    mounts = [mount["mountPath"] for mount in pods.containers[0]["volumeMounts"]]
    for file in sorted(set(re.findall(r"filename: (\S+?)}", told))):
        if not file.startswith(tuple(mounts)):
            yield f"{pods.name}: reads {file}, which is not mounted"


def images_are_pinned(objects: list[Object]) -> Iterator[str]:
    """Every image has a version; all of ours the same."""
    images = {container["image"] for pods in pods_of(objects) for container in pods.containers}
    images |= {each["spec"]["imageName"] for each in of_kind(objects, "Cluster")}
    for image in images:
        version = image.rpartition("/")[2].partition(":")[2]
        if not version or version == "latest":
            yield f"{image}: no version is named"
    if len({image for image in images if "/crossing:" in image}) != 1:
        yield "the suite's pods run different versions"


def connections_fit(objects: list[Object]) -> Iterator[str]:
    """However many pods there are, the database has a connection for each of their pools."""
    scalers = of_kind(objects, "HorizontalPodAutoscaler")
    pool = int(_shared(objects)["CROSSING_POOL_SIZE"])
    most = 0
    for pods in deployed(objects):
        scaler = [each for each in scalers if _scales(each, pods.owner["metadata"]["name"])]
        replicas = scaler[0]["spec"]["maxReplicas"] if scaler else pods.owner["spec"]["replicas"]
        most += (replicas + 1) * _POOLS * pool * pods.is_ours  # one more while a version replaces another
    for cluster in of_kind(objects, "Cluster"):
        there = int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])
        if most + _RESERVED_CONNECTIONS > there:
            yield f"{named(cluster)}: {there} connections for the {most} that pods may open"


def commits_outlive_the_primary(objects: list[Object]) -> Iterator[str]:
    """Three instances in three zones, one standby in every commit, and backups with every log file."""
    for cluster in of_kind(objects, "Cluster"):
        spec = cluster["spec"]
        synchronous = spec["postgresql"].get("synchronous", {})
        if spec["instances"] < 3 or (synchronous.get("method"), synchronous.get("number")) != ("any", 1):
            yield f"{named(cluster)}: a commit may be lost with the primary, or one standby stops writing"
        if synchronous.get("dataDurability") != "required":
            yield f"{named(cluster)}: acknowledges what no standby has"
        if spec.get("affinity", {}).get("podAntiAffinityType") != "required":
            yield f"{named(cluster)}: instances may share a zone"
        if not any(plugin.get("isWALArchiver") for plugin in spec.get("plugins", [])):
            yield f"{named(cluster)}: log files are not archived"
    stores = {each["metadata"]["name"] for each in of_kind(objects, "ObjectStore")}
    used = {p["parameters"]["barmanObjectName"] for c in of_kind(objects, "Cluster") for p in c["spec"]["plugins"]}
    if not of_kind(objects, "ScheduledBackup") or not used <= stores:
        yield "nobody makes backups, or nowhere"


def secrets_are_elsewhere(objects: list[Object]) -> Iterator[str]:
    """No value of a secret stands in a manifest, and only tasks that need an owner's or a reader's role have it."""
    for secret in of_kind(objects, "Secret"):
        yield f"{named(secret)}: stands in the manifests"
    allowed = {"migrate": "-owner", "partitions": "-owner", "verify": "-reader"}
    for pods in pods_of(objects):
        for container in pods.containers:
            for variable in container.get("env", []):
                reference = variable.get("valueFrom", {}).get("secretKeyRef", {}).get("name")
                if reference and reference != f"{pods.service}{allowed.get(pods.component, ' has none')}":
                    yield f"{pods.name}: holds {reference}"


RULES: Final[list[Rule]] = [
    containers_are_confined,
    volumes_are_no_hosts,
    containers_are_probed,
    deployments_outlast_a_change,
    drains_in_time,
    network_is_closed,
    ports_agree,
    gateway_finds_services,
    images_are_pinned,
    connections_fit,
    commits_outlive_the_primary,
    secrets_are_elsewhere,
    secrets_are_listed,
    every_setting_is_known_and_set,
    commands_are_understood,
]
