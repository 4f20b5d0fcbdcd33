-- The log of who did what has an end. Nobody's role may remove entries, so that a service that was taken over hides nothing;
-- this removes them for the producer, and none that is younger than 30 days, whatever it is asked for.
CREATE INDEX "activity_at_idx" ON "producer"."activity"("at");

CREATE FUNCTION "producer"."remove_old_activity"(older_than TIMESTAMPTZ, most INTEGER) RETURNS INTEGER
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    WITH removed AS (
        DELETE FROM producer.activity WHERE id IN (
            SELECT a.id FROM producer.activity a
            WHERE a.at < least(older_than, now() - interval '30 days')
            ORDER BY a.at LIMIT most FOR UPDATE SKIP LOCKED)
        RETURNING 1)
    SELECT count(*)::integer FROM removed
$$;

REVOKE ALL ON FUNCTION "producer"."remove_old_activity"(TIMESTAMPTZ, INTEGER) FROM PUBLIC;
