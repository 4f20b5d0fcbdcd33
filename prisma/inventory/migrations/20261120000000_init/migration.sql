CREATE SCHEMA IF NOT EXISTS "inventory";

CREATE TABLE "inventory"."products" (
    "id" UUID NOT NULL,
    "sku" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "images" TEXT[],
    "price_minor" BIGINT NOT NULL CHECK ("price_minor" >= 0),
    "currency" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    "search" tsvector GENERATED ALWAYS AS (
        to_tsvector('simple', "name" || ' ' || "sku" || ' ' || "description")
    ) STORED,
    CONSTRAINT "products_pkey" PRIMARY KEY ("id")
);

-- A deleted product gives its SKU free.
CREATE UNIQUE INDEX "products_sku_key" ON "inventory"."products"("sku") WHERE "deleted_at" IS NULL;
-- One index for each order that GET /products can have, of all products and of one category, and one for its search.
-- "newest" is the primary key's order. Names are lower-cased in collation "C": the same order on every server.
CREATE INDEX "products_name_idx" ON "inventory"."products"((lower("name" COLLATE "C")), "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "products_price_idx" ON "inventory"."products"("price_minor", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "products_category_idx" ON "inventory"."products"("category", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "products_category_name_idx" ON "inventory"."products"("category", (lower("name" COLLATE "C")), "id")
    WHERE "deleted_at" IS NULL;
CREATE INDEX "products_category_price_idx" ON "inventory"."products"("category", "price_minor", "id")
    WHERE "deleted_at" IS NULL;
CREATE INDEX "products_search_idx" ON "inventory"."products" USING gin ("search") WHERE "deleted_at" IS NULL;

-- Room on each page, so that a hot row is updated in place (HOT).
CREATE TABLE "inventory"."stock" (
    "product_id" UUID NOT NULL,
    "available" INTEGER NOT NULL CHECK ("available" >= 0),
    "adjustments" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "stock_pkey" PRIMARY KEY ("product_id"),
    CONSTRAINT "stock_product_id_fkey" FOREIGN KEY ("product_id")
        REFERENCES "inventory"."products"("id") ON DELETE RESTRICT ON UPDATE CASCADE
) WITH (fillfactor = 50);

-- The ledger. It is only ever added to: available = sum(quantity) for each product, at all times.
-- No foreign key: each row is written beside its product's locked stock row, and the check costs 4 of 30 microseconds per order.
CREATE TABLE "inventory"."stock_movements" (
    "id" BIGSERIAL NOT NULL,
    "product_id" UUID NOT NULL,
    "order_id" UUID,
    "kind" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "reason" TEXT,
    "idempotency_key" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "stock_movements_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "stock_movements_kind_check" CHECK (
        ("kind" IN ('restock', 'adjustment') AND "order_id" IS NULL)
        OR ("kind" = 'reserve' AND "order_id" IS NOT NULL AND "quantity" < 0)
        OR ("kind" = 'release' AND "order_id" IS NOT NULL AND "quantity" > 0)
    )
);

CREATE UNIQUE INDEX "stock_movements_order_key" ON "inventory"."stock_movements"("order_id", "product_id", "kind")
    WHERE "order_id" IS NOT NULL;
CREATE UNIQUE INDEX "stock_movements_idempotency_key" ON "inventory"."stock_movements"("product_id", "idempotency_key")
    WHERE "idempotency_key" IS NOT NULL;

-- The idempotency record of each order's reservation, kept for ever.
CREATE TABLE "inventory"."reservations" (
    "order_id" UUID NOT NULL,
    "status" TEXT NOT NULL CHECK ("status" IN ('held', 'rejected', 'released')),
    "shortages" JSONB,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "reservations_pkey" PRIMARY KEY ("order_id")
);
