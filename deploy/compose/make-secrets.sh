#!/bin/sh
# Makes what the compose file mounts, in deploy/compose/secrets: passwords, keys, the provider's realm with its secrets
# filled in, certificates to try it with, and the gateway's configuration. Secrets that are there stay: databases know them.
#   deploy/compose/make-secrets.sh [CROSSING]      (the `crossing` command)
set -eu
crossing=$(command -v "${1:-.venv/bin/crossing}") || { echo "There is no ${1:-.venv/bin/crossing}: run make setup" >&2; exit 1; }
case $crossing in /*) ;; *) crossing=$PWD/$crossing ;; esac
cd "$(dirname "$0")"
mkdir -p secrets
# Containers run as other users, who read what is mounted for them; the folder keeps out everybody else here.
chmod 700 secrets
umask 022

# once FILE: keeps what comes in, unless there is such a file.
once() {
    [ -e "secrets/$1" ] && return
    cat > "secrets/$1.unfinished"
    mv "secrets/$1.unfinished" "secrets/$1"
}
secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
url() { printf 'postgresql+asyncpg://%s:%s@postgres:5432/%s' "$1" "$(cat "secrets/$1_password")" "$2"; }

for name in postgres identity grafana crossing_backup; do secret | once "${name}_password"; done
for service in admission advance-ruling redress; do
    database=$(echo "$service" | tr - _)
    for role in owner app reader; do secret | once "${database}_${role}_password"; done
    url "${database}_app" "$database" | once "${database}_database_url"
    url "${database}_owner" "$database" | once "${database}_owner_database_url"
    secret | once "${database}_identity_key"
    secret | once "${service}-client-secret"
done
for person in officer supervisor adjudicator caseworker analyst applicant; do
    secret | once "first-$person-password"
done

fillings=""
for each in secrets/*-client-secret secrets/*-password; do
    fillings="$fillings;s/@$(basename "$each")@/$(cat "$each")/"
done
sed "$fillings" realm-crossing.json | once realm-crossing.json
once keycloak.conf <<END
db=postgres
db-url=jdbc:postgresql://postgres:5432/identity
db-username=identity
db-password=$(cat secrets/identity_password)
END
if [ ! -e secrets/certificates ]; then
    "$crossing" gateway certificates secrets/certificates >/dev/null
    chmod -R a+rX secrets/certificates
fi
"$crossing" gateway render --for compose > secrets/envoy.yaml
echo "make-secrets: $(find secrets -type f | wc -l) files in deploy/compose/secrets"
