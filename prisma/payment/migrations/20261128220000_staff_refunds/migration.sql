-- Under which staff have paid a refund back; one is good for one refund, ever.
ALTER TABLE "payments"."refunds" ADD COLUMN "reference" TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX "refunds_reference" ON "payments"."refunds"("reference") WHERE "reference" <> '';
-- What somebody may have to look at.
CREATE INDEX "refunds_open_idx" ON "payments"."refunds"("id")
    WHERE "status" NOT IN ('succeeded', 'canceled', 'settled_manually');

-- No provider gives back what came to the bank.
UPDATE "payments"."operations" o SET "status" = 'canceled', "error" = 'staff pay it back'
    FROM "payments"."payments" p
    WHERE p."id" = o."payment_id" AND p."provider" = 'offline' AND o."kind" = 'refund' AND o."status" = 'waiting';
