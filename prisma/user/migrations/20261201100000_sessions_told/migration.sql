-- Events tell of sessions. Those of an account are counted there, because sessions are forgotten long before their events.
ALTER TABLE "users"."accounts" ADD COLUMN "session_version" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "last_session_at" TIMESTAMPTZ(3);

ALTER TABLE "users"."sessions" ADD COLUMN "end_reason" TEXT,
    ADD COLUMN "is_told" BOOLEAN NOT NULL DEFAULT false,
    ADD CONSTRAINT "sessions_end_reason_check" CHECK ("end_reason" IS NULL OR "ended_at" IS NOT NULL);
