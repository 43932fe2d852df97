#!/bin/bash
# A private Docker Engine for tests: own data root, own socket, own bridge, no systemd.
#   dockerd-private.sh start | stop | env
# Needs root and Debian's docker.io and iproute2. State lives under $CROSSING_DOCKER_DIR.
set -euo pipefail
D=${CROSSING_DOCKER_DIR:-${TMPDIR:-/tmp}/crossing-docker}
BR=${CROSSING_DOCKER_BRIDGE:-crossing0}
SOCK=unix://$D/docker.sock
case "${1:-}" in
start)
  command -v dockerd >/dev/null || { echo "install docker.io first" >&2; exit 1; }
  mkdir -p "$D"
  if docker -H "$SOCK" info >/dev/null 2>&1; then echo "already up: $SOCK"; exit 0; fi
  iptables -S FORWARD | head -1 >"$D/forward"  # the engine sets it to DROP
  # An own bridge and address pool: a second engine on the machine keeps docker0 to itself.
  ip link show "$BR" >/dev/null 2>&1 || { ip link add "$BR" type bridge; ip addr add 10.233.255.1/24 dev "$BR"; ip link set "$BR" up; }
  dockerd --data-root "$D/data" --exec-root "$D/exec" -H "$SOCK" --pidfile "$D/dockerd.pid" \
    --bridge "$BR" --default-address-pool base=10.233.0.0/17,size=24 \
    --log-level warn >"$D/dockerd.log" 2>&1 </dev/null &
  for _ in $(seq 120); do docker -H "$SOCK" info >/dev/null 2>&1 && { echo "up: $SOCK"; exit 0; }; sleep .25; done
  tail -20 "$D/dockerd.log" >&2; exit 1;;
stop)
  [ -s "$D/dockerd.pid" ] || exit 0
  pid=$(cat "$D/dockerd.pid")
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] || exit 0
  kill "$pid"; for _ in $(seq 120); do [ -d "/proc/$pid" ] || break; sleep .25; done
  for t in filter nat; do          # the engine leaves its firewall rules behind: take away those on our bridge
    iptables -t $t -S | grep -w -- "$BR" | sed 's/^-A/-D/' | while read -r r; do iptables -t $t $r; done || true
  done
  # shellcheck disable=SC2046
  [ -s "$D/forward" ] && iptables $(cat "$D/forward")
  ip link del "$BR" 2>/dev/null || true;;
env) echo "export DOCKER_HOST=$SOCK TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1";;
*) echo "usage: $0 start|stop|env" >&2; exit 2;;
esac
