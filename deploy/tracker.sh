#!/bin/sh
# Run once by the database's image when its volume is empty: the Rasa servers get a database of their own, and a user
# who can reach no other.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$TRACKER_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE USER tracker PASSWORD :'password';
CREATE DATABASE tracker OWNER tracker;
REVOKE CONNECT ON DATABASE wegweiser FROM PUBLIC;
SQL
