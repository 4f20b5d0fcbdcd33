ALTER TABLE "users"."accounts" ADD COLUMN "access_version" INTEGER NOT NULL DEFAULT 1;

CREATE TABLE "users"."sessions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "generation" INTEGER NOT NULL CHECK ("generation" > 0),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "refreshed_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "client" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "sessions_user_id_idx" ON "users"."sessions"("user_id");
CREATE INDEX "sessions_expires_at_idx" ON "users"."sessions"("expires_at");

-- What gateways have to know of access tokens whose time is not over. Either a session or an account.
CREATE TABLE "users"."endings" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT clock_timestamp(),
    "session_id" UUID,
    "user_id" UUID,
    "access_version" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "endings_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "endings_one" CHECK (("session_id" IS NULL) <> ("user_id" IS NULL))
);

CREATE INDEX "endings_at_idx" ON "users"."endings"("at");
