-- Addresses that people keep for the next time.
CREATE TABLE "users"."addresses" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "address" JSONB NOT NULL,
    "is_default_delivery" BOOLEAN NOT NULL,
    "is_default_billing" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "addresses_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "addresses_user_id_idx" ON "users"."addresses"("user_id");
CREATE UNIQUE INDEX "addresses_default_delivery" ON "users"."addresses"("user_id") WHERE "is_default_delivery";
CREATE UNIQUE INDEX "addresses_default_billing" ON "users"."addresses"("user_id") WHERE "is_default_billing";
