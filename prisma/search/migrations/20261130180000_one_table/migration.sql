-- What is searched, counted and sorted is in one table, so that a search does not have to join two. The index is of an
-- expression: stored, the runs would make each row five times as large.
--
-- The indexes have no statistics, which would have to make the runs of thousands of products anew each time. So the server
-- takes them for selective and always uses them.

-- Each run of one, two and three characters of each word: any part of a word of any script is found by them. Long words are cut
-- first, because to find the n-th character of a text all before it are counted.
CREATE FUNCTION "search"."grams"("folded" text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL RESTRICTED COST 100
RETURN array_to_tsvector(ARRAY(
    SELECT unnest(ARRAY[substr(piece, n, 1), substr(piece, n, 2), substr(piece, n, 3)])
    FROM (
        SELECT substr(word, cut, 66) AS piece
        FROM unnest(string_to_array("folded", ' ')) AS words(word)
        CROSS JOIN LATERAL generate_series(1, length(word), 64) AS cuts(cut)
        OFFSET 0
    ) AS pieces
    CROSS JOIN LATERAL generate_series(1, length(piece)) AS starts(n)
));

-- With what the words of a name begin: one, two and three characters of each.
CREATE FUNCTION "search"."beginnings"("name_words" text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL RESTRICTED COST 100
RETURN ARRAY(
    SELECT DISTINCT substr(word, 1, size) COLLATE "C"
    FROM unnest(string_to_array("name_words", ' ')) AS words(word)
    CROSS JOIN LATERAL generate_series(1, least(3, length(word))) AS sizes(size)
);

-- No list of pending entries: each search would read it through.
CREATE INDEX "products_grams_idx" ON "search"."products" USING gin ("search"."grams"("folded")) WITH (fastupdate = off);
ALTER INDEX "search"."products_grams_idx" ALTER COLUMN 1 SET STATISTICS 0;
CREATE INDEX "products_beginnings_idx" ON "search"."products" USING gin ("search"."beginnings"("name_words"))
    WITH (fastupdate = off);
ALTER INDEX "search"."products_beginnings_idx" ALTER COLUMN 1 SET STATISTICS 0;

-- What lists without words are counted by.
CREATE INDEX "products_category_id_band_idx" ON "search"."products"("category_id", "band");

-- Only the version before reads the other table. Until it goes with the next version, it has what the products have; without
-- its index, which would make each product as dear again.
DROP INDEX "search"."texts_grams_idx";
CREATE FUNCTION "search"."copy_text"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
    INSERT INTO search.texts (product_id, folded, grams) VALUES (NEW.id, NEW.folded, search.grams(NEW.folded))
    ON CONFLICT (product_id) DO UPDATE SET folded = excluded.folded, grams = excluded.grams;
    RETURN NULL;
END
$body$;
CREATE TRIGGER "copy_new_text" AFTER INSERT ON "search"."products"
    FOR EACH ROW WHEN (NEW.folded IS NOT NULL) EXECUTE FUNCTION "search"."copy_text"();
CREATE TRIGGER "copy_changed_text" AFTER UPDATE OF "folded" ON "search"."products"
    FOR EACH ROW WHEN (NEW.folded IS NOT NULL AND OLD.folded IS DISTINCT FROM NEW.folded) EXECUTE FUNCTION "search"."copy_text"();
