-- Of one unit, as it is sent; null when nobody has said. The version before neither reads nor writes it, and what it
-- writes has none.
alter table inventory.products add column weight_grams int check (weight_grams >= 0);
