import type { Test } from 'tap'
import type { PricingService } from '../../gen/pricing/v1/pricing_pb.ts'
import { newId } from '../../platform/new-id.ts'
import type { Handlers } from '../../platform/service.ts'
import { holdOf, percentOff, quoteOf, system } from './requests.ts'

/** Two processes of pricing on one store. */
export type Replicas = {
  readonly handlers: Handlers<typeof PricingService>
  readonly other: Handlers<typeof PricingService>
  /** The redemptions of these promotions that the store has. */
  readonly countRedemptions: (promotionIds: readonly string[]) => Promise<number>
}

type Hold = ReturnType<typeof holdOf>

/** The behaviour of redemptions over every implementation of their store. */
export function redemptionsContract(t: Test, replicas: Replicas): void {
  holding(t, replicas)
  limiting(t, replicas)
  racing(t, replicas)
  blocking(t, replicas)
}

function holding(t: Test, replicas: Replicas): void {
  const { promotionWith, reserve, release, confirm, redeemed, handlers } = deskOf(replicas)

  t.test('a hold takes a redemption of each promotion or none, and says why', async (t) => {
    const rare = await promotionWith({ limit: 1 })
    const free = await promotionWith({})
    t.strictSame(await reserve(holdOf([rare.id, free.id]), holdOf([free.id])), ['held', 'held'])
    const unknown = newId()
    const { decisions } = await handlers.reserveRedemptions(
      { requests: [holdOf([free.id, rare.id, unknown])] },
      system,
    )
    t.match(decisions, [
      {
        outcome: 'refused',
        refused: [
          { promotionId: rare.id, code: rare.code, reason: 'used-up' },
          { promotionId: unknown, code: '', reason: 'unknown' },
        ],
      },
    ])
    t.strictSame([await redeemed(rare.id), await redeemed(free.id)], [1, 2])
  })

  t.test('a repeated reservation and release take and give back once', async (t) => {
    const { id } = await promotionWith({ limit: 1 })
    const first = holdOf([id])
    const late = holdOf([id])
    t.strictSame(await reserve(first), ['held'])
    t.strictSame(await reserve(first, late, first), ['held', 'refused', 'held'])
    t.equal(await redeemed(id), 1)
    t.strictSame(await release(first, first), ['released', 'released'])
    t.strictSame(await release(first), ['released'])
    t.equal(await redeemed(id), 0)
    t.strictSame(await reserve(first), ['released'], 'what was released stays so')
    t.strictSame(await reserve(late), ['refused'], 'a decision that was made is repeated')
    t.strictSame(await reserve({ ...first, hold: 2 }), ['held'], 'a revival is another hold')
  })

  t.test('after a release that came first, nothing is held', async (t) => {
    const { id } = await promotionWith({ limit: 1 })
    const hold = holdOf([id])
    t.strictSame(await release(hold), ['released'])
    t.strictSame(await reserve(hold), ['released'])
    t.equal(await redeemed(id), 0)
  })

  t.test('what was confirmed stays used, and what was released cannot be confirmed', async (t) => {
    const { id } = await promotionWith({ limit: 2 })
    const [used, back, nothing] = [holdOf([id]), holdOf([id]), holdOf([id])]
    await reserve(used, back)
    t.strictSame(await confirm(used, used, nothing), ['confirmed', 'confirmed', 'unknown'])
    t.strictSame(await release(used, back), ['confirmed', 'released'])
    t.strictSame(await confirm(used, back), ['confirmed', 'released'])
    t.equal(await redeemed(id), 1)
    t.strictSame(await reserve(used), ['held'])
  })
}

function limiting(t: Test, replicas: Replicas): void {
  const { promotionWith, reserve, release, handlers } = deskOf(replicas)

  t.test('a customer has his own limit, and an unknown one cannot keep it', async (t) => {
    const { id, code = '' } = await promotionWith({ limitPerCustomer: 1 })
    const [ann, ben] = [newId(), newId()]
    const mine = holdOf([id], { customerKey: ann })
    t.strictSame(
      await reserve(mine, holdOf([id], { customerKey: ann }), holdOf([id], { customerKey: ben })),
      ['held', 'refused', 'held'],
    )
    const again = { requests: [holdOf([id], { customerKey: ann }), holdOf([id])] }
    t.match((await handlers.reserveRedemptions(again, system)).decisions, [
      { refused: [{ reason: 'used-up-by-customer' }] },
      { refused: [{ reason: 'customer-unknown' }] },
    ])
    const quoted = async (customerKey: string) =>
      (await handlers.quote({ ...quoteOf(newId()), promotionCodes: [code], customerKey }, system))
        .refusedCodes
    t.strictSame(await quoted(ann), [{ code, reason: 'used-up-by-customer' }])
    t.strictSame(await quoted(newId()), [])
    await release(mine)
    t.strictSame(await quoted(ann), [])
  })

  t.test('an ended or deleted promotion is held for orders that were placed with it', async (t) => {
    const { id } = await promotionWith({ limit: 1 })
    await handlers.deletePromotion({ id }, system)
    const hold = holdOf([id])
    t.strictSame(await reserve(hold), ['held'])
    t.strictSame(await reserve(holdOf([id])), ['refused'])
  })

  t.test('a limit cannot be set below what is redeemed', async (t) => {
    const { id } = await promotionWith({ limit: 5 })
    await reserve(holdOf([id]), holdOf([id]))
    const lists = { products: { replace: false, texts: [] }, categories: { replace: false, texts: [] } }
    const set = (limit: number) => handlers.updatePromotion({ id, ...lists, limit, cleared: [] }, system)
    await t.rejects(set(1), { kind: 'conflict', code: 'promotion.limit-below-use' })
    t.match((await set(2)).promotion, { limit: 2, redeemed: 2 })
    t.strictSame(await reserve(holdOf([id])), ['refused'])
  })
}

