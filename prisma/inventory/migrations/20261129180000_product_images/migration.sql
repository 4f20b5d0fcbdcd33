-- The images that were uploaded. Their files are in the file store, under names that are made from the id.
CREATE TABLE "inventory"."product_images" (
    "id" UUID NOT NULL,
    "product_id" UUID NOT NULL,
    -- Reserved: there is room for its files, which may be written. Shown: they are there. Removed: they are to be deleted.
    "state" TEXT NOT NULL CHECK ("state" IN ('reserved', 'shown', 'removed')),
    "alt" TEXT NOT NULL DEFAULT '',
    -- Of the largest file, in pixels.
    "width" INTEGER NOT NULL CHECK ("width" >= 1),
    "height" INTEGER NOT NULL CHECK ("height" >= 1),
    -- Of all files together.
    "bytes" INTEGER NOT NULL CHECK ("bytes" >= 1),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "product_images_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "product_images_product_id_state_idx" ON "inventory"."product_images" ("product_id", "state");
CREATE INDEX "product_images_state_created_at_idx" ON "inventory"."product_images" ("state", "created_at");
