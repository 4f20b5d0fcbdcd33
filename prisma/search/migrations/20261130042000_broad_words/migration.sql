-- What nearly every product has is looked for beside what is counted, without the index of runs. Products without it were
-- stored by the version before. They are read anew.
ALTER TABLE "search"."products" ADD COLUMN "folded" TEXT COLLATE "C";
-- The place at which the price's band begins.
ALTER TABLE "search"."products" ADD COLUMN "band" SMALLINT;

-- The names that begin so, and the shortest names first.
CREATE INDEX "products_name_words_idx" ON "search"."products"("name_words");
CREATE INDEX "products_name_size_id_idx" ON "search"."products"("name_size", "id");

UPDATE "search"."products" p SET "folded" = t."folded",
    "band" = width_bucket(p."price_minor", ARRAY[0] || ARRAY(
        SELECT step * (10::numeric ^ decade)::bigint FROM generate_series(0, 14) decade, unnest(ARRAY[1, 2, 5]::bigint[]) step
        ORDER BY 1)) - 1
FROM "search"."texts" t WHERE t."product_id" = p."id";
