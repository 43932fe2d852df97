#!/bin/sh
# Names this moment, so that restore.sh can return to it, and waits until the archive holds it.
#   PGHOST=… PGUSER=crossing_backup PGPASSFILE=… deploy/postgres/restore-point.sh NAME
set -eu
[ $# -eq 1 ] || { sed -n '2,3s/^# *//p' "$0" >&2; exit 2; }

ask() { psql --no-password --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname=postgres "$@"; }

segment=$(echo "SELECT pg_walfile_name(pg_create_restore_point(:'name'))" | ask --set=name="$1")
ask --command="SELECT pg_switch_wal()" >/dev/null
waited=0
until [ "$(ask --command="SELECT coalesce(last_archived_wal, '') COLLATE \"C\" >= '$segment' FROM pg_stat_archiver")" = t ]; do
    waited=$((waited + 1))
    [ "$waited" -lt 600 ] || { echo "$1 is named, but $segment is not in the archive: see pg_stat_archiver" >&2; exit 1; }
    sleep 0.1
done
echo "$1: in the archive with $segment"
