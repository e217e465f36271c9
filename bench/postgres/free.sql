-- SPDX-License-Identifier: Apache-2.0
-- SPDX-FileCopyrightText: 2026 The LoveBank authors
--
-- The rival that promises no order (after schema.sql): entry numbers come from a sequence, so they
-- have gaps, and a higher number may be there before a lower one. Only members' rows are locked, and
-- commits side by side share their flush: what an ordinary application does.

CREATE SEQUENCE entry_number;

CREATE FUNCTION record_service(of_request uuid, of_member bigint, of_category integer, of_day date,
                               of_minutes integer,
                               OUT code integer, OUT number bigint, OUT points_after bigint,
                               OUT minutes_after bigint)
LANGUAGE plpgsql AS $$
DECLARE
    done credited := credit_service(of_request, of_member, of_category, of_day, of_minutes);
BEGIN
    code := 0;
    number := done.number;
    points_after := done.points_after;
    minutes_after := done.minutes_after;
    IF number IS NULL THEN
        number := nextval('entry_number');
        INSERT INTO entry VALUES (number, of_request, of_member, of_category, of_day, of_minutes,
                                  done.points_centi, points_after, minutes_after);
    END IF;
END
$$;

CREATE FUNCTION record_services(requests uuid[], members bigint[], categories integer[],
                                days date[], minutes integer[])
RETURNS TABLE (code integer, number bigint, points_after bigint, minutes_after bigint)
LANGUAGE sql AS $$
    WITH done AS MATERIALIZED (
        SELECT c.*, c.code = 0 AND c.number IS NULL AS is_new,
               CASE WHEN c.code = 0 AND c.number IS NULL THEN nextval('entry_number')
                    ELSE c.number END AS given
        FROM credit_services(requests, members, categories, days, minutes) AS c
    ), entered AS (
        INSERT INTO entry
        SELECT d.given, d.request, d.member, d.category, d.day, d.minutes, d.points_centi,
               d.points_after, d.minutes_after
        FROM done AS d WHERE d.is_new
    )
    SELECT d.code, d.given, d.points_after, d.minutes_after FROM done AS d
$$;
