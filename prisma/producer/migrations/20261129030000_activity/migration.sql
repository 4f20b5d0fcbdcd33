-- The log of who did what. Every service of the database adds to it in the transaction of the change, as it does to the
-- outbox; no service changes or removes an entry, which the roles see to.
CREATE TABLE "producer"."activity" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL CHECK ("actor_kind" IN ('user', 'key')),
    "actor_id" UUID NOT NULL,
    "what" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "correlation_id" TEXT NOT NULL,
    CONSTRAINT "activity_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "activity_actor_id_id_idx" ON "producer"."activity"("actor_id", "id");
CREATE INDEX "activity_what_id_idx" ON "producer"."activity"("what", "id");
