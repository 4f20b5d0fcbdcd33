-- The message that we saw acknowledged last in each stream: an older copy of the store that others have filled up since
-- has another one in its place.
ALTER TABLE "producer"."broker_streams" ADD COLUMN "last_message_id" TEXT NOT NULL DEFAULT '';
