#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Patroni runs this once, on the first primary, when the cluster is made: the database, and the roles of
# lovebankd. lovebank_owner makes the tables (`lovebankd migrate`) and can do anything with them;
# lovebank, whom the servers are, can add to them, and neither change nor delete what was written.
#
# usage: post-bootstrap.sh CONNECTION
set -eu

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$1" <<'SQL'
\getenv owner_password LOVEBANK_OWNER_PASSWORD
\getenv password LOVEBANK_DATABASE_PASSWORD
CREATE ROLE lovebank_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE lovebank LOGIN PASSWORD :'password';
-- Who holds the lock of the book and does nothing is thrown out; lovebankd sets its own time.
ALTER ROLE lovebank SET idle_in_transaction_session_timeout = '5s';
CREATE DATABASE lovebank OWNER lovebank_owner;
REVOKE CONNECT ON DATABASE lovebank FROM PUBLIC;
GRANT CONNECT ON DATABASE lovebank TO lovebank;
\connect lovebank
ALTER DEFAULT PRIVILEGES FOR ROLE lovebank_owner IN SCHEMA public
    GRANT SELECT, INSERT ON TABLES TO lovebank;
-- The one row that moves. Privileges by default are alike for all tables: so when that one is made.
CREATE FUNCTION lovebank_let_serve() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands()
               WHERE command_tag = 'CREATE TABLE' AND object_identity = 'public.lovebank_book') THEN
        GRANT UPDATE ON public.lovebank_book TO lovebank;
    END IF;
END
$$;
CREATE EVENT TRIGGER lovebank_let_serve ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
    EXECUTE FUNCTION lovebank_let_serve();
SQL
