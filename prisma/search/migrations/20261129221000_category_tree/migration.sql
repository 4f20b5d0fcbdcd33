-- A copy of the tree of categories. Products name theirs by its id, so they stay as they are when its path changes.
CREATE TABLE "search"."categories" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "path" TEXT COLLATE "C" NOT NULL,
    "path_key" TEXT COLLATE "C" NOT NULL,
    CONSTRAINT "categories_pkey" PRIMARY KEY ("id")
);

-- Products without one were stored by the version before. They are read anew, and can be found meanwhile.
ALTER TABLE "search"."products" ADD COLUMN "category_id" UUID;

-- Only the version before writes them; they go with the next one.
ALTER TABLE "search"."products" ALTER COLUMN "category" DROP NOT NULL, ALTER COLUMN "category_key" DROP NOT NULL;
