-- SPDX-License-Identifier: Apache-2.0
-- SPDX-FileCopyrightText: 2026 The LoveBank authors
--
-- The peer in PostgreSQL: entries with their unique request ids, members with their balances, one
-- stored function for one service and one for a batch. Entry numbers come from a sequence, so they
-- have gaps and do not order the commits, and there are neither rules nor a Merkle tree: it does
-- less than we do. A request id that is there already fails, as a client's second try must.

CREATE TABLE member (
    member bigint PRIMARY KEY,
    points bigint NOT NULL DEFAULT 0,
    minutes bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50); -- room for updates in place

CREATE TABLE entry (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request uuid NOT NULL UNIQUE,
    member bigint NOT NULL,
    category integer NOT NULL,
    day date NOT NULL,
    minutes integer NOT NULL,
    points bigint NOT NULL,
    points_after bigint NOT NULL,
    minutes_after bigint NOT NULL
);

CREATE FUNCTION record_service(of_request uuid, of_member bigint, of_category integer, of_day date,
                               of_minutes integer,
                               OUT number bigint, OUT points_after bigint,
                               OUT minutes_after bigint)
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE member AS m
    SET points = m.points + of_minutes * 10, minutes = m.minutes + of_minutes
    WHERE m.member = of_member
    RETURNING m.points, m.minutes INTO points_after, minutes_after;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no member %', of_member;
    END IF;
    INSERT INTO entry AS e (request, member, category, day, minutes, points, points_after,
                            minutes_after)
    VALUES (of_request, of_member, of_category, of_day, of_minutes, of_minutes * 10, points_after,
            minutes_after)
    RETURNING e.number INTO number;
END
$$;

-- A batch: all entries in one INSERT from unnest, all balances in one UPDATE, members locked in the
-- order of their numbers, so that batches side by side cannot block each other. Returns how many.
CREATE FUNCTION record_services(requests uuid[], members bigint[], of_category integer,
                                of_day date, of_minutes integer)
RETURNS bigint
LANGUAGE sql AS $$
    WITH line AS (
        SELECT request, member, position,
               count(*) OVER (PARTITION BY member ORDER BY position) AS services
        FROM unnest(requests, members) WITH ORDINALITY AS l (request, member, position)
    ), total AS (
        SELECT member, count(*) AS services FROM line GROUP BY member
    ), locked AS (
        SELECT m.member, m.points, m.minutes, t.services
        FROM member AS m JOIN total AS t USING (member)
        ORDER BY m.member FOR UPDATE OF m
    ), changed AS (
        UPDATE member AS m
        SET points = l.points + l.services * of_minutes * 10,
            minutes = l.minutes + l.services * of_minutes
        FROM locked AS l WHERE m.member = l.member
        RETURNING m.member, l.points, l.minutes
    ), entered AS (
        INSERT INTO entry (request, member, category, day, minutes, points, points_after,
                           minutes_after)
        SELECT l.request, l.member, of_category, of_day, of_minutes, of_minutes * 10,
               c.points + l.services * of_minutes * 10, c.minutes + l.services * of_minutes
        FROM line AS l JOIN changed AS c USING (member) ORDER BY l.position
        RETURNING number
    )
    SELECT count(*) FROM entered
$$;
