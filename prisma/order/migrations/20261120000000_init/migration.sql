CREATE SCHEMA IF NOT EXISTS "orders";

CREATE TABLE "orders"."orders" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "status" TEXT NOT NULL CHECK (
        "status" IN ('pending', 'confirmed', 'rejected', 'paid', 'shipped', 'completed', 'canceled')
    ),
    "total_minor" BIGINT NOT NULL CHECK ("total_minor" >= 0),
    "currency" TEXT NOT NULL,
    "version" INTEGER NOT NULL CHECK ("version" >= 1),
    -- [{status, at, reason}], one for each version.
    "history" JSONB NOT NULL,
    "idempotency_key" TEXT,
    -- Tells the same request from another one under the same key.
    "request_digest" TEXT,
    -- Canceled, and the inventory has not yet said that the stock is back.
    "awaiting_release" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "orders_pkey" PRIMARY KEY ("id")
);

-- One's own orders, newest first (ids are UUIDv7: in the order of time).
CREATE INDEX "orders_user_id_id_idx" ON "orders"."orders"("user_id", "id");
-- An admin's list by status, and the sweeper's pending orders.
CREATE INDEX "orders_status_id_idx" ON "orders"."orders"("status", "id");
CREATE UNIQUE INDEX "orders_idempotency_key" ON "orders"."orders"("user_id", "idempotency_key")
    WHERE "idempotency_key" IS NOT NULL;
CREATE INDEX "orders_awaiting_release_idx" ON "orders"."orders"("updated_at") WHERE "awaiting_release";

CREATE TABLE "orders"."order_lines" (
    "order_id" UUID NOT NULL,
    "line_no" SMALLINT NOT NULL,
    "product_id" UUID NOT NULL,
    "sku" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL CHECK ("quantity" > 0),
    "unit_price_minor" BIGINT NOT NULL CHECK ("unit_price_minor" >= 0),
    CONSTRAINT "order_lines_pkey" PRIMARY KEY ("order_id", "line_no"),
    CONSTRAINT "order_lines_order_id_fkey" FOREIGN KEY ("order_id")
        REFERENCES "orders"."orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
