-- Money that comes outside of providers is now recorded by the payments. Orders that only the word of an admin has made paid
-- keep it: -1 says that the payments know nothing of it.
UPDATE "orders"."orders" SET "gate_version" = -1 WHERE "gate_version" = 0 AND "payment_status" = 'paid';
