CREATE SCHEMA IF NOT EXISTS "notifications";

-- One message of one event, by one channel, to one recipient. It holds ids only: names and addresses are asked for when
-- it is made, and the message itself is stored nowhere.
CREATE TABLE "notifications"."deliveries" (
    "id" UUID NOT NULL,
    "event_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "channel" TEXT NOT NULL CHECK ("channel" IN ('email', 'feed')),
    "recipient_type" TEXT NOT NULL CHECK ("recipient_type" IN ('user', 'order')),
    "recipient_id" UUID NOT NULL,
    -- The ids of what it is about: {"orderId": …, "shipmentId": …}.
    "refs" JSONB NOT NULL CHECK (jsonb_typeof("refs") = 'object'),
    "status" TEXT NOT NULL CHECK ("status" IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'skipped')),
    "attempts" INTEGER NOT NULL CHECK ("attempts" >= 0),
    "failure" TEXT NOT NULL,
    -- Counts the writes, so that no writer takes back what another one has written.
    "revision" INTEGER NOT NULL CHECK ("revision" >= 1),
    -- Counts the events.
    "version" INTEGER NOT NULL CHECK ("version" >= 0),
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    -- Until then it is in the hands of a worker.
    "lease_until" TIMESTAMPTZ(3),
    "correlation_id" TEXT NOT NULL,
    "traceparent" TEXT NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "deliveries_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "deliveries_sending_check" CHECK ("status" <> 'sending' OR "lease_until" IS NOT NULL),
    CONSTRAINT "deliveries_feed_check" CHECK ("channel" <> 'feed' OR ("status" = 'sent' AND "recipient_type" = 'user'))
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX "deliveries_event_id_channel_recipient_id_kind_key"
    ON "notifications"."deliveries"("event_id", "channel", "recipient_id", "kind");
-- What is to be sent, first to accounts, what may have been lost while it was sent, what staff look at, and somebody's feed.
CREATE INDEX "deliveries_due" ON "notifications"."deliveries"("recipient_type", "next_at") WHERE "status" = 'queued';
CREATE INDEX "deliveries_sending" ON "notifications"."deliveries"("lease_until") WHERE "status" = 'sending';
CREATE INDEX "deliveries_open" ON "notifications"."deliveries"("status", "id")
    WHERE "status" IN ('queued', 'sending', 'failed', 'unknown');
CREATE INDEX "deliveries_feed" ON "notifications"."deliveries"("recipient_id", "id") WHERE "channel" = 'feed';

CREATE TABLE "notifications"."preferences" (
    "user_id" UUID NOT NULL,
    "language" TEXT,
    -- ["cart.abandoned email", …]
    "muted" JSONB NOT NULL DEFAULT '[]',
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "preferences_pkey" PRIMARY KEY ("user_id")
);

-- With what links in mails are signed.
CREATE TABLE "notifications"."secrets" (
    "name" TEXT NOT NULL,
    "secret" BYTEA NOT NULL,
    CONSTRAINT "secrets_pkey" PRIMARY KEY ("name")
);

-- The requests that were made under an Idempotency-Key. Only digests are stored.
CREATE TABLE "notifications"."idempotency_keys" (
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "thing" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("key")
);

CREATE INDEX "idempotency_keys_at_idx" ON "notifications"."idempotency_keys"("at");
