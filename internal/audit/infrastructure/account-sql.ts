import type { SqlCheck } from './check.ts'
import { retainedSince } from './outbox-sql.ts'

export const accountChecks: readonly SqlCheck[] = [
  {
    names: ['ways-in'],
    needs: ['user'],
    checked: `select count(*) from users.accounts where not has_password and erased_at is null`,
    offenders: `
      select 'ways-in', 'user ' || a.id || ' has neither a password nor an identity elsewhere'
      from users.accounts a
      where not a.has_password and a.erased_at is null and not exists (select from users.identities i where i.user_id = a.id)
      union all
      select 'ways-in', 'identity ' || i.id || ' belongs to ' || i.user_id || ', who has no account'
      from users.identities i where not exists (select from users.accounts a where a.id = i.user_id)
      union all
      select 'ways-in', 'user ' || a.id || ' has an identity elsewhere, and an address that nobody has verified'
      from users.accounts a
      where a.email_verified_at is null and exists (select from users.identities i where i.user_id = a.id)`,
  },
  {
    names: ['saved-addresses'],
    needs: ['user'],
    checked: `select count(*) from users.addresses`,
    offenders: `
      select 'saved-addresses', case
          when a.id is null then s.user_id || ' has saved an address, and has no account'
          else 'user ' || a.id || ' has ' || count(*) filter (where s.is_default_delivery) || ' default addresses of delivery and '
            || count(*) filter (where s.is_default_billing) || ' of billing' end
      from users.addresses s left join users.accounts a on a.id = s.user_id
      group by s.user_id, a.id
      having a.id is null or count(*) filter (where s.is_default_delivery) > 1
        or count(*) filter (where s.is_default_billing) > 1`,
  },
  {
    names: ['mail-requests'],
    needs: ['user'],
    checked: `select count(*) from users.mail_requests`,
    offenders: `
      select 'mail-requests', case
          when a.id is null then 'a mail is asked for by ' || r.user_id || ', who has no account'
          when count(*) > 1 then 'user ' || r.user_id || ' has ' || count(*) || ' open requests of ' || r.kind
          else 'user ' || r.user_id || ' is blocked, and has an open request of ' || r.kind end
      from users.mail_requests r left join users.accounts a on a.id = r.user_id
      where r.ended_at is null
      group by r.user_id, r.kind, a.id, a.blocked_at
      having a.id is null or count(*) > 1 or (a.blocked_at is not null and r.kind = 'password-reset')`,
  },
  {
    // Requests are forgotten before the events that told of them, so there may be more events.
    names: ['mail-requests-told'],
    needs: ['user'],
    checked: `select count(*) from users.mail_requests`,
    offenders: `
      with retained as materialized (${retainedSince}), asked as (
        select user_id, kind, count(*) as count
        from users.mail_requests, retained where created_at >= retained.at group by 1, 2
      )
      select 'mail-requests-told', 'user ' || user_id || ' has asked for ' || count || ' mails of ' || kind
        || ', and events tell of ' || told
      from asked cross join lateral (
        select count(*) as told from producer.outbox e
        where e.aggregate_type = 'user' and e.aggregate_id = asked.user_id
          and e.subject = 'user.' || replace(asked.kind, '-', '_') || '_requested'
      ) as events
      where told < count`,
  },
  {
    // An earlier version has told of none, and what was forgotten is not missed.
    names: ['sessions-told'],
    needs: ['user'],
    checked: `select count(*) from users.sessions`,
    offenders: `
      with retained as materialized (${retainedSince}), told as materialized (
        select aggregate_id as user_id, subject, data::json ->> 'sessionId' as session, data::json ->> 'reason' as reason
        from producer.outbox where aggregate_type = 'sessions'
      )
      select 'sessions-told', 'session ' || s.id || ' of user ' || s.user_id || ' has begun, and no event tells of it'
      from users.sessions s, retained
      where s.is_told and s.created_at >= retained.at and not exists (
        select from told t where t.user_id = s.user_id and t.session = s.id::text and t.subject = 'session.started')
      union all
      select 'sessions-told', 'session ' || s.id || ' of user ' || s.user_id || ' has ended for ' || s.end_reason
        || ', and no event tells of it'
      from users.sessions s, retained
      where s.end_reason is not null and s.ended_at >= retained.at and not exists (
        select from told t where t.user_id = s.user_id and t.session = s.id::text and t.subject = 'session.revoked'
          and t.reason = s.end_reason)`,
  },
]
