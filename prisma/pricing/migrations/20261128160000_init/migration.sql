CREATE SCHEMA IF NOT EXISTS "pricing";

-- Rules are deleted by a time, because orders name them.
CREATE TABLE "pricing"."shipping_methods" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    -- None: every country.
    "countries" TEXT[],
    "currency" TEXT NOT NULL,
    "price_minor" BIGINT NOT NULL CHECK ("price_minor" >= 0),
    "per_kilogram_minor" BIGINT CHECK ("per_kilogram_minor" >= 0),
    "free_from_minor" BIGINT CHECK ("free_from_minor" >= 0),
    "estimate" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    CONSTRAINT "shipping_methods_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "shipping_methods_live_idx" ON "pricing"."shipping_methods"("id") WHERE "deleted_at" IS NULL;

CREATE TABLE "pricing"."tax_rates" (
    "id" UUID NOT NULL,
    "country" TEXT NOT NULL,
    "region" TEXT,
    "category" TEXT,
    -- What the region and the category are compared by; empty for none.
    "region_key" TEXT NOT NULL,
    "category_key" TEXT NOT NULL,
    -- Parts per million.
    "rate_ppm" INTEGER NOT NULL CHECK ("rate_ppm" BETWEEN 0 AND 1000000),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    CONSTRAINT "tax_rates_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "tax_rates_live_idx" ON "pricing"."tax_rates"("id") WHERE "deleted_at" IS NULL;
-- No two rates fit equally well.
CREATE UNIQUE INDEX "tax_rates_place_key" ON "pricing"."tax_rates"("country", "region_key", "category_key")
    WHERE "deleted_at" IS NULL;

CREATE TABLE "pricing"."promotions" (
    "id" UUID NOT NULL,
    -- Null: it applies by itself.
    "code" TEXT,
    -- What codes are compared by.
    "code_key" TEXT,
    "description" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "percent_ppm" INTEGER CHECK ("percent_ppm" BETWEEN 1 AND 1000000),
    "amount_minor" BIGINT CHECK ("amount_minor" > 0),
    "currency" TEXT NOT NULL,
    "products" TEXT[],
    "categories" TEXT[],
    "minimum_minor" BIGINT CHECK ("minimum_minor" >= 0),
    "starts_at" TIMESTAMPTZ(3),
    "ends_at" TIMESTAMPTZ(3),
    "redemption_limit" INTEGER CHECK ("redemption_limit" > 0),
    "customer_limit" INTEGER CHECK ("customer_limit" > 0),
    -- How many rows of it there are in redemptions.
    "redeemed" INTEGER NOT NULL DEFAULT 0 CHECK ("redeemed" >= 0),
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    CONSTRAINT "promotions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "promotions_within_limit" CHECK ("redeemed" <= "redemption_limit"),
    CONSTRAINT "promotions_benefit" CHECK (CASE "kind"
        WHEN 'percent' THEN "percent_ppm" IS NOT NULL AND "amount_minor" IS NULL
        WHEN 'amount' THEN "amount_minor" IS NOT NULL AND "percent_ppm" IS NULL
        WHEN 'free-shipping' THEN "percent_ppm" IS NULL AND "amount_minor" IS NULL
        ELSE false END)
);

CREATE INDEX "promotions_live_idx" ON "pricing"."promotions"("id") WHERE "deleted_at" IS NULL;
CREATE INDEX "promotions_automatic_idx" ON "pricing"."promotions"("id") WHERE "deleted_at" IS NULL AND "code_key" IS NULL;
CREATE UNIQUE INDEX "promotions_code_key" ON "pricing"."promotions"("code_key") WHERE "deleted_at" IS NULL;

-- What was decided for each hold of an order. A hold that was released before it came is a tombstone.
CREATE TABLE "pricing"."redemption_holds" (
    "order_id" UUID NOT NULL,
    "hold" INTEGER NOT NULL CHECK ("hold" > 0),
    "status" TEXT NOT NULL CHECK ("status" IN ('held', 'refused', 'released', 'confirmed')),
    -- Why it was refused.
    "refused" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "redemption_holds_pkey" PRIMARY KEY ("order_id", "hold")
);

-- What is held or used. A release removes it.
CREATE TABLE "pricing"."redemptions" (
    "order_id" UUID NOT NULL,
    "hold" INTEGER NOT NULL,
    "promotion_id" UUID NOT NULL,
    "customer_key" TEXT,
    -- The promotion's limit for each customer at that time.
    "customer_limit" INTEGER,
    CONSTRAINT "redemptions_pkey" PRIMARY KEY ("order_id", "hold", "promotion_id"),
    CONSTRAINT "redemptions_hold_fkey" FOREIGN KEY ("order_id", "hold")
        REFERENCES "pricing"."redemption_holds"("order_id", "hold") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "redemptions_promotion_id_fkey" FOREIGN KEY ("promotion_id")
        REFERENCES "pricing"."promotions"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX "redemptions_customer_idx" ON "pricing"."redemptions"("promotion_id", "customer_key");

-- The requests that were made under an Idempotency-Key. Only digests are stored.
CREATE TABLE "pricing"."idempotency_keys" (
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "thing" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("key")
);

CREATE INDEX "idempotency_keys_at_idx" ON "pricing"."idempotency_keys"("at");
