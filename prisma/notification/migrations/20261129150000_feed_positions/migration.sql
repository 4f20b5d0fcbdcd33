-- Where an entry stands in the order in which entries became visible: an id is made before its row is, so one that is
-- lower may come later. Entries of before have none, because nobody follows from there.
CREATE SEQUENCE "notifications"."feed_positions";
ALTER TABLE "notifications"."deliveries" ADD COLUMN "feed_position" BIGINT;
CREATE INDEX "deliveries_feed_position" ON "notifications"."deliveries"("recipient_id", "feed_position")
    WHERE "feed_position" IS NOT NULL;
