"""The manifests of the cluster have the right shape and keep our rules; each rule finds what was put there to break it."""

import copy
from typing import Any

import pytest
from tests.cluster import rules
from tests.cluster.environments import commands_are_understood, every_setting_is_known_and_set, secrets_are_listed
from tests.cluster.pods import pods_of
from tests.cluster.rendering import OVERLAYS, Object, named, objects_of, render, shape_faults

POD = "spec.template.spec"
CONTAINER = f"{POD}.containers.0"
GONE = object()


@pytest.fixture(scope="module", params=OVERLAYS)
def overlay(request: pytest.FixtureRequest) -> list[Object]:
    """The objects of an overlay."""
    return objects_of(render(request.param))


@pytest.fixture(scope="module")
def staging() -> list[Object]:
    """The objects of one overlay, to break copies of."""
    return objects_of(render("staging"))


def test_every_object_has_the_shape_of_its_kind(overlay: list[Object]) -> None:
    assert list(shape_faults(overlay)) == []


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_the_rule_is_kept(overlay: list[Object], rule: rules.Rule) -> None:
    assert list(rule(overlay)) == []


def test_tasks_run_in_pods_like_one_another(overlay: list[Object]) -> None:
    specs = {pods.name: copy.deepcopy(pods.spec) for pods in pods_of(overlay) if pods.service == "redress"}
    for spec in specs.values():
        for own in ("args", "env", "resources"):
            del spec["containers"][0][own]
    assert specs["CronJob/redress-partitions"] == specs["CronJob/redress-verify"] == specs["Job/redress-migrate"]


