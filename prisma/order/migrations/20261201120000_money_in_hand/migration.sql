-- cart_taken: the cart is ordered although the money, which a bank has in hand, may still fail to come.
-- flags: what staff should look at, beside the status: review (money in another currency has come), dispute (a buyer disputes
-- a payment at his bank).
ALTER TABLE "orders"."orders"
    ADD COLUMN "cart_taken" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "flags" TEXT[] NOT NULL DEFAULT '{}';

CREATE INDEX "orders_flagged_id_idx" ON "orders"."orders"("id") WHERE "flags" <> '{}';
