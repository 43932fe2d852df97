#!/bin/bash
# Makes local stand-ins for the official images, under the official names, with no image registry:
# debootstrap + docker import for the two Debian bases, docker build for the rest.
# Never run it on an engine that also serves real users: it takes over the official names.
#   make-images.sh [python] [postgres] [nginx] [haproxy]      (default: python postgres nginx)
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
W=$(mktemp -d); trap 'rm -rf "$W"' EXIT
base() {  # base SUITE
  docker image inspect "debian:$1-slim" >/dev/null 2>&1 && return
  # A name that a registry would serve must not be on its way over the network: import only.
  debootstrap --variant=minbase --include=ca-certificates "$1" "$W/$1" >"$W/$1.log" 2>&1 || { tail "$W/$1.log" >&2; exit 1; }
  tar -C "$W/$1" --exclude='./var/cache/apt/archives/*.deb' --exclude='./var/lib/apt/lists/*' \
      --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale -c . \
    | docker import -c 'CMD ["bash"]' - "debian:$1-slim" >/dev/null
  rm -rf "${W:?}/$1"
}
build() {  # build TAG DIR [ARGS…]
  local tag=$1 dir=$2; shift 2
  docker image inspect "$tag" >/dev/null 2>&1 && return
  cp -r "$HERE/images/$dir" "$W/$dir-ctx"
  mkdir -p "$W/$dir-ctx/extra"
  cp /usr/local/share/ca-certificates/*.crt "$W/$dir-ctx/extra/" 2>/dev/null || true
  docker build -q -t "$tag" "$@" "$W/$dir-ctx" >/dev/null
}
[ $# -gt 0 ] || set -- python postgres nginx
for what; do
  t=$SECONDS
  case $what in
    python)   base bookworm; build python:3.11-slim-bookworm python;;
    postgres) base trixie;   build postgres:17 postgres;;
    nginx)    base trixie;   build nginx:1.26 nginx;;
    haproxy)  base trixie;   build haproxy:3.0 haproxy;;
    *) echo "unknown image $what" >&2; exit 2;;
  esac
  echo "$what ready in $((SECONDS - t)) s"
done
docker image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}'
