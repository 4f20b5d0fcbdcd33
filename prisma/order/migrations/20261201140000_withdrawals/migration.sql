-- The customer has withdrawn from the contract in time, so nobody declines the return.
ALTER TABLE "orders"."returns" ADD COLUMN "is_withdrawal" BOOLEAN NOT NULL DEFAULT false;
