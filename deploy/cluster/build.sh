#!/bin/sh
# Prints the manifests of an overlay, with the gateway's configuration rendered for it.
# Usage: deploy/cluster/build.sh staging|production, with crossing and kubectl (or what .venv/bin has) to be found.
set -eu
overlay=$(cd "$(dirname "$0")/overlays/$1" && pwd)
PATH="$overlay/../../../../.venv/bin:$PATH"
# shellcheck disable=SC1091
. "$overlay/shared.env"
crossing gateway render --for cluster --set issuer="$CROSSING_ISSUER" --set keys_url="$CROSSING_KEY_SET_URL" \
    > "$overlay/envoy.yaml"
kubectl kustomize "$overlay"
