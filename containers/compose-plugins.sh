#!/bin/bash
# Compose v2 and buildx from Debian trixie's packages, unpacked beside the bookworm client
# (both are static enough to run on bookworm). Prints the folder to use as DOCKER_CONFIG.
set -euo pipefail
D=${CROSSING_DOCKER_DIR:-${TMPDIR:-/tmp}/crossing-docker}; C=$D/config
[ -x "$C/cli-plugins/docker-compose" ] && { echo "$C"; exit 0; }
mkdir -p "$C/cli-plugins" "$D/debs"
docker run --rm -v "$D/debs:/debs" debian:trixie-slim sh -c \
  'cd /debs && apt-get update -qq && apt-get download -qq docker-compose docker-buildx' >&2
for f in "$D"/debs/*.deb; do dpkg-deb -x "$f" "$D/debs/x"; done
cp "$D"/debs/x/usr/libexec/docker/cli-plugins/docker-{compose,buildx} "$C/cli-plugins/"
rm -rf "$D/debs"; echo "$C"
