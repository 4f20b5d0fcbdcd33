-- An account has more events than the one of when it was made.
ALTER TABLE "users"."accounts"
    ADD COLUMN "event_version" INTEGER NOT NULL DEFAULT 1,
    ADD COLUMN "last_event_at" TIMESTAMPTZ(3),
    ADD COLUMN "email_verified_at" TIMESTAMPTZ(3);

CREATE TABLE "users"."mail_requests" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" TEXT NOT NULL CHECK ("kind" IN ('password-reset', 'email-verification')),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    CONSTRAINT "mail_requests_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "mail_requests_user_id_created_at_idx" ON "users"."mail_requests"("user_id", "created_at");
CREATE INDEX "mail_requests_expires_at_idx" ON "users"."mail_requests"("expires_at");

-- Of each kind only the newest one of a person is good.
CREATE UNIQUE INDEX "mail_requests_open" ON "users"."mail_requests"("user_id", "kind") WHERE "ended_at" IS NULL;
