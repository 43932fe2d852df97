#!/bin/bash
# Written for this project: the part of the official image's behaviour that compose files
# and testcontainers rely on, and no more.
set -Eeuo pipefail
from_file() {  # VAR or VAR_FILE
  local v=$1 f="${1}_FILE" d="${2:-}"
  if [ -n "${!v:-}" ] && [ -n "${!f:-}" ]; then echo "both $v and $f are set" >&2; exit 1; fi
  if [ -n "${!f:-}" ]; then export "$v"="$(cat "${!f}")"; elif [ -z "${!v:-}" ]; then export "$v"="$d"; fi
}
case "${1:-postgres}" in -*) set -- postgres "$@";; esac
if [ "$1" = postgres ] && [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /run/postgresql; chown -R postgres: "$PGDATA" /run/postgresql; chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [ "$1" = postgres ] && [ ! -s "$PGDATA/PG_VERSION" ]; then
  from_file POSTGRES_PASSWORD; from_file POSTGRES_USER postgres
  from_file POSTGRES_DB "$POSTGRES_USER"; from_file POSTGRES_INITDB_ARGS
  if [ -z "$POSTGRES_PASSWORD" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
    echo "Error: Database is uninitialized and superuser password is not specified." >&2; exit 1
  fi
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
  # As in the official image, set-up runs on a server that listens on the socket only.
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p 5432" -w start
  run() { psql -v ON_ERROR_STOP=1 --no-psqlrc -U "$POSTGRES_USER" "$@"; }
  if [ "$POSTGRES_DB" != postgres ]; then
    run -d postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
  fi
  for f in /docker-entrypoint-initdb.d/*; do
    case "$f" in
      *.sh) if [ -x "$f" ]; then "$f"; else . "$f"; fi;;
      *.sql) run -d "$POSTGRES_DB" -f "$f";;
      *.sql.gz) gunzip -c "$f" | run -d "$POSTGRES_DB";;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
  echo "PostgreSQL init process complete; ready for start up."
fi
if [ "$1" = postgres ]; then shift; exec postgres -c listen_addresses='*' "$@"; fi
exec "$@"
