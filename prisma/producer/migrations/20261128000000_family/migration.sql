-- The first word of the event's subject, which says which stream takes it: while one stream is full, the relay passes by its
-- rows without reading the events themselves. Empty in the rows of a service that does not know the column yet, as during a
-- rolling upgrade; such a row is never passed by.
ALTER TABLE "producer"."unpublished" ADD COLUMN "family" TEXT NOT NULL DEFAULT '';

UPDATE "producer"."unpublished" u SET "family" = split_part(o."subject", '.', 1)
FROM "producer"."outbox" o WHERE o."seq" = u."seq" AND o."occurred_at" = u."occurred_at";
