-- Where back ends of others take events.
CREATE TABLE "notifications"."endpoints" (
    "id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    -- What it asked for, such as ["order.*", "payment.captured"].
    "events" TEXT[] NOT NULL CHECK (cardinality("events") > 0),
    -- The newest first: [{"secret": "whsec_…", "until": null | time}]. They sign, so they cannot be digests. The audit's role
    -- does not read them.
    "signing_secrets" JSONB NOT NULL CHECK (jsonb_typeof("signing_secrets") = 'array'),
    "paused_at" TIMESTAMPTZ(3),
    -- Why it is paused; empty while it is not.
    "pause_reason" TEXT NOT NULL,
    -- When its list of events was last changed: streams that nobody read before are read from here on.
    "wanted_since" TIMESTAMPTZ(3) NOT NULL,
    -- Counts the writes.
    "revision" INTEGER NOT NULL CHECK ("revision" >= 1),
    -- Counts the events.
    "version" INTEGER NOT NULL CHECK ("version" >= 0),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "endpoints_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "endpoints_paused_check" CHECK (("paused_at" IS NULL) = ("pause_reason" = ''))
);

-- One event for one endpoint.
CREATE TABLE "notifications"."webhook_deliveries" (
    "id" UUID NOT NULL,
    "endpoint_id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    -- The order in which an endpoint gets the events of an aggregate.
    "seq" BIGINT GENERATED ALWAYS AS IDENTITY,
    "aggregate_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    -- As it was published.
    "data" TEXT NOT NULL,
    "status" TEXT NOT NULL CHECK ("status" IN ('queued', 'delivered')),
    -- Since it was queued last.
    "attempts" INTEGER NOT NULL CHECK ("attempts" >= 0),
    "failing_since" TIMESTAMPTZ(3),
    -- What the last attempt ended with, such as http-500.
    "failure" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    -- Until then it is in the hands of a worker.
    "lease_until" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL CHECK ("revision" >= 1),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX "webhook_deliveries_event_id_endpoint_id_key"
    ON "notifications"."webhook_deliveries"("event_id", "endpoint_id");
-- What is due, what has to go before it, and what staff look at, replay or remove.
CREATE INDEX "webhook_deliveries_due" ON "notifications"."webhook_deliveries"("endpoint_id", "next_at") WHERE "status" = 'queued';
CREATE INDEX "webhook_deliveries_order" ON "notifications"."webhook_deliveries"("endpoint_id", "aggregate_id", "seq")
    WHERE "status" = 'queued';
CREATE INDEX "webhook_deliveries_endpoint_id_seq_idx" ON "notifications"."webhook_deliveries"("endpoint_id", "seq");
CREATE INDEX "webhook_deliveries_created_at_idx" ON "notifications"."webhook_deliveries"("created_at");

-- Up to where the streams have been read for endpoints. There is no row for a stream that no endpoint wants.
CREATE TABLE "notifications"."stream_positions" (
    "stream" TEXT NOT NULL,
    "incarnation" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    CONSTRAINT "stream_positions_pkey" PRIMARY KEY ("stream")
);
