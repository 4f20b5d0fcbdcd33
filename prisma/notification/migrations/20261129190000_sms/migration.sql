-- Text messages are a channel, too.
ALTER TABLE "notifications"."deliveries" DROP CONSTRAINT "deliveries_channel_check";
ALTER TABLE "notifications"."deliveries" ADD CONSTRAINT "deliveries_channel_check"
    CHECK ("channel" IN ('email', 'feed', 'sms', 'slack'));
