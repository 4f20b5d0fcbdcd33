-- Receipts and credit notes. Whoever issues one locks the row of its series until it has committed, so a transaction that
-- is rolled back leaves no gap between the numbers, which a sequence would.
CREATE TABLE "payments"."receipt_series" (
    "series" TEXT NOT NULL,
    "last" BIGINT NOT NULL CHECK ("last" >= 0),
    CONSTRAINT "receipt_series_pkey" PRIMARY KEY ("series")
);

CREATE TABLE "payments"."receipts" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL CHECK ("kind" IN ('receipt', 'credit-note')),
    "series" TEXT NOT NULL,
    "number" BIGINT NOT NULL CHECK ("number" >= 1),
    "order_id" UUID NOT NULL,
    "user_id" UUID,
    -- What it was issued for: an order that is covered, a refund, or money that was lost otherwise.
    "cause" TEXT NOT NULL,
    -- Of a credit note: the receipt that it is for.
    "receipt_id" UUID,
    "refund_id" UUID,
    "currency" TEXT NOT NULL,
    "tax_minor" BIGINT NOT NULL CHECK ("tax_minor" >= 0),
    "total_minor" BIGINT NOT NULL CHECK ("total_minor" >= "tax_minor"),
    -- Lines, discounts, shipping, tax by rate, and the seller as he was then.
    "body" JSONB NOT NULL,
    -- The buyer's name and address; null when they are not known.
    "buyer" JSONB,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "receipts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "receipts_credit_check" CHECK (("kind" = 'credit-note') = ("receipt_id" IS NOT NULL)),
    CONSTRAINT "receipts_series_fkey" FOREIGN KEY ("series")
        REFERENCES "payments"."receipt_series"("series") ON DELETE RESTRICT ON UPDATE RESTRICT,
    CONSTRAINT "receipts_receipt_id_fkey" FOREIGN KEY ("receipt_id")
        REFERENCES "payments"."receipts"("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE UNIQUE INDEX "receipts_cause_key" ON "payments"."receipts"("cause");
CREATE UNIQUE INDEX "receipts_series_number_key" ON "payments"."receipts"("series", "number");
CREATE INDEX "receipts_order_id_idx" ON "payments"."receipts"("order_id");
-- What an order has sold is receipted once; a refund is credited once.
CREATE UNIQUE INDEX "receipts_of_order" ON "payments"."receipts"("order_id") WHERE "kind" = 'receipt';
CREATE UNIQUE INDEX "receipts_of_refund" ON "payments"."receipts"("refund_id") WHERE "refund_id" IS NOT NULL;

CREATE FUNCTION "payments"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a document that was issued never changes' USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "receipts_never_change" BEFORE UPDATE OR DELETE ON "payments"."receipts"
    FOR EACH ROW EXECUTE FUNCTION "payments"."refuse_change"();
CREATE TRIGGER "receipts_stay" BEFORE TRUNCATE ON "payments"."receipts"
    FOR EACH STATEMENT EXECUTE FUNCTION "payments"."refuse_change"();
