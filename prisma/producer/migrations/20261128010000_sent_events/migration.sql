-- The sweeper looks up the event that told of an order's last change, by its time. Rows come in the order of their time, so
-- a BRIN index is a few pages, and writing it costs next to nothing.
CREATE INDEX "outbox_occurred_at" ON "producer"."outbox" USING brin ("occurred_at") WITH (pages_per_range = 16);
