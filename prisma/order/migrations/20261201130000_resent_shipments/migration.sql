-- A shipment that was lost or came back leaves again as another one, which names it. While goods are waited for, resending
-- has the id and the carriage of the other one.
ALTER TABLE "orders"."shipments" ADD COLUMN "replaces" UUID, ADD COLUMN "resending" JSONB;
ALTER TABLE "orders"."shipments" DROP CONSTRAINT "shipments_status_check";
ALTER TABLE "orders"."shipments" ADD CONSTRAINT "shipments_status_check" CHECK (
    "status" IN ('packed', 'shipped', 'delivered', 'lost', 'returned', 'resent', 'canceled')
);

-- A shipment leaves again once.
CREATE UNIQUE INDEX "shipments_replaces_key" ON "orders"."shipments" ("replaces") WHERE "replaces" IS NOT NULL;
CREATE INDEX "shipments_resending_idx" ON "orders"."shipments" ("id") WHERE "resending" IS NOT NULL;
