-- Orders that were made of a cart. terms is what the checkout has frozen, buyer is who bought it, first_payment is what
-- begins when stock is held. A guest's order has no user.
ALTER TABLE "orders"."orders"
    ALTER COLUMN "user_id" DROP NOT NULL,
    ADD COLUMN "cart_id" UUID,
    ADD COLUMN "terms" JSONB,
    ADD COLUMN "buyer" JSONB,
    ADD COLUMN "first_payment" JSONB,
    -- The cart and the promotions have not been told what became of the order.
    ADD COLUMN "awaiting_cart" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "orders"."orders"
    ADD CONSTRAINT "orders_checkout_check" CHECK (("cart_id" IS NULL) = ("terms" IS NULL) AND ("buyer" IS NULL) = ("terms" IS NULL)) NOT VALID,
    ADD CONSTRAINT "orders_owner_check" CHECK ("user_id" IS NOT NULL OR "cart_id" IS NOT NULL) NOT VALID;

-- A cart is bought once: one order of it lives.
CREATE UNIQUE INDEX "orders_live_cart_key" ON "orders"."orders"("cart_id")
    WHERE "cart_id" IS NOT NULL AND "status" NOT IN ('rejected', 'canceled', 'expired');
-- The orders of an address, for staff.
CREATE INDEX "orders_email_idx" ON "orders"."orders"(("buyer" ->> 'email'), "id") WHERE "buyer" ->> 'email' <> '';
-- What the sweeper looks for. Orders of lines alone are in neither.
CREATE INDEX "orders_awaiting_cart_idx" ON "orders"."orders"("updated_at") WHERE "awaiting_cart";
CREATE INDEX "orders_first_payment_idx" ON "orders"."orders"("updated_at")
    WHERE "first_payment" IS NOT NULL AND "status" = 'confirmed';

-- Who was first with a version of a cart: an order, or nobody (null) when the cart was taken back from a checkout that
-- had locked it and died. Whoever comes second finds the first.
CREATE TABLE "orders"."checkouts" (
    "cart_id" UUID NOT NULL,
    "cart_version" INTEGER NOT NULL,
    "order_id" UUID,
    CONSTRAINT "checkouts_pkey" PRIMARY KEY ("cart_id", "cart_version"),
    CONSTRAINT "checkouts_order_id_fkey" FOREIGN KEY ("order_id")
        REFERENCES "orders"."orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED
);
