"""What containers are made of: the compose file, the Dockerfile, and the realm of the identity provider."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from crossing.gateway.presets import compose as gateway_options
from crossing.kit.identity import Role
from crossing.kit.issuer import AUDIENCE

TOP = Path(__file__).parents[2]
COMPOSE = YAML(typ="safe").load(TOP / "docker-compose.yml")
REALM = json.loads((TOP / "deploy/compose/realm-crossing.json").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CLIENTS: dict[str, dict[str, Any]] = {each["clientId"]: each for each in REALM["clients"]}
OF_SERVICES = ("admission", "advance-ruling", "redress")


def test_nothing_stands_in_the_compose_file_that_one_of_the_two_composes_does_not_know() -> None:
    assert not {"version", "name", "include"} & COMPOSE.keys()
    for service in SERVICES.values():
        assert isinstance(service.get("depends_on", {}), dict)
        for condition in service.get("depends_on", {}).values():
            assert condition.keys() == {"condition"}
        assert "start_interval" not in service.get("healthcheck", {})


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_container_gets_no_right_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is (name != "identity")
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert {"mem_limit", "pids_limit"} <= service.keys()
    assert not {"privileged", "cap_add", "network_mode", "pid"} & service.keys()
    assert not [each for each in service.get("volumes", []) if "docker.sock" in each]


def test_only_the_gateway_is_published_and_what_shows_figures_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published.pop("gateway") == [f"${{CROSSING_BIND:-127.0.0.1}}:{port}:{port}" for port in (8443, 9443)]
    assert published == {"grafana": ["127.0.0.1:3000:3000"]}


def test_every_secret_is_a_file_and_none_is_an_environment_variable() -> None:
    assert {tuple(each) for each in COMPOSE["secrets"].values()} == {("file",)}
    used = [
        each if isinstance(each, str) else each["source"] for s in SERVICES.values() for each in s.get("secrets", [])
    ]
    assert set(used) == COMPOSE["secrets"].keys()
    for service in SERVICES.values():
        for name, value in (service.get("environment") or {}).items():
            assert not re.search("PASSWORD|SECRET|TOKEN|KEY", name) or str(value).startswith(("/", "http")), name


def test_no_secret_is_tracked() -> None:
    tracked = subprocess.run(["git", "ls-files", "deploy/compose/secrets"], cwd=TOP, capture_output=True, check=True)
    assert tracked.stdout == b""
    ignored = subprocess.run(["git", "check-ignore", "-q", "deploy/compose/secrets/any"], cwd=TOP, check=False)
    assert ignored.returncode == 0


def test_services_and_gateway_speak_of_one_issuer() -> None:
    options = gateway_options()
    for name in OF_SERVICES:
        settings = SERVICES[name]["environment"]
        assert settings["CROSSING_ISSUER"] == options.issuer
        assert settings["CROSSING_KEY_SET_URL"] == options.keys_url
        assert settings == SERVICES[f"{name}-worker"]["environment"]
        assert settings["CROSSING_CLIENT_ID"] == name
    assert options.issuer == f"{SERVICES['identity']['environment']['KC_HOSTNAME']}/realms/{REALM['realm']}"


def test_the_image_runs_as_nobody_and_is_built_by_hash_without_what_only_some_builders_know() -> None:
    text = (TOP / "Dockerfile").read_text(encoding="utf-8")
    steps = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    last_stage = steps[max(number for number, line in enumerate(steps) if line.startswith("FROM")) :]
    assert "USER 10001:10001" in last_stage
    assert last_stage[-2:] == ['ENTRYPOINT ["crossing"]', 'CMD ["--help"]']
    assert "STOPSIGNAL SIGTERM" in last_stage
    assert "--require-hashes" in text
    assert not re.search(r"# *syntax=|--mount|<<|ADD |:latest", text)


def test_the_image_is_built_of_what_is_listed_and_of_nothing_else() -> None:
    listed = (TOP / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in listed if line.startswith("!")}
    assert "*" in listed
    assert allowed == {"pyproject.toml", "README.md", "requirements.lock", "wheelhouse", "shared", "services"}


def test_the_realm_has_the_roles_that_services_know_and_no_other() -> None:
    roles = {each["name"] for each in REALM["roles"]["client"][AUDIENCE]}
    assert roles == {role.value for role in Role}
    given = {role for user in REALM["users"] for role in user["clientRoles"][AUDIENCE]}
    assert given == roles


@pytest.mark.parametrize("client_id", sorted(CLIENTS.keys() - {AUDIENCE}))
def test_tokens_of_a_client_have_the_claims_that_services_read(client_id: str) -> None:
    client = CLIENTS[client_id]
    mappers = {each["name"]: each["config"] for each in client["protocolMappers"]}
    assert mappers["audience"]["included.client.audience"] == AUDIENCE
    assert mappers["roles"]["usermodel.clientRoleMapping.clientId"] == AUDIENCE
    assert (mappers["roles"]["claim.name"], mappers["roles"]["multivalued"]) == ("roles", "true")
    assert all(each["access.token.claim"] == "true" for each in mappers.values())
    assert client["attributes"]["access.token.signed.response.alg"] == "ES256"
    assert client["defaultClientScopes"] == ["basic"], "scopes of Keycloak's own bring names and addresses"
    assert not client["directAccessGrantsEnabled"]
    assert not client["implicitFlowEnabled"]


def test_people_sign_in_with_pkce_and_cannot_say_themselves_where_they_work() -> None:
    assert CLIENTS["terminals"]["attributes"]["pkce.code.challenge.method"] == "S256"
    assert {each["name"] for each in CLIENTS["terminals"]["protocolMappers"]} >= {"port", "terminal"}
    [profile] = REALM["components"]["org.keycloak.userprofile.UserProfileProvider"]
    [told] = profile["config"]["kc.user.profile.config"]
    for attribute in json.loads(told)["attributes"]:
        assert attribute["permissions"]["edit"] == ["admin"]


def test_services_are_known_by_their_names_and_have_the_role_of_services_only() -> None:
    users = {each["serviceAccountClientId"]: each for each in REALM["users"] if "serviceAccountClientId" in each}
    assert users.keys() == set(OF_SERVICES)
    for name, user in users.items():
        assert (user["id"], user["clientRoles"]) == (name, {AUDIENCE: [Role.SERVICE.value]})
        assert re.fullmatch("@.+@", CLIENTS[name]["secret"]), "a secret stands in the repository"
