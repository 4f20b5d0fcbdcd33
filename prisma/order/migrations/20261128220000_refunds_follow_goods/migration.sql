-- awaiting_money: with the shipment the order came to less, and the payments do not know yet. money: of what came back,
-- whether the payments have been told. Returns that were refunded before were refunded by hand.
ALTER TABLE "orders"."shipments" ADD COLUMN "awaiting_money" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "orders"."returns" ADD COLUMN "money" TEXT NOT NULL DEFAULT 'none' CHECK (
    "money" IN ('none', 'due', 'ordered')
);

CREATE INDEX "shipments_awaiting_money_idx" ON "orders"."shipments"("updated_at") WHERE "awaiting_money";
CREATE INDEX "returns_money_due_idx" ON "orders"."returns"("updated_at") WHERE "money" = 'due';