function racing(t: Test, replicas: Replicas): void {
  const { promotionWith, redeemed } = deskOf(replicas)

  t.test('of many at once from two replicas, no more than the limit get it', async (t) => {
    const { id } = await promotionWith({ limit: 7 })
    const outcomes = await race(t, replicas, 40, (index) => [
      holdOf([id], { customerKey: `customer ${index}` }),
    ])
    t.equal(outcomes.filter((outcome) => outcome === 'held').length, 7)
    t.equal(await redeemed(id), 7)
  })

  t.test('of many orders of one customer at once, no more than his limit get it', async (t) => {
    const { id } = await promotionWith({ limitPerCustomer: 2 })
    const outcomes = await race(t, replicas, 40, () => [holdOf([id], { customerKey: 'same' })])
    t.equal(outcomes.filter((outcome) => outcome === 'held').length, 2)
  })

  t.test('the same hold many times at once is decided once', async (t) => {
    const { id } = await promotionWith({ limit: 1 })
    const hold = holdOf([id])
    t.strictSame(new Set(await race(t, replicas, 16, () => [hold])), new Set(['held']))
    t.equal(await redeemed(id), 1)
  })
}

function blocking(t: Test, replicas: Replicas): void {
  const { promotionWith, redeemed } = deskOf(replicas)
  const { handlers, other, countRedemptions } = replicas

  t.test(
    'reservations, releases and changes of the same promotions do not block each other for good',
    async (t) => {
      const promotions = await Promise.all([
        promotionWith({ limit: 20 }),
        promotionWith({}),
        promotionWith({ limit: 9 }),
      ])
      const ids = promotions.map(({ id }) => id)
      const lists = { products: { replace: false, texts: [] }, categories: { replace: false, texts: [] } }
      await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const mine = index % 2 === 0 ? handlers : other
          const holds = [holdOf(index % 3 === 0 ? ids : ids.toReversed()), holdOf([ids[index % 3] ?? ''])]
          await mine.reserveRedemptions({ requests: holds }, system)
          if (index % 4 === 0)
            await mine.updatePromotion(
              { id: ids[1] ?? '', ...lists, description: `${index}`, cleared: [] },
              system,
            )
          await mine.releaseRedemptions({ holds: holds.toReversed() }, system)
        }),
      )
      t.strictSame(await Promise.all(ids.map(redeemed)), [0, 0, 0])
      t.equal(await countRedemptions(ids), 0)
    },
  )
}

function deskOf({ handlers }: Replicas) {
  return {
    handlers,
    promotionWith: async (limits: { readonly limit?: number; readonly limitPerCustomer?: number }) =>
      (await handlers.createPromotion({ ...percentOff(`C-${newId()}`), ...limits }, system)).promotion,
    reserve: async (...requests: readonly Hold[]) =>
      (await handlers.reserveRedemptions({ requests }, system)).decisions.map(({ outcome }) => outcome),
    release: async (...holds: readonly Hold[]) =>
      (await handlers.releaseRedemptions({ holds }, system)).outcomes,
    confirm: async (...holds: readonly Hold[]) =>
      (await handlers.confirmRedemptions({ holds }, system)).outcomes,
    redeemed: async (id: string) => (await handlers.getPromotion({ id }, system)).promotion.redeemed,
  }
}

/** Reservations that begin at once, half of them at another replica. */
async function race(
  t: Test,
  { handlers, other }: Replicas,
  count: number,
  requestsOf: (index: number) => Hold[],
): Promise<readonly string[]> {
  const decided = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      (index % 2 === 0 ? handlers : other).reserveRedemptions({ requests: requestsOf(index) }, system),
    ),
  )
  t.equal(decided.length, count)
  return decided.flatMap(({ decisions }) => decisions.map(({ outcome }) => outcome))
}
