#!/bin/sh
# Makes the databases of the three services and their roles, each with its password; changes nothing that is right.
#   NAME_owner   owns the database and migrates it (`crossing migrate`, which also grants what the others need)
#   NAME_app     is the service and its workers: reads, appends, and changes only what is no record
#   NAME_reader  looks: verification, exports, statistics
#   crossing_backup   takes base backups (backup.sh) and names points to restore to (restore-point.sh)
#
# Runs as an init script of the official image, or by hand with PGHOST, PGPORT and PGUSER of a superuser:
#   CROSSING_SECRETS=/some/folder deploy/postgres/roles.sh
# Each password is in a file of that folder, ROLE_password (admission_app_password …); without the file the script ends.
set -eu

secrets=${CROSSING_SECRETS:-/run/secrets}
user=${PGUSER:-${POSTGRES_USER:-postgres}}

run() { # with $role, $database and $owner as psql's variables; the password stays out of the list of processes
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$user" --dbname "${POSTGRES_DB:-postgres}" "$@"
}

make_role() { # ROLE ATTRIBUTES
    [ -r "$secrets/$1_password" ] || { echo "roles: there is no password of $1 in $secrets/$1_password" >&2; exit 1; }
    PASSWORD=$(cat "$secrets/$1_password")
    export PASSWORD
    run --set role="$1" --set attributes="$2" <<'SQL'
\getenv password PASSWORD
SELECT format('CREATE ROLE %I', :'role') WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS :attributes PASSWORD :'password';
SQL
}

for database in admission advance_ruling redress; do
    for role in owner app reader; do
        make_role "${database}_$role" NOREPLICATION
    done
    run --set database="$database" --set owner="${database}_owner" <<'SQL'
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'owner')
WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = :'database') \gexec
ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
done
make_role crossing_backup REPLICATION
run <<'SQL'
GRANT EXECUTE ON FUNCTION pg_create_restore_point(text), pg_switch_wal() TO crossing_backup;
SQL
echo "roles: 3 databases, 10 roles"
