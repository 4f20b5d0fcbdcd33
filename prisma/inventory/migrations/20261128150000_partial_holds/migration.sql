-- A hold may be given back in parts, and goods may come back after they were shipped. Each part has a step of its own:
-- of a release or a short count the reservation's version after it, of a return its number among those of the order.
-- Earlier versions, which may still run, write none and release a hold once and as a whole: step 0.
ALTER TABLE "inventory"."stock_movements"
    ADD COLUMN "hold_no" SMALLINT NOT NULL DEFAULT 1,
    ADD COLUMN "step" INTEGER NOT NULL DEFAULT 0;

-- An order can be held a second time after its hold was released. A release names the hold that it means.
ALTER TABLE "inventory"."reservations" ADD COLUMN "hold_no" SMALLINT NOT NULL DEFAULT 1;

CREATE UNIQUE INDEX "stock_movements_order_step_key" ON "inventory"."stock_movements"
    ("order_id", "product_id", "kind", "hold_no", "step") WHERE "order_id" IS NOT NULL;
DROP INDEX "inventory"."stock_movements_order_key";

-- short: units of a hold that were not on the shelf. return: goods that came back. write-off: those of them that nobody
-- can buy.
ALTER TABLE "inventory"."stock_movements" DROP CONSTRAINT "stock_movements_kind_check";
ALTER TABLE "inventory"."stock_movements" ADD CONSTRAINT "stock_movements_kind_check" CHECK (
    ("kind" IN ('restock', 'adjustment') AND "order_id" IS NULL)
    OR ("kind" IN ('reserve', 'short', 'write-off') AND "order_id" IS NOT NULL AND "quantity" < 0)
    OR ("kind" IN ('release', 'return') AND "order_id" IS NOT NULL AND "quantity" > 0)
);
