-- A hold may end. An order that has to end asks for its money first, and is closing until it has the answer: closing says
-- how it is to end, {to, reason, refund, since}.
ALTER TABLE "orders"."orders"
    ADD COLUMN "hold_until" TIMESTAMPTZ(3),
    ADD COLUMN "closing" JSONB,
    ADD COLUMN "closing_since" TIMESTAMPTZ(3);

ALTER TABLE "orders"."orders" DROP CONSTRAINT "orders_status_check";
ALTER TABLE "orders"."orders" ADD CONSTRAINT "orders_status_check" CHECK (
    "status" IN ('pending', 'confirmed', 'rejected', 'paid', 'shipped', 'completed', 'canceled', 'expired')
);

-- What the sweeper looks for. Without ORDER_HOLD_SECONDS no order has an entry in the first.
CREATE INDEX "orders_hold_until_idx" ON "orders"."orders"("hold_until")
    WHERE "hold_until" IS NOT NULL AND "status" = 'confirmed';
CREATE INDEX "orders_closing_since_idx" ON "orders"."orders"("closing_since") WHERE "closing_since" IS NOT NULL;
