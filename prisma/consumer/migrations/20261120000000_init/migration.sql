CREATE SCHEMA IF NOT EXISTS "consumer";

CREATE TABLE "consumer"."dead_letters" (
    "id" UUID NOT NULL,
    "subscription" TEXT NOT NULL,
    -- The event's id and requeue, or stream, incarnation and sequence of a message that has none: dead once, not twice.
    "message_key" TEXT NOT NULL,
    "stream" TEXT NOT NULL,
    "stream_sequence" BIGINT NOT NULL,
    "subject" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "status" TEXT NOT NULL CHECK ("status" IN ('open', 'requeued', 'discarded')),
    "code" TEXT NOT NULL,
    "error" TEXT NOT NULL,
    "deliveries" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,
    "headers" JSONB NOT NULL,
    "requeues" INTEGER NOT NULL DEFAULT 0,
    "resolution" TEXT NOT NULL DEFAULT '',
    "dead_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    CONSTRAINT "dead_letters_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "dead_letters_subscription_message_key_key" ON "consumer"."dead_letters"("subscription", "message_key");
CREATE INDEX "dead_letters_status_id_idx" ON "consumer"."dead_letters"("status", "id");
