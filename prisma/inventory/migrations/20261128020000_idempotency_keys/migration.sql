-- The requests that were made under an Idempotency-Key. Only digests are stored.
CREATE TABLE "inventory"."idempotency_keys" (
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "thing" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("key")
);

CREATE INDEX "idempotency_keys_at_idx" ON "inventory"."idempotency_keys"("at");
