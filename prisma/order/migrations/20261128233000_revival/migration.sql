-- An expired order is bought after all with money that came late: its stock is held again, under the next number.
-- reviving says how far that is, {since, isOff}; while it is there, the status is still expired. The version before
-- expires orders as before and revives none. It knows one hold only, so replace all processes of the order service
-- before a revived order is canceled.
ALTER TABLE "orders"."orders"
    ADD COLUMN "hold_no" SMALLINT NOT NULL DEFAULT 1 CHECK ("hold_no" >= 1),
    ADD COLUMN "reviving" JSONB,
    ADD COLUMN "reviving_since" TIMESTAMPTZ(3),
    ADD CONSTRAINT "orders_reviving_check" CHECK (
        ("reviving" IS NULL) = ("reviving_since" IS NULL) AND ("reviving" IS NULL OR "status" = 'expired')
    );

-- What the sweeper looks for: nearly always nothing.
CREATE INDEX "orders_reviving_since_idx" ON "orders"."orders"("reviving_since") WHERE "reviving_since" IS NOT NULL;
CREATE INDEX "orders_late_money_idx" ON "orders"."orders"("updated_at")
    WHERE "status" = 'expired' AND "payment_status" IN ('authorized', 'paid', 'overpaid');
