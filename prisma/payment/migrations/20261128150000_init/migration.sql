CREATE SCHEMA IF NOT EXISTS "payments";

-- One for each order. Whoever changes anything of an order's money holds its lock.
CREATE TABLE "payments"."gates" (
    "order_id" UUID NOT NULL,
    "user_id" UUID,
    "status" TEXT NOT NULL CHECK ("status" IN ('open', 'closing', 'closed')),
    "reason" TEXT NOT NULL,
    "due_minor" BIGINT NOT NULL CHECK ("due_minor" >= 0),
    -- Empty: the order was closed before anything was known of it.
    "currency" TEXT NOT NULL,
    "capture" TEXT NOT NULL CHECK ("capture" IN ('at-once', 'shipment')),
    "keep_minor" BIGINT NOT NULL CHECK ("keep_minor" >= 0),
    "keeps_money" BOOLEAN NOT NULL,
    "closed_covered" BOOLEAN NOT NULL,
    -- Late money waits so long for the order to be revived.
    "late_until" TIMESTAMPTZ(3),
    "lines" JSONB NOT NULL,
    "version" INTEGER NOT NULL CHECK ("version" >= 0),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "gates_pkey" PRIMARY KEY ("order_id")
);

CREATE INDEX "gates_late_until_idx" ON "payments"."gates"("late_until") WHERE "late_until" IS NOT NULL;

CREATE TABLE "payments"."payments" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "user_id" UUID,
    "provider" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL CHECK ("amount_minor" > 0),
    "currency" TEXT NOT NULL,
    -- The provider's id.
    "ref" TEXT,
    -- What the provider has made of the card; never a card number.
    "token" TEXT NOT NULL,
    "return_url" TEXT NOT NULL,
    -- Digest of the address that has asked.
    "client" TEXT NOT NULL,
    "capture" TEXT NOT NULL,
    "is_cancelable" BOOLEAN NOT NULL,
    "is_superseded" BOOLEAN NOT NULL,
    "ends_at" TIMESTAMPTZ(3),
    "action_url" TEXT NOT NULL,
    "failure" JSONB,
    -- When the provider is asked again what became of it; null: it is final there.
    "read_at" TIMESTAMPTZ(3),
    "reads" INTEGER NOT NULL DEFAULT 0,
    -- When a customer has asked for it.
    "read_soon_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "payments_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "payments_order_id_fkey" FOREIGN KEY ("order_id")
        REFERENCES "payments"."gates"("order_id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX "payments_order_id_idx" ON "payments"."payments"("order_id");
CREATE UNIQUE INDEX "payments_provider_ref" ON "payments"."payments"("provider", "ref") WHERE "ref" IS NOT NULL;
CREATE INDEX "payments_read_at_idx" ON "payments"."payments"("read_at") WHERE "read_at" IS NOT NULL;
-- Attempts of an account and of an address.
CREATE INDEX "payments_user_id_created_at_idx" ON "payments"."payments"("user_id", "created_at");
CREATE INDEX "payments_client_created_at_idx" ON "payments"."payments"("client", "created_at");

-- What providers have stated. Appended, never changed.
CREATE TABLE "payments"."entries" (
    "payment_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "order_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "ref" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL CHECK ("amount_minor" >= 0),
    "currency" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "entries_pkey" PRIMARY KEY ("payment_id", "kind", "key"),
    CONSTRAINT "entries_payment_id_fkey" FOREIGN KEY ("payment_id")
        REFERENCES "payments"."payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE UNIQUE INDEX "entries_order_id_seq_key" ON "payments"."entries"("order_id", "seq");
-- A bank reference is good for one payment, ever.
CREATE UNIQUE INDEX "entries_offline_reference" ON "payments"."entries"("key")
    WHERE "provider" = 'offline' AND "kind" = 'captured';

CREATE TABLE "payments"."refunds" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL CHECK ("amount_minor" > 0),
    "credit_minor" BIGINT NOT NULL CHECK ("credit_minor" >= 0),
    "lines" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "refs" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "refunds_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "refunds_payment_id_fkey" FOREIGN KEY ("payment_id")
        REFERENCES "payments"."payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX "refunds_order_id_idx" ON "payments"."refunds"("order_id");
CREATE INDEX "refunds_payment_id_idx" ON "payments"."refunds"("payment_id");
CREATE UNIQUE INDEX "refunds_order_id_cause" ON "payments"."refunds"("order_id", "cause") WHERE "cause" <> '';

-- What was decided to ask a provider for. Committed before the provider is asked.
CREATE TABLE "payments"."operations" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "refund_id" UUID,
    "kind" TEXT NOT NULL CHECK ("kind" IN ('create', 'capture', 'void', 'refund')),
    "status" TEXT NOT NULL CHECK ("status" IN ('waiting', 'done', 'canceled', 'failed', 'staff')),
    "amount_minor" BIGINT NOT NULL,
    "is_final" BOOLEAN NOT NULL,
    "attempt" INTEGER NOT NULL CHECK ("attempt" >= 1),
    "first_tried_at" TIMESTAMPTZ(3),
    "last_tried_at" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "error" TEXT NOT NULL,
    -- Whoever works on it has it until then.
    "lease_until" TIMESTAMPTZ(3),
    CONSTRAINT "operations_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "operations_payment_id_fkey" FOREIGN KEY ("payment_id")
        REFERENCES "payments"."payments"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX "operations_order_id_idx" ON "payments"."operations"("order_id");
CREATE INDEX "operations_next_at_idx" ON "payments"."operations"("next_at") WHERE "status" = 'waiting';

-- Messages of providers. Only what they are about is kept: what is true is read.
CREATE TABLE "payments"."inbox" (
    "id" BIGSERIAL NOT NULL,
    "provider" TEXT NOT NULL,
    "event_id" TEXT,
    "resource" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "status" TEXT NOT NULL CHECK ("status" IN ('received', 'done', 'ignored', 'dead')),
    -- How often it came, and how much of that was handled.
    "seen" INTEGER NOT NULL DEFAULT 1,
    "done" INTEGER NOT NULL DEFAULT 0,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "error" TEXT NOT NULL DEFAULT '',
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    CONSTRAINT "inbox_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "inbox_event" ON "payments"."inbox"("provider", "event_id") WHERE "event_id" IS NOT NULL;
CREATE UNIQUE INDEX "inbox_resource" ON "payments"."inbox"("provider", "resource") WHERE "event_id" IS NULL;
CREATE INDEX "inbox_next_at_idx" ON "payments"."inbox"("next_at") WHERE "status" = 'received';
CREATE INDEX "inbox_dead_idx" ON "payments"."inbox"("id") WHERE "status" = 'dead';

-- Money at a provider that belongs to no payment of ours; staff find out whose it is.
CREATE TABLE "payments"."suspense" (
    "provider" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "note" TEXT NOT NULL DEFAULT '',
    CONSTRAINT "suspense_pkey" PRIMARY KEY ("provider", "ref")
);

-- How far each provider's payments have been compared with ours.
CREATE TABLE "payments"."comparisons" (
    "provider" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,
    "cursor" TEXT,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "comparisons_pkey" PRIMARY KEY ("provider")
);

-- The requests that were made under an Idempotency-Key. Only digests are stored.
CREATE TABLE "payments"."idempotency_keys" (
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "thing" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("key")
);

CREATE INDEX "idempotency_keys_at_idx" ON "payments"."idempotency_keys"("at");
