-- Of which products staff were told that stock is low. There is no row for one that never was.
CREATE TABLE "inventory"."low_stock" (
    "product_id" UUID NOT NULL,
    -- Counts the events.
    "version" INTEGER NOT NULL CHECK ("version" >= 1),
    -- False when it is to be told again as soon as stock falls.
    "is_told" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "low_stock_pkey" PRIMARY KEY ("product_id")
);
