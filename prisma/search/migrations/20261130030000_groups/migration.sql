-- The family of a product, or the product itself when it is in none. Products without it were stored by the version before.
-- They are read anew, and can be found meanwhile.
ALTER TABLE "search"."products" ADD COLUMN "group_id" UUID;

CREATE INDEX "products_group_id_idx" ON "search"."products"("group_id");
