#!/bin/sh
# Restores a PostgreSQL server from a base backup and the archived write-ahead log into a new data folder.
#   deploy/postgres/restore.sh BACKUP ARCHIVE DATA --point NAME | --time '2026-11-22 10:15:00+00' | --last
# Run it as the user the server runs as. No caller reaches the server meanwhile: it listens on no address. What is
# there afterwards is whole, or the script says what is missing and ends with 1. BACKUP and ARCHIVE stay as they are.
set -eu
usage() { sed -n '2,5s/^# *//p' "$0" >&2; exit 2; }
fail() { echo "$*" >&2; exit 1; }

[ $# -ge 4 ] || usage
backup=$1 archive=$2 data=$3
case $4 in
--point) target="recovery_target_name = '${5:?$(usage)}'" said="the point $5" ;;
--time) target="recovery_target_time = '${5:?$(usage)}'" said=$5 ;;
--last) target="" said="the end of the archive" ;;
*) usage ;;
esac
[ ! -e "$data" ] || [ -z "$(ls -A "$data")" ] || fail "$data is not empty: restore into a new folder"

pg_verifybackup --quiet "$backup" || fail "$backup is not as it was made: take an older base backup"

# A segment of the log that is not there ends every recovery: say which one, before anything is copied.
first=$(sed -n 's/^START WAL LOCATION: .*(file \(.*\))$/\1/p' "$backup/backup_label")
size=$(pg_controldata "$backup" | sed -n 's/^Bytes per WAL segment: *//p')
find "$archive" -type f | sed 's|.*/||' | grep -E '^[0-9A-F]{24}$' | LC_ALL=C sort |
    awk -v first="$first" -v per_file="$((4294967296 / size))" '
        function hex(text,    value, i) {
            for (i = 1; i <= length(text); i++) value = value * 16 + index("0123456789ABCDEF", substr(text, i, 1)) - 1
            return value
        }
        { place = hex(substr($0, 9, 8)) * per_file + hex(substr($0, 17)) }
        $0 < first { next }
        !seen[place]++ { if (known && place > last + 1) { print "between " before " and " $0; missing = 1 }
                         last = place; before = $0; known = 1 }
        END { exit missing }' >&2 || fail "segments are missing in $archive: nothing after them can be restored"

mkdir -p "$data"
chmod 700 "$data"
cp -a "$backup/." "$data/"
cat >>"$data/postgresql.auto.conf" <<CONF
restore_command = 'cp "$archive/%f" "%p"'
$target
recovery_target_action = 'promote'
CONF
touch "$data/recovery.signal"

beside=$(mktemp -d)
log=$beside/log
trap 'pg_ctl --pgdata="$data" --mode=immediate --silent stop 2>/dev/null || true; rm -rf "$beside"' EXIT
options="-c listen_addresses='' -c unix_socket_directories='$beside' -c archive_mode=off"
not_reached() {
    tail -n 20 "$log" >&2
    fail "$said was not reached: $data is no restored server"
}
pg_ctl --pgdata="$data" --log="$log" --options="$options" --silent --wait --timeout=3600 start || not_reached
until LC_ALL=C pg_controldata "$data" | grep -q '^Database cluster state: *in production$'; do
    pg_ctl --pgdata="$data" status >/dev/null || not_reached
    sleep 0.1
done
pg_ctl --pgdata="$data" --mode=fast --silent --wait stop
sed -i -e '/^restore_command = /d' -e '/^recovery_target/d' "$data/postgresql.auto.conf"
echo "$data: restored to $said; start the server, then verify every chain before callers come back"
