-- SPDX-License-Identifier: Apache-2.0
-- SPDX-FileCopyrightText: 2026 The LoveBank authors
--
-- The rival of bench/scale.sh: a love bank in PostgreSQL alone, its rules in stored functions that
-- an application calls directly. What an engineer writes who knows PostgreSQL: few statements, one
-- call for one service or for a whole batch, plans made once, an index for each question and no
-- other, room in the pages for updates in place. This file is what both kinds share; free.sql and
-- ordered.sql add the functions that are called.
--
-- It checks what we check of a service: the request id is new, or its first answer is given again;
-- the member is there and active; the category has a tariff on that day; the day's minutes are
-- within its limit. It keeps what we keep for a member: points by lot, sums, totals of the year. It
-- leaves out what we do besides: the Merkle tree, the issuer's account (one row for all), sealed
-- personal data, roles, recorded refusals, services that overlap by the clock, debts. Stars follow
-- from the hours and are not stored, there as here.

CREATE TABLE tariff (
    category integer,
    first_day date,
    points_per_hour_centi bigint NOT NULL,
    coefficient_permille integer NOT NULL,
    rounding_minutes integer NOT NULL,
    expiry_years integer, -- after the end of the year; NULL: points never expire
    day_minutes_max integer NOT NULL,
    PRIMARY KEY (category, first_day)
);

CREATE TABLE member (
    member bigint PRIMARY KEY,
    is_active boolean NOT NULL DEFAULT true,
    joined date NOT NULL,
    points_centi bigint NOT NULL DEFAULT 0 CHECK (points_centi >= 0),
    minutes bigint NOT NULL DEFAULT 0 CHECK (minutes >= 0)
) WITH (fillfactor = 50);

CREATE TABLE lot (
    member bigint,
    last_day date, -- infinity: never expires
    points_centi bigint NOT NULL CHECK (points_centi >= 0),
    PRIMARY KEY (member, last_day)
) WITH (fillfactor = 50);

CREATE TABLE year_total (
    member bigint,
    year integer,
    points_centi bigint NOT NULL,
    minutes bigint NOT NULL,
    services integer NOT NULL,
    PRIMARY KEY (member, year)
) WITH (fillfactor = 50);

