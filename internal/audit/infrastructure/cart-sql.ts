import type { SqlCheck } from './check.ts'

const live = `status in ('active', 'locked', 'abandoned')`

export const cartChecks: readonly SqlCheck[] = [
  {
    names: ['carts-live'],
    needs: ['cart'],
    checked: `select count(*) from carts.carts where user_id is not null and ${live}`,
    offenders: `
      select 'carts-live', 'user ' || user_id || ' has ' || count(*) || ' carts at once'
      from carts.carts where user_id is not null and ${live}
      group by user_id having count(*) > 1`,
  },
  {
    names: ['cart-lines'],
    needs: ['cart'],
    checked: `select coalesce(sum(jsonb_array_length(lines)), 0) from carts.carts`,
    offenders: `
      select 'cart-lines', 'cart ' || c.id || case
        when count(*) filter (where coalesce((l.value ->> 'quantity')::int, 0) < 1) > 0 then ' has a line of nothing'
        when count(distinct l.value ->> 'lineId') < count(*) then ' has two lines with one id'
        else ' has two equal lines' end
      from carts.carts c cross join lateral jsonb_array_elements(c.lines) as l(value)
      group by c.id
      having count(*) filter (where coalesce((l.value ->> 'quantity')::int, 0) < 1) > 0
        or count(distinct l.value ->> 'lineId') < count(*)
        or count(distinct (l.value ->> 'productId', l.value ->> 'attributes')) < count(*)`,
  },
  {
    // What becomes of the lines later is their owner's business; so the target is judged as long as it is as the merge left it.
    names: ['carts-merged'],
    needs: ['cart'],
    checked: `select count(*) from carts.carts where status = 'merged'`,
    offenders: `
      with merged as (
        select s.id, s.user_id, s.lines, s.merged_into, t.id as target, t.user_id as owner, t.lines as taken,
          t.version is not distinct from s.merged_version as is_untouched
        from carts.carts s left join carts.carts t on t.id = s.merged_into
        where s.status = 'merged'
      )
      select 'carts-merged', 'cart ' || id || case
        when user_id is not null then ' is the cart of a user, and was merged'
        when merged_into is null then ' was merged with lines into nothing'
        when target is null then ' was merged into a cart that does not exist'
        else ' was merged into a cart that is no user''s' end
      from merged
      where user_id is not null or (merged_into is null and lines <> '[]')
        or (merged_into is not null and owner is null)
      union all
      select 'carts-merged', 'cart ' || m.id || ' was merged into ' || m.target || ', which has not '
        || (l.value ->> 'quantity') || ' of product ' || (l.value ->> 'productId')
      from merged m cross join lateral jsonb_array_elements(m.lines) as l(value)
      where m.is_untouched and not exists (
        select from jsonb_array_elements(m.taken) as t(value)
        where t.value ->> 'productId' = l.value ->> 'productId' and t.value ->> 'attributes' = l.value ->> 'attributes'
          and (t.value ->> 'quantity')::int >= (l.value ->> 'quantity')::int)`,
  },
]

/** Told together with the events of the other services. */
export const cartEventChecks: readonly SqlCheck[] = [
  {
    names: ['events-tell-the-truth'],
    needs: ['cart'],
    checked: `select count(*) from producer.outbox where aggregate_type = 'cart'`,
    offenders: `
      select 'events-tell-the-truth', 'cart ' || c.id || ' is ' || c.status || ', but its last event says ' || e.subject
      from producer.outbox e
      join carts.carts c on c.id = e.aggregate_id and c.version = e.aggregate_version
      where e.aggregate_type = 'cart' and not case
        when c.status = 'active' then e.subject not in ('cart.locked', 'cart.ordered', 'cart.abandoned')
        else e.subject = 'cart.' || c.status end`,
  },
]
