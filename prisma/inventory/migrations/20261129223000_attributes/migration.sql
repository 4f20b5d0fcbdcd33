-- What products say of themselves, and what those of a category may say.
ALTER TABLE "inventory"."categories" ADD COLUMN "attributes" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "inventory"."products" ADD COLUMN "attributes" JSONB NOT NULL DEFAULT '{}';
