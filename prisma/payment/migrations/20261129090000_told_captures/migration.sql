-- What a payment has taken in all, as a provider's message tells: if that is known, nobody has to read the payment.
ALTER TABLE "payments"."inbox" ADD COLUMN "captured_minor" BIGINT, ADD COLUMN "captured_currency" TEXT;
