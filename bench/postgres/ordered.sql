-- SPDX-License-Identifier: Apache-2.0
-- SPDX-FileCopyrightText: 2026 The LoveBank authors
--
-- The rival that promises what we do (after schema.sql): entry numbers without a gap, in the order
-- of the commits, and a chain of SHA-256 over the entries. Both stand in the book's one row, which is
-- locked last and until the transaction is durable: so commits follow one another, each with a flush
-- of its own.

CREATE TABLE book (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    entries bigint NOT NULL,
    hash bytea NOT NULL
) WITH (fillfactor = 10);
INSERT INTO book (entries, hash) VALUES (0, sha256(''));

ALTER TABLE entry ADD hash bytea NOT NULL;

-- What of an entry is hashed.
CREATE FUNCTION leaf_of(number bigint, request uuid, member bigint, category integer, day date,
                        minutes integer, points_centi bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
    SELECT int8send(number) || uuid_send(request) || int8send(member) || int4send(category)
           || date_send(day) || int4send(minutes) || int8send(points_centi)
$$;

CREATE FUNCTION record_service(of_request uuid, of_member bigint, of_category integer, of_day date,
                               of_minutes integer,
                               OUT code integer, OUT number bigint, OUT points_after bigint,
                               OUT minutes_after bigint)
LANGUAGE plpgsql AS $$
DECLARE
    done credited := credit_service(of_request, of_member, of_category, of_day, of_minutes);
    new_hash bytea;
BEGIN
    code := 0;
    number := done.number;
    points_after := done.points_after;
    minutes_after := done.minutes_after;
    IF number IS NULL THEN
        UPDATE book AS b
        SET entries = b.entries + 1,
            hash = sha256(b.hash || leaf_of(b.entries + 1, of_request, of_member, of_category,
                                            of_day, of_minutes, done.points_centi))
        RETURNING b.entries, b.hash INTO number, new_hash;
        INSERT INTO entry (number, request, member, category, day, minutes, points_centi,
                           points_after, minutes_after, hash)
        VALUES (number, of_request, of_member, of_category, of_day, of_minutes,
                done.points_centi, points_after, minutes_after, new_hash);
    END IF;
END
$$;

CREATE FUNCTION record_services(requests uuid[], members bigint[], categories integer[],
                                days date[], minutes integer[])
RETURNS TABLE (code integer, number bigint, points_after bigint, minutes_after bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    done credited[] := ARRAY(
        SELECT c FROM credit_services(requests, members, categories, days, minutes) AS c);
    hashes bytea[] := '{}'; -- of each line; NULL: nothing new
    head book;
    new_hash bytea;
    one credited;
    position integer := 0;
BEGIN
    SELECT b.* INTO head FROM book AS b FOR UPDATE;
    new_hash := head.hash;
    FOREACH one IN ARRAY done LOOP
        position := position + 1;
        IF one.code = 0 AND one.number IS NULL THEN
            head.entries := head.entries + 1;
            new_hash := sha256(new_hash || leaf_of(head.entries, one.request, one.member,
                                                   one.category, one.day, one.minutes,
                                                   one.points_centi));
            one.number := head.entries;
            done[position] := one;
            hashes[position] := new_hash;
        ELSE
            hashes[position] := NULL;
        END IF;
    END LOOP;
    UPDATE book SET entries = head.entries, hash = new_hash;
    INSERT INTO entry (number, request, member, category, day, minutes, points_centi,
                       points_after, minutes_after, hash)
    SELECT d.number, d.request, d.member, d.category, d.day, d.minutes, d.points_centi,
           d.points_after, d.minutes_after, d.new_hash
    FROM unnest(done, hashes) AS d (line, code, number, request, member, category, day, minutes,
                                    points_centi, points_after, minutes_after, new_hash)
    WHERE d.new_hash IS NOT NULL;
    RETURN QUERY SELECT d.code, d.number, d.points_after, d.minutes_after FROM unnest(done) AS d;
END
$$;
