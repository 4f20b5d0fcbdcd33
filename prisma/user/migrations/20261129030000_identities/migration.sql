-- Whoever comes by an identity elsewhere needs no password.
ALTER TABLE "users"."accounts" ALTER COLUMN "password_hash" DROP NOT NULL,
    -- For the audit, which may not read hashes.
    ADD COLUMN "has_password" BOOLEAN NOT NULL DEFAULT true,
    ADD CONSTRAINT "accounts_has_password" CHECK ("has_password" = ("password_hash" IS NOT NULL));

CREATE TABLE "users"."identities" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "provider" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "identities_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "identities_issuer_subject_key" ON "users"."identities"("issuer", "subject");
CREATE INDEX "identities_user_id_idx" ON "users"."identities"("user_id");

-- Only digests of codes are stored.
CREATE TABLE "users"."login_codes" (
    "digest" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "login_codes_pkey" PRIMARY KEY ("digest")
);

CREATE INDEX "login_codes_expires_at_idx" ON "users"."login_codes"("expires_at");
