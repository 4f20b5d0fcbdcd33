import type { SqlCheck } from './check.ts'

const counted = `select count(*) from notifications.deliveries`

export const notificationChecks: readonly SqlCheck[] = [
  {
    names: ['deliveries-once'],
    needs: ['notification'],
    checked: counted,
    offenders: `
      select 'deliveries-once', 'event ' || event_id || ' has ' || count(*) || ' deliveries of ' || kind || ' by ' || channel
        || ' to ' || recipient_type || ' ' || recipient_id
      from notifications.deliveries group by event_id, channel, recipient_type, recipient_id, kind having count(*) > 1`,
  },
  {
    // Whoever was sending it has an answer or is dead by then, and any sender of the service calls it unknown.
    names: ['deliveries-end'],
    needs: ['notification'],
    checked: `select count(*) from notifications.deliveries where status = 'sending'`,
    offenders: `
      select 'deliveries-end', 'delivery ' || id || ' is being sent although its lease has ended at ' || to_json(lease_until)
      from notifications.deliveries where status = 'sending' and lease_until < now() - interval '60 s'`,
  },
  {
    names: ['deliveries-told'],
    needs: ['notification'],
    checked: `select count(*) from notifications.deliveries where channel <> 'feed'`,
    offenders: `
      select 'deliveries-told', 'delivery ' || d.id || ' is ' || d.status || ', and '
        || coalesce('its last event says ' || e.subject, 'no event has told it')
      from notifications.deliveries d
      left join producer.outbox e
        on e.aggregate_type = 'notification' and e.aggregate_id = d.id and e.aggregate_version = d.version
      where d.channel <> 'feed' and (
        d.status in ('sent', 'failed', 'unknown') and (d.version = 0 or e.subject <> 'notification.' || d.status)
        or d.status not in ('sent', 'failed', 'unknown') and e.subject = 'notification.sent'
      )`,
  },
  {
    // An event that somebody has invented is told to nobody: its messages are skipped.
    names: ['deliveries-of-something'],
    needs: ['notification', 'order'],
    compares: 'messages were not compared with their orders',
    checked: `select count(*) from notifications.deliveries where recipient_type = 'order'`,
    offenders: `
      select 'deliveries-of-something', 'delivery ' || d.id || ' is for the buyer of order ' || d.recipient_id
        || ', which does not exist'
      from notifications.deliveries d
      where d.recipient_type = 'order' and d.status <> 'skipped' and not exists (select from orders.orders o where o.id = d.recipient_id)`,
  },
  {
    names: ['webhooks-once'],
    needs: ['notification'],
    checked: `select count(*) from notifications.webhook_deliveries`,
    offenders: `
      select 'webhooks-once', 'event ' || event_id || ' has ' || count(*) || ' deliveries to endpoint ' || endpoint_id
      from notifications.webhook_deliveries group by event_id, endpoint_id having count(*) > 1`,
  },
  {
    // What waits for an earlier event of its aggregate, or in somebody's hands, is not due.
    names: ['webhooks-sent'],
    needs: ['notification'],
    checked: `select count(*) from notifications.webhook_deliveries where status = 'queued'`,
    offenders: `
      select 'webhooks-sent', 'delivery ' || d.id || ' to endpoint ' || d.endpoint_id || ' is due since ' || to_json(d.next_at)
      from notifications.webhook_deliveries d
      join notifications.endpoints e on e.id = d.endpoint_id and e.paused_at is null
      where d.status = 'queued' and greatest(d.next_at, d.lease_until, e.updated_at) < now() - interval '1 hour'
        and not exists (
          select from notifications.webhook_deliveries p
          where p.endpoint_id = d.endpoint_id and p.aggregate_id = d.aggregate_id and p.status = 'queued' and p.seq < d.seq)`,
  },
]