@pytest.mark.parametrize(
    ("rule", "where", "path", "value", "told"),
    [
        (rules.containers_are_confined, "Deployment/admission", f"{POD}.securityContext.runAsNonRoot", GONE, "root"),
        (
            rules.containers_are_confined,
            "Job/redress-migrate",
            f"{CONTAINER}.securityContext.readOnlyRootFilesystem",
            GONE,
            "write",
        ),
        (rules.containers_are_confined, "Deployment/gateway", f"{CONTAINER}.resources.limits", GONE, "no resources"),
        (rules.containers_are_confined, "Deployment/redress", f"{POD}.automountServiceAccountToken", GONE, "token"),
        (rules.volumes_are_no_hosts, "Deployment/redress", f"{POD}.volumes.0", {"hostPath": {"path": "/"}}, "node"),
        (rules.volumes_are_no_hosts, "Deployment/redress", f"{POD}.serviceAccountName", "default", "account"),
        (rules.containers_are_probed, "Deployment/redress-worker", f"{CONTAINER}.startupProbe", GONE, "startupProbe"),
        (
            rules.containers_are_probed,
            "Deployment/admission",
            f"{CONTAINER}.readinessProbe.httpGet.path",
            "/healthz",
            "readinessProbe",
        ),
        (
            rules.deployments_outlast_a_change,
            "Deployment/admission",
            "spec.strategy.rollingUpdate.maxUnavailable",
            1,
            "takes a ready pod",
        ),
        (
            rules.deployments_outlast_a_change,
            "PodDisruptionBudget/admission",
            "spec.selector.matchLabels",
            {"a": "b"},
            "no disruption budget",
        ),
        (
            rules.deployments_outlast_a_change,
            "HorizontalPodAutoscaler/redress",
            "spec.scaleTargetRef.name",
            "redres",
            "needs an autoscaler",
        ),
        (
            rules.deployments_outlast_a_change,
            "Deployment/redress-worker",
            "metadata.annotations",
            {},
            "needs an autoscaler, or a reason",
        ),
        (rules.drains_in_time, "Deployment/admission", f"{POD}.terminationGracePeriodSeconds", 20, "killed"),
        (rules.drains_in_time, "Deployment/gateway", f"{CONTAINER}.lifecycle", {}, "callers still come"),
        (rules.network_is_closed, "NetworkPolicy/nothing", "spec.policyTypes", ["Ingress"], "closes the network"),
        (
            rules.network_is_closed,
            "NetworkPolicy/services-and-workers",
            "spec.ingress.0.ports",
            GONE,
            "others than the gateway",
        ),
        (
            rules.network_is_closed,
            "NetworkPolicy/tasks",
            "spec.podSelector.matchExpressions.0.values",
            ["migrate"],
            "no policy is about it",
        ),
        (rules.ports_agree, "Service/redress", "spec.ports.0.targetPort", "htpp", "no pod opens"),
        (rules.ports_agree, "Service/redress", "spec.selector", {"a": "b"}, "0 sets of pods"),
        (rules.ports_agree, "Deployment/redress", f"{CONTAINER}.ports.1.containerPort", 9101, "differ"),
        (rules.gateway_finds_services, "Service/admission", "spec.ports.0.port", 80, "calls admission:8000"),
        (rules.gateway_finds_services, "Deployment/gateway", f"{CONTAINER}.ports.1.containerPort", 9444, "9443"),
        (rules.gateway_finds_services, "Deployment/gateway", f"{CONTAINER}.volumeMounts.1.mountPath", "/c", "not mounted"),
        (rules.images_are_pinned, "Deployment/gateway", f"{CONTAINER}.image", "envoyproxy/envoy:latest", "no version"),
        (rules.images_are_pinned, "Job/redress-migrate", f"{CONTAINER}.image", "a/crossing:0.0.9", "different versions"),
        (rules.connections_fit, "HorizontalPodAutoscaler/redress", "spec.maxReplicas", 40, "connections"),
        (rules.commits_outlive_the_primary, "Cluster/postgres", "spec.instances", 2, "lost with the primary"),
        (
            rules.commits_outlive_the_primary,
            "Cluster/postgres",
            "spec.postgresql.synchronous.dataDurability",
            "preferred",
            "no standby has",
        ),
        (rules.commits_outlive_the_primary, "ObjectStore/backups", "metadata.name", "backup", "nobody makes backups"),
        (rules.secrets_are_elsewhere, "PersistentVolumeClaim/advance-ruling-files", "kind", "Secret", "stands in the"),
        (
            rules.secrets_are_elsewhere,
            "Job/redress-migrate",
            f"{CONTAINER}.env.2.valueFrom.secretKeyRef.name",
            "admission-owner",
            "holds admission-owner",
        ),
        (secrets_are_listed, "Deployment/gateway", f"{POD}.volumes.1.projected.sources.0.secret.name", "tls", "tls has no"),
        (every_setting_is_known_and_set, "ConfigMap/redress", "data.CROSSING_PUBLIC_ADRESS", "x", "PUBLIC_ADRESS"),
        (every_setting_is_known_and_set, "ConfigMap/redress", "data.CROSSING_PUBLIC_ADDRESS", GONE, "PUBLIC_ADDRESS"),
        (every_setting_is_known_and_set, "ConfigMap/shared", "data.CROSSING_DRAIN_SECONDS", "ten", "DRAIN_SECONDS"),
        (commands_are_understood, "Deployment/redress", f"{CONTAINER}.args.1", "redres", "redres"),
        (commands_are_understood, "Job/redress-migrate", f"{CONTAINER}.args.0", "migrat", "migrat"),
    ],
)  # fmt: skip
def test_the_rule_finds(staging: list[Object], rule: rules.Rule, where: str, path: str, value: Any, told: str) -> None:
    broken = copy.deepcopy(staging)
    _plant(next(each for each in broken if named(each).startswith(where)), path.split("."), value)
    assert any(told in fault for fault in rule(broken)), list(rule(broken))


@pytest.mark.parametrize(
    ("where", "path", "value", "told"),
    [
        ("Deployment/admission", f"{POD}.terminationGracePeriod", 30, "terminationGracePeriod"),
        ("Cluster/postgres", "spec.postgresql.synchronous.method", "quorum", "quorum"),
        ("Cluster/postgres", "spec.walStorge", {"size": "1Gi"}, "walStorge"),
        ("ScheduledBackup/nightly", "spec.schedule", "30 1 * * *", "schedule"),
        ("ObjectStore/backups", "kind", "ObjectShop", "no schema knows"),
    ],
)
def test_a_wrong_shape_is_found(staging: list[Object], where: str, path: str, value: Any, told: str) -> None:
    broken = copy.deepcopy([each for each in staging if named(each) == where])
    _plant(broken[0], path.split("."), value)
    assert any(told in fault for fault in shape_faults(broken))


def _plant(value: Any, path: list[str], planted: Any) -> None:
    *steps, last = [int(step) if step.isdigit() else step for step in path]
    for step in steps:
        value = value[step]
    if planted is GONE:
        del value[last]
    else:
        value[last] = planted
