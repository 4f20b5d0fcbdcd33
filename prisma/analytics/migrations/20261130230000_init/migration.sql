CREATE SCHEMA IF NOT EXISTS "analytics";

-- What happened, once each: ids of things, and of nobody. The product is the nil UUID in the row of the whole shop.
CREATE TABLE "analytics"."facts" (
    "kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "count" BIGINT NOT NULL,
    "units" BIGINT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    CONSTRAINT "facts_pkey" PRIMARY KEY ("kind", "subject_id", "product_id")
);

CREATE INDEX "facts_at_idx" ON "analytics"."facts" USING BRIN ("at");

-- The sums of the facts of each hour. They can be made anew of the facts.
CREATE TABLE "analytics"."counts" (
    "kind" TEXT NOT NULL,
    "product_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "currency" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "units" BIGINT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    CONSTRAINT "counts_pkey" PRIMARY KEY ("kind", "product_id", "hour", "currency")
);

CREATE INDEX "counts_kind_hour_idx" ON "analytics"."counts"("kind", "hour");
