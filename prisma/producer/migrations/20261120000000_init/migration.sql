CREATE SCHEMA IF NOT EXISTS "producer";

-- The mailbox in which each service leaves its events, in the same transaction as its state.
-- One partition a day; the producer makes the next days' and drops those beyond the streams' retention.
CREATE TABLE "producer"."outbox" (
    "seq" BIGSERIAL NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    -- The event's id for ever (ce-id).
    "id" UUID NOT NULL,
    -- The unit of ownership: one producer holds a lane's advisory lock. The same for all events of an aggregate.
    "lane" SMALLINT NOT NULL,
    "aggregate_type" TEXT NOT NULL,
    "aggregate_id" UUID NOT NULL,
    "aggregate_version" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "headers" JSONB NOT NULL,
    -- Counts the republications after a loss of the broker's store.
    "generation" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3),
    "last_error" TEXT,
    -- Refused by the broker for its own sake too often; it and its aggregate's later events wait for an operator.
    "parked" BOOLEAN NOT NULL DEFAULT false,
    "published_at" TIMESTAMPTZ(3),
    "broker_epoch" INTEGER,
    "broker_seq" BIGINT,
    CONSTRAINT "outbox_pkey" PRIMARY KEY ("seq", "occurred_at")
) PARTITION BY RANGE ("occurred_at");

CREATE INDEX "outbox_unpublished_idx" ON "producer"."outbox"("seq") WHERE "published_at" IS NULL;
-- The few events that hold back their aggregates.
CREATE INDEX "outbox_held_back_idx" ON "producer"."outbox"("aggregate_id")
    WHERE "published_at" IS NULL AND ("parked" OR "not_before" IS NOT NULL);

-- Catches what no day's partition takes (a producer that was away for more than a week).
CREATE TABLE "producer"."outbox_default" PARTITION OF "producer"."outbox" DEFAULT;

-- What the broker was when we last saw it: another `created`, or a last sequence behind ours, means that it lost its store.
CREATE TABLE "producer"."broker_streams" (
    "name" TEXT NOT NULL,
    "created" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "last_seq" BIGINT NOT NULL,
    CONSTRAINT "broker_streams_pkey" PRIMARY KEY ("name")
);
