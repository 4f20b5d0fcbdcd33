import { retryContention, type Sql } from '../../platform/database.ts'
import type { PoolSql } from '../../platform/pool-sql.ts'
import type { Redemptions } from '../application/rule-store.ts'
import {
  confirm,
  decideRedemptions,
  release,
  type HoldReference,
  type Redeemable,
  type RedemptionDecision,
  type RedemptionRequest,
} from '../domain/redemption.ts'
import {
  claimHolds,
  countByCustomer,
  lockHolds,
  lockPromotions,
  lockRedeemed,
  returnRedemptions,
  storeRedemptions,
  storeRefusals,
  storeStatus,
  type StoredHold,
} from './redemption-sql.ts'

export function postgresRedemptions(sql: PoolSql): Redemptions {
  const inTransaction = <Result>(work: (tx: Sql) => Promise<Result>): Promise<Result> =>
    retryContention(() => sql.transaction(work))
  return {
    reserve: (requests, at) => inTransaction((tx) => reserveAll(tx, requests, at)),
    release: (holds, at) => inTransaction((tx) => releaseAll(tx, holds, at)),
    confirm: (holds, at) => inTransaction((tx) => confirmAll(tx, holds, at)),
  }
}

const keyOfHold = ({ orderId, hold }: HoldReference): string => `${orderId} ${hold}`
const byHold = <Item extends HoldReference>(items: readonly Item[]): ReadonlyMap<string, Item> =>
  new Map(items.map((item) => [keyOfHold(item), item]))

/** Each hold once. */
const once = <Item extends HoldReference>(items: readonly Item[]): readonly Item[] => [
  ...byHold(items).values(),
]

async function reserveAll(
  tx: Sql,
  requests: readonly RedemptionRequest[],
  at: Date,
): Promise<readonly RedemptionDecision[]> {
  const claimed = byHold(await claimHolds(tx, once(requests), 'held', at))
  const fresh = once(requests.filter((request) => claimed.has(keyOfHold(request))))
  const present = once(requests.filter((request) => !claimed.has(keyOfHold(request))))
  const answers = byHold([
    ...(present.length > 0 ? (await lockHolds(tx, present)).map(storedAnswer) : []),
    ...(fresh.length > 0 ? await decideAll(tx, fresh) : []),
  ])
  return requests.map((request) => {
    const answer = answers.get(keyOfHold(request))
    if (!answer) throw new Error(`hold ${keyOfHold(request)} is neither claimed nor stored`)
    return answer
  })
}

async function decideAll(
  tx: Sql,
  requests: readonly RedemptionRequest[],
): Promise<readonly RedemptionDecision[]> {
  const ids = [...new Set(requests.flatMap(({ promotionIds }) => promotionIds))]
  const promotions = await lockPromotions(tx, ids)
  const limited = promotions.filter(({ limitPerCustomer }) => limitPerCustomer !== undefined)
  const customers = requests.flatMap(({ customerKey }) => (customerKey === undefined ? [] : [customerKey]))
  const counts = await countByCustomer(
    tx,
    limited.map(({ id }) => id),
    customers,
  )
  const decisions = decideRedemptions(promotions, counts, requests)
  await storeRedemptions(tx, redemptionsOf(requests, decisions, promotions))
  await storeRefusals(
    tx,
    decisions.flatMap((decision) => (decision.outcome === 'refused' ? [decision] : [])),
  )
  return decisions
}

function redemptionsOf(
  requests: readonly RedemptionRequest[],
  decisions: readonly RedemptionDecision[],
  promotions: readonly Redeemable[],
) {
  const limits = new Map(promotions.map(({ id, limitPerCustomer }) => [id, limitPerCustomer]))
  return requests
    .filter((_, index) => decisions[index]?.outcome === 'held')
    .flatMap(({ orderId, hold, customerKey, promotionIds }) =>
      promotionIds.map((promotionId) => ({
        ...{ orderId, hold, promotionId, customerKey },
        customerLimit: limits.get(promotionId),
      })),
    )
}

function storedAnswer({ orderId, hold, status, refused }: StoredHold): RedemptionDecision {
  if (status === 'refused') return { orderId, hold, outcome: status, refused: refused ?? [] }
  return { orderId, hold, outcome: status === 'released' ? status : 'held' }
}

async function releaseAll(tx: Sql, holds: readonly HoldReference[], at: Date) {
  const buried = byHold(await claimHolds(tx, once(holds), 'released', at))
  const present = once(holds.filter((hold) => !buried.has(keyOfHold(hold))))
  const stored = present.length > 0 ? await lockHolds(tx, present) : []
  const released = stored.filter(({ status }) => release(status) === 'released')
  if (released.length > 0) {
    await lockRedeemed(tx, released)
    await returnRedemptions(tx, released)
    await storeStatus(tx, released, 'released', at)
  }
  const statuses = byHold(stored)
  return holds.map((hold) =>
    statuses.get(keyOfHold(hold))?.status === 'confirmed' ? ('confirmed' as const) : ('released' as const),
  )
}

async function confirmAll(tx: Sql, holds: readonly HoldReference[], at: Date) {
  const stored = holds.length > 0 ? await lockHolds(tx, once(holds)) : []
  const confirmed = stored.filter(({ status }) => confirm(status) === 'confirmed')
  if (confirmed.length > 0) await storeStatus(tx, confirmed, 'confirmed', at)
  const statuses = byHold(stored)
  return holds.map((hold) => {
    const status = statuses.get(keyOfHold(hold))?.status
    if (status === 'held' || status === 'confirmed') return 'confirmed' as const
    return status === 'released' ? ('released' as const) : ('unknown' as const)
  })
}
