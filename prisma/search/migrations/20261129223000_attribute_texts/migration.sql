-- What products say of themselves, as text: as it is shown, and as it is compared. Products without it were stored by the
-- version before. They are read anew, and can be found meanwhile.
ALTER TABLE "search"."products" ADD COLUMN "attributes" JSONB, ADD COLUMN "attribute_keys" JSONB;
