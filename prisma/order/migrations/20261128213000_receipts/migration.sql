-- money_taken: what was captured comes to what was due, which no later refund changes. has_receipt: the payment service has
-- issued the receipt. What is covered, alive and has none is found by the sweeper. Orders that are stored already count as
-- not taken, so none of them gets a receipt of today.
ALTER TABLE "orders"."orders"
    ADD COLUMN "money_taken" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "has_receipt" BOOLEAN NOT NULL DEFAULT false;

-- Nothing is to be paid for an order of zero.
CREATE INDEX "orders_without_receipt_idx" ON "orders"."orders"("updated_at")
    WHERE NOT "has_receipt" AND ("money_taken" OR "total_minor" = 0) AND "status" IN ('paid', 'shipped', 'completed');
