-- Each write of an order's money raises it: whoever has decided on the money as it was before decides again.
ALTER TABLE "payments"."gates" ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 0;
