-- How products are found by what people type, and when two SKUs or categories count as the same.
--
-- Everything here is plain SQL in our own schema, in place of pg_trgm and unaccent: those need the right to create
-- extensions, and pg_trgm sees no letters but English ones in a database whose locale is "C", and no word of two
-- characters, which many Chinese and Japanese words are. Bodies in standard SQL are bound here, once, whatever the search
-- path is later.
--
-- It is safe on filled tables while the version before runs: reads and orders go on, and writes to the catalogue wait until
-- the end. The triggers also serve writers that know nothing of this table.

-- Letters are lower-cased in a collation that knows all of them and is the same on every server, if there is one.
-- text_key: equal for what people take for the same SKU or category: in any case, in any form of Unicode.
-- search_fold: the same without accents, for searching. Marks that make other words of other scripts stay.
DO $do$
DECLARE
    known text := coalesce(
        (SELECT quote_ident(collname) FROM pg_collation WHERE collnamespace = 'pg_catalog'::regnamespace
            AND collname IN ('pg_c_utf8', 'und-x-icu') AND collencoding IN (-1, pg_char_to_encoding('UTF8'))
            ORDER BY collname = 'pg_c_utf8' DESC LIMIT 1),
        '"default"');
BEGIN
    EXECUTE format($sql$
        CREATE FUNCTION "inventory"."text_key"("given" text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN btrim(translate(
            lower(regexp_replace(normalize("given", NFC) COLLATE "C", '[\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\uFE00-\uFE0F\uFEFF]', '', 'g')
                COLLATE pg_catalog.%1$s), 'ς', 'σ') COLLATE "C");
        CREATE FUNCTION "inventory"."search_fold"("given" text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
        RETURN btrim(regexp_replace(translate(replace(replace(replace(replace(
            lower(regexp_replace(normalize("given", NFKD) COLLATE "C", '[\u00AD\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061C\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u180E\u1AB0-\u1AFF\u1DC0-\u1DFF\u200B-\u200F\u202A-\u202E\u2060-\u2064\u20D0-\u20F0\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF]', '', 'g')
                COLLATE pg_catalog.%1$s), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
            'ςłøđðħŧıŋƀɨƶ‘’‚‛′“”„‟‐‒–—―−⁄', 'σloddhtinbiz''''''''''""""------/') COLLATE "C", '[\s\u0085\u1680\u2028\u2029]+', ' ', 'g'));
    $sql$, known);
END
$do$;

-- The index has each run of one, two and three characters of each word: any part of a word of any script is found by it.
-- Long words are cut first, because to find the n-th character of a text all before it are counted.
CREATE FUNCTION "inventory"."search_grams"("folded" text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
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

-- The words of a search. Punctuation around a word is what people write around words, unless there is nothing else.
CREATE FUNCTION "inventory"."search_terms"("query" text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT coalesce(array_agg(DISTINCT coalesce(nullif(btrim(word, '"''`.,;:!?()[]{}<>«»‹›¿¡、。「」『』・-_*&|/\'), ''), word) COLLATE "C"), '{}')
    FROM unnest(string_to_array("inventory"."search_fold"("query"), ' ')) AS words(word)
    WHERE word <> ''
);

-- What the index is asked for: the longest runs that it has of each word. Each is quoted, so that it is no operator.
CREATE FUNCTION "inventory"."search_asked"("terms" text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT string_agg('''' || replace(replace(gram, '\', '\\'), '''', '''''') || '''', ' & ')::tsquery
    FROM (
        SELECT DISTINCT substr(term, n, 3) AS gram
        FROM unnest("terms") AS words(term)
        CROSS JOIN LATERAL generate_series(1, greatest(1, length(term) - 2)) AS starts(n)
    ) AS grams
);

-- And what decides: each word is a part of the text, in which nothing stands for anything else.
CREATE FUNCTION "inventory"."search_patterns"("terms" text[]) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT coalesce(array_agg('%' || replace(replace(replace(term, '\', '\\'), '%', '\%'), '_', '\_') || '%' COLLATE "C"), '{}')
    FROM unnest("terms") AS words(term)
);

-- One row for each product that is not deleted. It is beside the products, so that they stay small to read and to write.
CREATE TABLE "inventory"."product_search" (
    "product_id" UUID NOT NULL,
    "sku_key" TEXT COLLATE "C" NOT NULL,
    "folded" TEXT COLLATE "C" NOT NULL,
    "grams" tsvector NOT NULL,
    CONSTRAINT "product_search_pkey" PRIMARY KEY ("product_id"),
    CONSTRAINT "product_search_product_id_fkey" FOREIGN KEY ("product_id")
        REFERENCES "inventory"."products"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE FUNCTION "inventory"."index_product"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
    words text := inventory.search_fold(NEW.name || ' ' || NEW.sku || ' ' || NEW.description);
BEGIN
    IF NEW.deleted_at IS NOT NULL THEN
        DELETE FROM inventory.product_search WHERE product_id = NEW.id;
    ELSIF TG_OP = 'UPDATE' AND OLD.sku = NEW.sku THEN
        -- Its key stays, for it may be one of several that were there before keys were.
        UPDATE inventory.product_search SET folded = words, grams = inventory.search_grams(words) WHERE product_id = NEW.id;
    ELSE
        INSERT INTO inventory.product_search (product_id, sku_key, folded, grams)
        VALUES (NEW.id, inventory.text_key(NEW.sku), words, inventory.search_grams(words))
        ON CONFLICT (product_id) DO UPDATE
            SET sku_key = excluded.sku_key, folded = excluded.folded, grams = excluded.grams;
    END IF;
    RETURN NULL;
END
$body$;

CREATE TRIGGER "index_new_product" AFTER INSERT ON "inventory"."products"
    FOR EACH ROW EXECUTE FUNCTION "inventory"."index_product"();
CREATE TRIGGER "index_changed_product" AFTER UPDATE ON "inventory"."products"
    FOR EACH ROW WHEN ((OLD.name, OLD.sku, OLD.description, OLD.deleted_at)
        IS DISTINCT FROM (NEW.name, NEW.sku, NEW.description, NEW.deleted_at))
    EXECUTE FUNCTION "inventory"."index_product"();

-- Products whose SKUs differ by case only keep them: the oldest has the key, the others have it with their id.
INSERT INTO "inventory"."product_search" (product_id, sku_key, folded, grams)
SELECT id, CASE WHEN row_number() OVER (PARTITION BY key ORDER BY id) = 1 THEN key ELSE key || ' ' || id END,
    words, "inventory"."search_grams"(words)
FROM (
    SELECT id, "inventory"."text_key"(sku) AS key,
        "inventory"."search_fold"(name || ' ' || sku || ' ' || description) AS words
    FROM "inventory"."products" WHERE deleted_at IS NULL
) AS products;

CREATE UNIQUE INDEX "product_search_sku_key_key" ON "inventory"."product_search"("sku_key");
-- No list of pending entries: each search would read it through.
CREATE INDEX "product_search_grams_idx" ON "inventory"."product_search" USING gin ("grams") WITH (fastupdate = off);

-- Lists of a category, in whatever case it was written.
CREATE INDEX "products_category_key_idx" ON "inventory"."products"(("inventory"."text_key"("category")), "id")
    WHERE "deleted_at" IS NULL;
CREATE INDEX "products_category_key_name_idx" ON "inventory"."products"
    (("inventory"."text_key"("category")), (lower("name" COLLATE "C")), "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "products_category_key_price_idx" ON "inventory"."products"
    (("inventory"."text_key"("category")), "price_minor", "id") WHERE "deleted_at" IS NULL;
