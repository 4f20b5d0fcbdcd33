-- Which products are sold out, for those who keep a copy of the catalogue. An index on the stock itself would cost every
-- order: rows that change a column of an index are not updated in place. A row here changes only when the last unit goes
-- or the first one comes. Writes to the stock wait until this migration has ended.
CREATE TABLE "inventory"."sold_out" (
    "product_id" UUID NOT NULL,
    CONSTRAINT "sold_out_pkey" PRIMARY KEY ("product_id")
);

CREATE FUNCTION "inventory"."note_sold_out"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $body$
BEGIN
    IF NEW.available > 0 THEN
        DELETE FROM inventory.sold_out WHERE product_id = NEW.product_id;
    ELSE
        INSERT INTO inventory.sold_out (product_id) VALUES (NEW.product_id) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$body$;

CREATE TRIGGER "note_new_stock" AFTER INSERT ON "inventory"."stock"
    FOR EACH ROW WHEN (NEW.available <= 0) EXECUTE FUNCTION "inventory"."note_sold_out"();
CREATE TRIGGER "note_changed_stock" AFTER UPDATE OF "available" ON "inventory"."stock"
    FOR EACH ROW WHEN ((OLD.available > 0) IS DISTINCT FROM (NEW.available > 0))
    EXECUTE FUNCTION "inventory"."note_sold_out"();

INSERT INTO "inventory"."sold_out" (product_id) SELECT product_id FROM "inventory"."stock" WHERE available <= 0;