CREATE TABLE entry (
    number bigint PRIMARY KEY,
    request uuid NOT NULL UNIQUE,
    member bigint NOT NULL,
    category integer NOT NULL,
    day date NOT NULL,
    minutes integer NOT NULL,
    points_centi bigint NOT NULL,
    points_after bigint NOT NULL,
    minutes_after bigint NOT NULL,
    recorded timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX entry_of_day ON entry (member, day);

CREATE FUNCTION points_of(rule tariff, minutes integer) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
    SELECT (minutes - minutes % rule.rounding_minutes) * rule.points_per_hour_centi
           * rule.coefficient_permille / 60000
$$;

CREATE FUNCTION lot_of(rule tariff, day date) RETURNS date
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN rule.expiry_years IS NULL THEN 'infinity'::date
                ELSE make_date(extract(year FROM day)::integer + rule.expiry_years, 12, 31) END
$$;

CREATE TYPE credited AS (
    line bigint,      -- its place in the batch
    code integer,     -- 0: done; 1: no such member; 2: no tariff; 3: over the day; 4: id used otherwise
    number bigint,    -- of the entry that the id made before; NULL: it is to be made
    request uuid,
    member bigint,
    category integer,
    day date,
    minutes integer,
    points_centi bigint,
    points_after bigint,
    minutes_after bigint
);

-- Everything of one service but its entry. Errors end the transaction. Two tries at once under one
-- id: the second fails at the unique id, and finds the first's answer when it is sent again.
CREATE FUNCTION credit_service(of_request uuid, of_member bigint, of_category integer, of_day date,
                               of_minutes integer, OUT done credited)
LANGUAGE plpgsql AS $$
DECLARE
    rule tariff;
    day_minutes bigint;
    year_of_day integer := extract(year FROM of_day);
BEGIN
    done.code := 0;
    SELECT e.number, e.points_after, e.minutes_after,
           CASE WHEN (e.member, e.category, e.day, e.minutes)
                   = (of_member, of_category, of_day, of_minutes) THEN 0 ELSE 4 END
    INTO done.number, done.points_after, done.minutes_after, done.code
    FROM entry AS e WHERE e.request = of_request;
    IF FOUND THEN
        IF done.code = 4 THEN
            RAISE EXCEPTION 'request % asked for something else before', of_request;
        END IF;
        RETURN;
    END IF;
    SELECT t.* INTO rule FROM tariff AS t
    WHERE t.category = of_category AND t.first_day <= of_day ORDER BY t.first_day DESC LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no tariff for category % on %', of_category, of_day;
    END IF;
    done.points_centi := points_of(rule, of_minutes);
    UPDATE member AS m
    SET points_centi = m.points_centi + done.points_centi, minutes = m.minutes + of_minutes
    WHERE m.member = of_member AND m.is_active AND m.joined <= of_day
    RETURNING m.points_centi, m.minutes INTO done.points_after, done.minutes_after;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no active member % on %', of_member, of_day;
    END IF;
    SELECT coalesce(sum(e.minutes), 0) INTO day_minutes
    FROM entry AS e WHERE e.member = of_member AND e.day = of_day;
    IF day_minutes + of_minutes > rule.day_minutes_max THEN
        RAISE EXCEPTION 'member % has % minutes on %', of_member, day_minutes, of_day;
    END IF;
    INSERT INTO lot AS l VALUES (of_member, lot_of(rule, of_day), done.points_centi)
    ON CONFLICT (member, last_day)
    DO UPDATE SET points_centi = l.points_centi + excluded.points_centi;
    INSERT INTO year_total AS y VALUES (of_member, year_of_day, done.points_centi, of_minutes, 1)
    ON CONFLICT (member, year)
    DO UPDATE SET points_centi = y.points_centi + excluded.points_centi,
                  minutes = y.minutes + excluded.minutes, services = y.services + 1;
END
$$;

-- The same for a batch, in two statements: the members' rows are locked in the order of their
-- numbers, so that batches side by side cannot block each other; then every line is judged and every
-- table changed once. A line that is refused does not stop the others; it counts for its member's
-- day, though, so that lines behind it may be refused which would have fitted. An id that a batch
-- names twice fails the batch.
CREATE FUNCTION credit_services(requests uuid[], members bigint[], categories integer[],
                                days date[], minutes integer[])
RETURNS SETOF credited
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM member AS m WHERE m.member = ANY (members) ORDER BY m.member FOR NO KEY UPDATE;
    RETURN QUERY
    WITH line AS (
        SELECT * FROM unnest(requests, members, categories, days, minutes) WITH ORDINALITY
            AS l (request, member, category, day, minutes, line)
    ), judged AS (
        SELECT l.*, e.number, e.points_after, e.minutes_after,
               m.points_centi AS points_before, m.minutes AS minutes_before,
               points_of(t, l.minutes) AS points_centi, lot_of(t, l.day) AS last_day,
               CASE WHEN e.number IS NOT NULL THEN
                        CASE WHEN (e.member, e.category, e.day, e.minutes)
                                = (l.member, l.category, l.day, l.minutes) THEN 0 ELSE 4 END
                    WHEN m.member IS NULL THEN 1
                    WHEN t.category IS NULL THEN 2
                    WHEN given.minutes + sum(l.minutes) FILTER (WHERE e.number IS NULL)
                             OVER (PARTITION BY l.member, l.day ORDER BY l.line)
                         > t.day_minutes_max THEN 3
                    ELSE 0 END AS code
        FROM line AS l
        LEFT JOIN entry AS e ON e.request = l.request
        LEFT JOIN member AS m ON m.member = l.member AND m.is_active AND m.joined <= l.day
        LEFT JOIN LATERAL (
            SELECT * FROM tariff AS o WHERE o.category = l.category AND o.first_day <= l.day
            ORDER BY o.first_day DESC LIMIT 1) AS t ON true
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(d.minutes), 0) AS minutes FROM entry AS d
            WHERE d.member = l.member AND d.day = l.day) AS given ON true
    ), fresh AS MATERIALIZED (
        SELECT j.*, j.code = 0 AND j.number IS NULL AS is_new FROM judged AS j
    ), changed AS (
        UPDATE member AS m
        SET points_centi = m.points_centi + s.points_centi, minutes = m.minutes + s.minutes
        FROM (SELECT f.member, sum(f.points_centi) AS points_centi, sum(f.minutes) AS minutes
              FROM fresh AS f WHERE f.is_new GROUP BY f.member) AS s
        WHERE m.member = s.member
    ), lots AS (
        INSERT INTO lot AS l
        SELECT f.member, f.last_day, sum(f.points_centi) FROM fresh AS f WHERE f.is_new
        GROUP BY f.member, f.last_day
        ON CONFLICT (member, last_day)
        DO UPDATE SET points_centi = l.points_centi + excluded.points_centi
    ), years AS (
        INSERT INTO year_total AS y
        SELECT f.member, extract(year FROM f.day)::integer, sum(f.points_centi), sum(f.minutes),
               count(*)
        FROM fresh AS f WHERE f.is_new GROUP BY 1, 2
        ON CONFLICT (member, year)
        DO UPDATE SET points_centi = y.points_centi + excluded.points_centi,
                      minutes = y.minutes + excluded.minutes,
                      services = y.services + excluded.services
    )
    SELECT f.line, f.code, f.number, f.request, f.member, f.category, f.day, f.minutes,
           f.points_centi,
           CASE WHEN f.is_new THEN f.points_before + (sum(f.points_centi) FILTER (WHERE f.is_new)
                    OVER of_member)::bigint ELSE f.points_after END,
           CASE WHEN f.is_new THEN f.minutes_before + sum(f.minutes) FILTER (WHERE f.is_new)
                    OVER of_member ELSE f.minutes_after END
    FROM fresh AS f
    WINDOW of_member AS (PARTITION BY f.member ORDER BY f.line)
    ORDER BY f.line;
END
$$;

-- What a member has: the question of the load's readers.
CREATE FUNCTION balance_of(of_member bigint, OUT points_centi bigint, OUT minutes bigint)
LANGUAGE sql STABLE AS $$
    SELECT m.points_centi, m.minutes FROM member AS m WHERE m.member = of_member
$$;
