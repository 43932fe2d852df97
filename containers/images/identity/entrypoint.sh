#!/bin/sh
# The part of Keycloak's behaviour that the compose file relies on: `start --import-realm`.
set -eu
REALM=$(ls /opt/keycloak/data/import/*.json)
export REALM ISSUER="$KC_HOSTNAME/realms/crossing" HOST=0.0.0.0 PORT=8080 READY_PORT=9000
exec node /opt/provider/provider.mjs
