-- Events no longer say who somebody is. Those that are kept are published again when a stream is made anew, so they must
-- not say it either. What the stream has already ends with its age.
UPDATE "producer"."outbox"
SET "data" = ("data"::jsonb || '{"username": "", "email": "", "name": ""}')::text
WHERE "subject" = 'user.created';
