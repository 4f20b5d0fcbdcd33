CREATE SCHEMA IF NOT EXISTS "search";

-- What is found: a copy of the catalogue, folded for searching. Everything here can be made anew from the catalogue.
-- Collation "C" has the same order on every server, and LIKE on a prefix can use its indexes.
CREATE TABLE "search"."products" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    -- Products with the same last byte of their id. Whether index and catalogue agree is compared bucket by bucket.
    "bucket" SMALLINT NOT NULL,
    -- A number that stands for the id at that version.
    "mark" BIGINT NOT NULL,
    "sku_key" TEXT COLLATE "C" NOT NULL,
    "name_key" TEXT COLLATE "C" NOT NULL,
    -- The words of the name with blanks before, between and behind them.
    "name_words" TEXT COLLATE "C" NOT NULL,
    "name_size" SMALLINT NOT NULL,
    "category" TEXT COLLATE "C" NOT NULL,
    "category_key" TEXT COLLATE "C" NOT NULL,
    "price_minor" BIGINT NOT NULL,
    "currency" TEXT COLLATE "C" NOT NULL,
    "is_sold_out" BOOLEAN NOT NULL,
    CONSTRAINT "products_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "products_bucket_idx" ON "search"."products"("bucket");
CREATE INDEX "products_sku_key_idx" ON "search"."products"("sku_key");
CREATE INDEX "products_sold_out" ON "search"."products"("id") WHERE "is_sold_out";

-- What is searched. It is apart, so that what is counted and sorted stays small.
CREATE TABLE "search"."texts" (
    "product_id" UUID NOT NULL,
    "folded" TEXT COLLATE "C" NOT NULL,
    -- Each run of one, two and three characters of each word.
    "grams" tsvector NOT NULL,
    CONSTRAINT "texts_pkey" PRIMARY KEY ("product_id"),
    CONSTRAINT "texts_product_id_fkey" FOREIGN KEY ("product_id")
        REFERENCES "search"."products"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- No list of pending entries: each search would read it through.
CREATE INDEX "texts_grams_idx" ON "search"."texts" USING gin ("grams") WITH (fastupdate = off);

-- Words of names, with what is left of them when letters are missing: a misspelled word is found by what both have left.
-- Words stay when no product has them any more.
CREATE TABLE "search"."words" (
    "word" TEXT COLLATE "C" NOT NULL,
    "variants" TEXT[] COLLATE "C" NOT NULL,
    CONSTRAINT "words_pkey" PRIMARY KEY ("word")
);

CREATE INDEX "words_variants_idx" ON "search"."words" USING gin ("variants");
