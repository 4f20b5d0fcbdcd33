-- Categories as a tree. Products keep the path of their category as the text that they had, so that nothing that reads them
-- has to join, and the version before works on: what it writes as a category's text, a trigger places in the tree.
CREATE TABLE "inventory"."categories" (
    "id" UUID NOT NULL,
    "parent_id" UUID,
    "name" TEXT NOT NULL,
    -- The names of those above it and its own, with slashes between.
    "path" TEXT NOT NULL,
    -- Equal for what people take for the same path.
    "path_key" TEXT COLLATE "C" NOT NULL,
    "version" INTEGER NOT NULL CHECK ("version" >= 1),
    -- Made here, by a product of the version before: no event tells of its first version.
    "is_derived" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    CONSTRAINT "categories_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "categories_parent_id_fkey" FOREIGN KEY ("parent_id")
        REFERENCES "inventory"."categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "categories_not_below_itself" CHECK ("parent_id" <> "id")
);

CREATE UNIQUE INDEX "categories_path_key_key" ON "inventory"."categories"("path_key") WHERE "deleted_at" IS NULL;

ALTER TABLE "inventory"."products" ADD COLUMN "category_id" UUID,
    ADD CONSTRAINT "products_category_id_fkey" FOREIGN KEY ("category_id")
        REFERENCES "inventory"."categories"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The category of a text, which is a path. What is missing of it is made. The lock is the one of who changes the tree.
CREATE FUNCTION "inventory"."category_of"("given" text) RETURNS uuid LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
DECLARE
    names text[] := ARRAY(
        SELECT regexp_replace(normalize(part, NFC), '^\s+|\s+$', '', 'g')
        FROM unnest(string_to_array("given", '/')) WITH ORDINALITY AS parts(part, place)
        WHERE inventory.text_key(regexp_replace(part, '^\s+|\s+$', '', 'g')) <> '' ORDER BY place);
    named text;
    there uuid;
    above uuid;
    here text;
    here_key text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('inventory.categories', 0));
    IF names = '{}' THEN
        names := '{-}';
    END IF;
    FOREACH named IN ARRAY names LOOP
        here_key := concat_ws('/', here_key, inventory.text_key(named));
        there := (SELECT id FROM inventory.categories WHERE path_key = here_key AND deleted_at IS NULL);
        IF there IS NULL THEN
            here := concat_ws('/', (SELECT path FROM inventory.categories WHERE id = above), named);
            INSERT INTO inventory.categories (id, parent_id, name, path, path_key, version, is_derived, created_at, updated_at)
            VALUES (gen_random_uuid(), above, named, here, here_key, 1, true, now(), now()) RETURNING id INTO there;
        END IF;
        above := there;
    END LOOP;
    RETURN above;
END
$body$;

-- Of texts that count as the same, the one of the oldest product is shown.
SELECT count("inventory"."category_of"(texts."category")) FROM (
    SELECT "category" FROM "inventory"."products" WHERE "deleted_at" IS NULL GROUP BY "category" ORDER BY min("id"::text)
) AS texts;
UPDATE "inventory"."products" SET "category_id" = "inventory"."category_of"("category") WHERE "deleted_at" IS NULL;
UPDATE "inventory"."products" p SET "category" = c.path FROM "inventory"."categories" c
    WHERE c.id = p.category_id AND p.category <> c.path;

-- For the version before, and for whatever else writes only the text.
CREATE FUNCTION "inventory"."place_product"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
    -- The category itself was renamed or moved.
    IF EXISTS (SELECT FROM inventory.categories WHERE id = NEW.category_id AND path = NEW.category) THEN
        RETURN NEW;
    END IF;
    NEW.category_id := inventory.category_of(NEW.category);
    NEW.category := (SELECT path FROM inventory.categories WHERE id = NEW.category_id);
    RETURN NEW;
END
$body$;

CREATE TRIGGER "place_new_product" BEFORE INSERT ON "inventory"."products"
    FOR EACH ROW WHEN (NEW.category_id IS NULL) EXECUTE FUNCTION "inventory"."place_product"();
CREATE TRIGGER "place_changed_product" BEFORE UPDATE OF "category" ON "inventory"."products"
    FOR EACH ROW WHEN (NEW.category IS DISTINCT FROM OLD.category AND NEW.category_id IS NOT DISTINCT FROM OLD.category_id)
    EXECUTE FUNCTION "inventory"."place_product"();

-- Lists of one category, in place of those by its text.
DROP INDEX "inventory"."products_category_key_idx";
DROP INDEX "inventory"."products_category_key_name_idx";
DROP INDEX "inventory"."products_category_key_price_idx";
CREATE INDEX "products_category_id_id_idx" ON "inventory"."products"("category_id", "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "products_category_id_name_idx" ON "inventory"."products"
    ("category_id", (lower("name" COLLATE "C")), "id") WHERE "deleted_at" IS NULL;
CREATE INDEX "products_category_id_price_idx" ON "inventory"."products"("category_id", "price_minor", "id")
    WHERE "deleted_at" IS NULL;
