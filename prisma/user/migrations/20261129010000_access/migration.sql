-- Nobody logs in to a blocked account.
ALTER TABLE "users"."accounts" ADD COLUMN "blocked_at" TIMESTAMPTZ(3);

-- Admins look accounts up by how their logins begin.
CREATE INDEX "accounts_email_prefix" ON "users"."accounts"("email" text_pattern_ops);
CREATE INDEX "accounts_username_prefix" ON "users"."accounts"("username" text_pattern_ops);
