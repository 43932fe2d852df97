#!/bin/sh
# The database of the identity provider and the role that owns it; run by the image at its first start.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$(cat /run/secrets/identity_password)" --username postgres <<'END'
CREATE ROLE identity LOGIN PASSWORD :'password';
CREATE DATABASE identity OWNER identity;
END
