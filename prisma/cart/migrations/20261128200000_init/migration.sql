CREATE SCHEMA IF NOT EXISTS "carts";

-- A cart is one row, so that reading one is one look-up and one statement writes many.
CREATE TABLE "carts"."carts" (
    "id" UUID NOT NULL,
    -- NULL for a guest's cart, whose owner is whoever has its token.
    "user_id" UUID,
    "status" TEXT NOT NULL CHECK ("status" IN ('active', 'locked', 'abandoned', 'merged', 'ordered')),
    "version" INTEGER NOT NULL CHECK ("version" >= 1),
    -- [{lineId, productId, quantity, attributes, sku, name, priceMinor, currency}], with the product as it was seen.
    "lines" JSONB NOT NULL CHECK (jsonb_typeof("lines") = 'array'),
    -- {address, shippingMethod}: the only place of a cart that tells of a person.
    "delivery" JSONB,
    -- ["CODE", …]
    "promotion_codes" JSONB NOT NULL DEFAULT '[]',
    -- The order that locks the cart, or the last one that did, and the version at which it was locked.
    "order_id" UUID,
    "locked_version" INTEGER,
    -- Where the lines went, and which version of it took them.
    "merged_into" UUID,
    "merged_version" INTEGER,
    -- These two change only once an hour, whatever happens to the cart: so nearly no change touches an index.
    -- NULL unless the cart is active and has lines.
    "quiet_from" TIMESTAMPTZ(3),
    "touched_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "carts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "carts_locked_check" CHECK ("status" <> 'locked' OR ("order_id" IS NOT NULL AND "locked_version" IS NOT NULL)),
    CONSTRAINT "carts_ordered_check" CHECK ("status" <> 'ordered' OR "order_id" IS NOT NULL)
) WITH (fillfactor = 70);

-- A user has one live cart at most.
CREATE UNIQUE INDEX "carts_live_user" ON "carts"."carts"("user_id")
    WHERE "user_id" IS NOT NULL AND "status" IN ('active', 'locked', 'abandoned');
-- What may be abandoned, what may be locked for too long, and what nobody needs any more.
CREATE INDEX "carts_quiet" ON "carts"."carts"("quiet_from") WHERE "quiet_from" IS NOT NULL;
CREATE INDEX "carts_locked" ON "carts"."carts"("touched_at") WHERE "status" = 'locked';
CREATE INDEX "carts_guests" ON "carts"."carts"("touched_at")
    WHERE "user_id" IS NULL AND "status" IN ('active', 'abandoned', 'merged');

-- The requests that were made under an Idempotency-Key. Only digests are stored.
CREATE TABLE "carts"."idempotency_keys" (
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "thing" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("key")
);

CREATE INDEX "idempotency_keys_at_idx" ON "carts"."idempotency_keys"("at");
