-- SPDX-License-Identifier: Apache-2.0
-- SPDX-FileCopyrightText: 2026 The LoveBank authors
--
-- After a load: the members' sums, lots and totals of the years are those of the entries; and where
-- there is a book row (ordered.sql), numbers have no gap and the chain comes to its hash. Fails with the
-- first thing that is wrong. Not timed.

DO $$
DECLARE
    wrong bigint;
BEGIN
    SELECT count(*) INTO wrong
    FROM member AS m
    LEFT JOIN (SELECT e.member, sum(e.points_centi) AS points_centi, sum(e.minutes) AS minutes
               FROM entry AS e GROUP BY e.member) AS s USING (member)
    LEFT JOIN (SELECT l.member, sum(l.points_centi) AS points_centi
               FROM lot AS l GROUP BY l.member) AS p USING (member)
    LEFT JOIN (SELECT y.member, sum(y.minutes) AS minutes, sum(y.points_centi) AS points_centi
               FROM year_total AS y GROUP BY y.member) AS t USING (member)
    WHERE (m.points_centi, m.points_centi, m.points_centi, m.minutes, m.minutes)
          IS DISTINCT FROM
          (coalesce(s.points_centi, 0), coalesce(p.points_centi, 0), coalesce(t.points_centi, 0),
           coalesce(s.minutes, 0), coalesce(t.minutes, 0));
    IF wrong > 0 THEN
        RAISE EXCEPTION '% members have other sums than their entries', wrong;
    END IF;
END
$$;

SELECT to_regclass('book') IS NOT NULL AS is_ordered \gset
\if :is_ordered
DO $$
DECLARE
    head book;
    one entry;
    number bigint := 0;
    hash bytea := sha256('');
BEGIN
    FOR one IN SELECT e.* FROM entry AS e ORDER BY e.number LOOP
        number := number + 1;
        hash := sha256(hash || leaf_of(number, one.request, one.member, one.category, one.day,
                                       one.minutes, one.points_centi));
        IF one.number <> number OR one.hash <> hash THEN
            RAISE EXCEPTION 'the chain breaks at entry %', number;
        END IF;
    END LOOP;
    SELECT b.* INTO head FROM book AS b;
    IF (head.entries, head.hash) <> (number, hash) THEN
        RAISE EXCEPTION 'the book row is not that of entry %', number;
    END IF;
END
$$;
\endif
