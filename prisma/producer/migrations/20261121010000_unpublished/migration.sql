-- What is not yet published has a narrow row of its own, which is deleted when the broker has stored the event. The event's row,
-- twenty times as wide, is then written once and never again (ADR 9).
CREATE TABLE "producer"."unpublished" (
    "seq" BIGINT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "lane" SMALLINT NOT NULL,
    "aggregate_id" UUID NOT NULL,
    -- Counts the epochs of the stream that it is meant for, from 0: a republication has another message id.
    "generation" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3),
    "last_error" TEXT,
    -- Refused by the broker for its own sake too often; it and its aggregate's later events wait for an operator.
    "parked" BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT "unpublished_pkey" PRIMARY KEY ("seq")
)
-- Rows come and go at once: vacuum by their number, and not by a share of a table that is nearly empty.
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

INSERT INTO "producer"."unpublished"
    ("seq", "occurred_at", "lane", "aggregate_id", "generation", "attempts", "not_before", "last_error", "parked")
SELECT "seq", "occurred_at", "lane", "aggregate_id", "generation", "attempts", "not_before", "last_error", "parked"
FROM "producer"."outbox" WHERE "published_at" IS NULL;

-- The few events that hold back their aggregates.
CREATE INDEX "unpublished_held_back_idx" ON "producer"."unpublished"("aggregate_id")
    WHERE "parked" OR "not_before" IS NOT NULL;

DROP INDEX "producer"."outbox_unpublished_idx";
DROP INDEX "producer"."outbox_held_back_idx";

-- `data` is published as it was written, so it is kept as it was written.
ALTER TABLE "producer"."outbox"
    ADD COLUMN "correlation_id" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "causation_id" TEXT NOT NULL DEFAULT '',
    ADD COLUMN "traceparent" TEXT NOT NULL DEFAULT '',
    ALTER COLUMN "data" TYPE TEXT USING "data"::text;

UPDATE "producer"."outbox" SET
    "correlation_id" = coalesce("headers" ->> 'correlationId', ''),
    "causation_id" = coalesce("headers" ->> 'causationId', ''),
    "traceparent" = coalesce("headers" ->> 'traceparent', '');

ALTER TABLE "producer"."outbox"
    ALTER COLUMN "correlation_id" DROP DEFAULT,
    ALTER COLUMN "causation_id" DROP DEFAULT,
    ALTER COLUMN "traceparent" DROP DEFAULT,
    DROP COLUMN "headers",
    DROP COLUMN "generation",
    DROP COLUMN "attempts",
    DROP COLUMN "not_before",
    DROP COLUMN "last_error",
    DROP COLUMN "parked",
    DROP COLUMN "published_at",
    DROP COLUMN "broker_epoch",
    DROP COLUMN "broker_seq";
