#!/bin/sh
# Makes a base backup of the whole PostgreSQL server, and verifies it against its manifest.
#   PGHOST=… PGUSER=crossing_backup PGPASSFILE=… deploy/postgres/backup.sh FOLDER
# The backup is FOLDER/TIME; with the archived write-ahead log it restores to any moment after that (restore.sh).
set -eu
[ $# -eq 1 ] || { sed -n '2,4s/^# *//p' "$0" >&2; exit 2; }

backup=$1/$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$1"
trap 'rm -rf "$backup.part"' EXIT
pg_basebackup --no-password --pgdata="$backup.part" --checkpoint=fast --wal-method=stream --manifest-checksums=SHA256
pg_verifybackup --quiet "$backup.part"
sync --file-system "$backup.part"
mv "$backup.part" "$backup"
echo "$backup: $(du -sm "$backup" | cut -f1) MB, verified"
