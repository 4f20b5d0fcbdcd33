-- Those who run the shop are a recipient, too, under one id; Slack is a channel for them.
ALTER TABLE "notifications"."deliveries" DROP CONSTRAINT "deliveries_channel_check";
ALTER TABLE "notifications"."deliveries" ADD CONSTRAINT "deliveries_channel_check"
    CHECK ("channel" IN ('email', 'feed', 'slack'));
ALTER TABLE "notifications"."deliveries" DROP CONSTRAINT "deliveries_recipient_type_check";
ALTER TABLE "notifications"."deliveries" ADD CONSTRAINT "deliveries_recipient_type_check"
    CHECK ("recipient_type" IN ('user', 'order', 'staff'));
