#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Patroni runs this once, on the first primary, when the cluster is made: the role and the database of
# lovebankd. Its tables are made by `lovebankd migrate`.
#
# usage: post-bootstrap.sh CONNECTION
set -eu

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$1" <<'SQL'
\getenv password LOVEBANK_DATABASE_PASSWORD
CREATE ROLE lovebank LOGIN PASSWORD :'password';
-- Who holds the lock of the book and does nothing (a stopped or cut-off server) is thrown out.
ALTER ROLE lovebank SET idle_in_transaction_session_timeout = '5s';
CREATE DATABASE lovebank OWNER lovebank;
REVOKE CONNECT ON DATABASE lovebank FROM PUBLIC;
SQL
