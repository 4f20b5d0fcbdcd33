-- Counts the events of a letter: one, or none for those of before and for one that was to tell of another.
ALTER TABLE "consumer"."dead_letters" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0 CHECK ("version" >= 0);
