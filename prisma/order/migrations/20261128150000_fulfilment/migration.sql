-- Shipments and returns. `revision` rises with every change of the order, its shipments and its returns, so that none
-- of two writers overwrites what the other has decided; `version` goes on counting the changes of status.
ALTER TABLE "orders"."orders"
    ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "fulfilment_status" TEXT NOT NULL DEFAULT 'none' CHECK (
        "fulfilment_status" IN ('none', 'partial', 'shipped', 'delivered')
    ),
    ADD COLUMN "return_status" TEXT NOT NULL DEFAULT 'none' CHECK (
        "return_status" IN ('none', 'open', 'partial', 'returned')
    );

-- Lists by these statuses. Most orders have neither shipments nor returns when they are stored, so placing and settling
-- touch none of these indexes.
CREATE INDEX "orders_fulfilment_status_id_idx" ON "orders"."orders"("fulfilment_status", "id")
    WHERE "fulfilment_status" <> 'none';
CREATE INDEX "orders_return_status_id_idx" ON "orders"."orders"("return_status", "id") WHERE "return_status" <> 'none';
-- Orders that an earlier version has shipped, which knew no shipments. The sweeper gives them theirs.
CREATE INDEX "orders_without_shipments_idx" ON "orders"."orders"("id")
    WHERE "status" IN ('shipped', 'completed') AND "fulfilment_status" = 'none';

-- packed: in shipments that are not canceled. shipped: those of them that have left. canceled: not found when they were to
-- be packed. returned: in returns that are neither declined nor canceled nor expired.
ALTER TABLE "orders"."order_lines"
    ADD COLUMN "packed" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "shipped" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "canceled" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "returned" INTEGER NOT NULL DEFAULT 0,
    ADD CONSTRAINT "order_lines_units_check" CHECK (
        "returned" >= 0 AND "returned" <= "shipped" AND "shipped" <= "packed"
        AND "canceled" >= 0 AND "packed" + "canceled" <= "quantity"
    );

CREATE TABLE "orders"."shipments" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    "status" TEXT NOT NULL CHECK ("status" IN ('packed', 'shipped', 'delivered', 'lost', 'returned', 'canceled')),
    "carrier" TEXT NOT NULL,
    "tracking_number" TEXT NOT NULL,
    "tracking_url" TEXT NOT NULL,
    "version" INTEGER NOT NULL CHECK ("version" >= 1),
    -- [{status, at}], one for each version.
    "history" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "shipments_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "shipments_order_id_fkey" FOREIGN KEY ("order_id")
        REFERENCES "orders"."orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE INDEX "shipments_order_id_idx" ON "orders"."shipments"("order_id");

CREATE TABLE "orders"."shipment_lines" (
    "shipment_id" UUID NOT NULL,
    "line_no" SMALLINT NOT NULL,
    "quantity" INTEGER NOT NULL CHECK ("quantity" > 0),
    CONSTRAINT "shipment_lines_pkey" PRIMARY KEY ("shipment_id", "line_no"),
    CONSTRAINT "shipment_lines_shipment_id_fkey" FOREIGN KEY ("shipment_id")
        REFERENCES "orders"."shipments"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "orders"."returns" (
    "id" UUID NOT NULL,
    "order_id" UUID NOT NULL,
    -- Counts the returns of the order. The inventory books a return once for each number.
    "return_no" INTEGER NOT NULL,
    "status" TEXT NOT NULL CHECK ("status" IN (
        'requested', 'approved', 'declined', 'canceled', 'received', 'expired', 'refunded', 'refused', 'closed'
    )),
    "version" INTEGER NOT NULL CHECK ("version" >= 1),
    "history" JSONB NOT NULL,
    -- Received, and the inventory has not yet said that the goods are booked.
    "awaiting_stock" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "returns_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "returns_order_id_fkey" FOREIGN KEY ("order_id")
        REFERENCES "orders"."orders"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE UNIQUE INDEX "returns_order_id_return_no_key" ON "orders"."returns"("order_id", "return_no");
CREATE INDEX "returns_awaiting_stock_idx" ON "orders"."returns"("updated_at") WHERE "awaiting_stock";

CREATE TABLE "orders"."return_lines" (
    "return_id" UUID NOT NULL,
    "line_no" SMALLINT NOT NULL,
    "quantity" INTEGER NOT NULL CHECK ("quantity" > 0),
    "reason" TEXT NOT NULL,
    -- Of those that were received.
    "resellable" INTEGER NOT NULL DEFAULT 0,
    "damaged" INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT "return_lines_pkey" PRIMARY KEY ("return_id", "line_no"),
    CONSTRAINT "return_lines_units_check" CHECK (
        "resellable" >= 0 AND "damaged" >= 0 AND "resellable" + "damaged" <= "quantity"
    ),
    CONSTRAINT "return_lines_return_id_fkey" FOREIGN KEY ("return_id")
        REFERENCES "orders"."returns"("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
