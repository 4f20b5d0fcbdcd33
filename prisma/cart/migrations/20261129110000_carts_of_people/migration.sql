-- All carts of a person, and those of guests that became theirs, for what is told of them and for erasing them.
CREATE INDEX "carts_user_id_id_idx" ON "carts"."carts"("user_id", "id");
CREATE INDEX "carts_merged_into" ON "carts"."carts"("merged_into") WHERE "merged_into" IS NOT NULL;
