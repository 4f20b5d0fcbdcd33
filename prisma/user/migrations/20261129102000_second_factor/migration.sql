-- The secret is encrypted, and recovery codes are digests. It is a part of the account, so that its row's lock lets a code
-- be used once.
ALTER TABLE "users"."accounts" ADD COLUMN "second_factor" JSONB;
