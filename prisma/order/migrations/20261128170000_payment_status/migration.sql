-- What is known of an order's money; gate_version is the newest event of it.
ALTER TABLE "orders"."orders"
    ADD COLUMN "gate_version" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "payment_status" TEXT NOT NULL DEFAULT 'unpaid' CHECK ("payment_status" IN (
        'unpaid', 'pending', 'authorized', 'partially_paid', 'paid', 'overpaid', 'partially_refunded', 'refunded',
        'failed'
    ));

-- New orders are unpaid, so placing and settling do not touch it.
CREATE INDEX "orders_payment_status_id_idx" ON "orders"."orders"("payment_status", "id")
    WHERE "payment_status" <> 'unpaid';

-- So far only an admin's word made an order paid.
UPDATE "orders"."orders" SET "payment_status" = 'paid' WHERE "status" = 'paid';
