-- The timeline of an order looks up messages by their time. A BRIN index is a few pages, and writing it costs next to nothing.
CREATE INDEX "inbox_received_at" ON "payments"."inbox" USING brin ("received_at") WITH (pages_per_range = 16);
