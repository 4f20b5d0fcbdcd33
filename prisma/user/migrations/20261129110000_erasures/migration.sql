-- An account whose person was erased keeps its id and nothing of them. Its address and its name are free again.
ALTER TABLE "users"."accounts" ALTER COLUMN "username" DROP NOT NULL,
    ALTER COLUMN "email" DROP NOT NULL,
    ADD COLUMN "erased_at" TIMESTAMPTZ(3),
    ADD CONSTRAINT "accounts_erased_check" CHECK (CASE WHEN "erased_at" IS NULL
        THEN "username" IS NOT NULL AND "email" IS NOT NULL
        ELSE "username" IS NULL AND "email" IS NULL AND "name" = '' AND "phone" = '' AND "address" = ''
          AND "password_hash" IS NULL AND "second_factor" IS NULL AND "email_verified_at" IS NULL
          AND "role" = 'customer'
        END);

-- Which contexts have confirmed that they keep nothing of the person.
CREATE TABLE "users"."erasures" (
    "user_id" UUID NOT NULL,
    "context" TEXT NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    CONSTRAINT "erasures_pkey" PRIMARY KEY ("user_id", "context")
);

CREATE INDEX "erasures_open" ON "users"."erasures"("context", "erased_at") WHERE "confirmed_at" IS NULL;
