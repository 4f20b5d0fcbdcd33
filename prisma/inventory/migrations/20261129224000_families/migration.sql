-- Families of products that differ by named options.
CREATE TABLE "inventory"."families" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "options" TEXT[] NOT NULL,
    "version" INTEGER NOT NULL CHECK ("version" >= 1),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "deleted_at" TIMESTAMPTZ(3),
    CONSTRAINT "families_pkey" PRIMARY KEY ("id")
);

-- A product is in one family at most, and no other one of it has the same options.
ALTER TABLE "inventory"."products" ADD COLUMN "family_id" UUID, ADD COLUMN "options" JSONB, ADD COLUMN "options_key" TEXT COLLATE "C",
    ADD CONSTRAINT "products_family_id_fkey" FOREIGN KEY ("family_id")
        REFERENCES "inventory"."families"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE UNIQUE INDEX "products_family_options_key" ON "inventory"."products"("family_id", "options_key")
    WHERE "deleted_at" IS NULL AND "family_id" IS NOT NULL;
