-- Goods that were taken once more for a parcel in the place of another one. What was decided for a parcel stays decided:
-- it has shortages where there were too few.
CREATE TABLE "inventory"."replacements" (
    "shipment_id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "shortages" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "replacements_pkey" PRIMARY KEY ("shipment_id")
);

-- replace: units that were taken once more. Their step is the reservation's version after it.
ALTER TABLE "inventory"."stock_movements" DROP CONSTRAINT "stock_movements_kind_check";
ALTER TABLE "inventory"."stock_movements" ADD CONSTRAINT "stock_movements_kind_check" CHECK (
    ("kind" IN ('restock', 'adjustment') AND "order_id" IS NULL)
    OR ("kind" IN ('reserve', 'short', 'write-off', 'replace') AND "order_id" IS NOT NULL AND "quantity" < 0)
    OR ("kind" IN ('release', 'return') AND "order_id" IS NOT NULL AND "quantity" > 0)
);
