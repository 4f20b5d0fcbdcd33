import type { AnalyticsService, VisitsSchema } from '../../gen/analytics/v1/analytics_pb.ts'
import { requirePermission, requireSystem } from '../../platform/call.ts'
import { isoTime } from '../../platform/iso-time.ts'
import { Refusal } from '../../platform/refusal.ts'
import type { Handlers } from '../../platform/service.ts'
import { parseUuid } from '../../platform/uuid.ts'
import type { Wire } from '../../platform/wire.ts'
import type { Facts } from '../application/ports.ts'
import type { readFigures } from '../application/read-figures.ts'
import { counted, type Fact, type FactKind } from '../domain/fact.ts'
import { parseProductId } from './parse-order.ts'

type AnalyticsApp = { readonly facts: Facts; readonly readFigures: ReturnType<typeof readFigures> }

const visitsOfBatch = 5_000
const limits = { usual: 100, most: 1_000 } as const

export function analyticsRpc(app: AnalyticsApp): Handlers<typeof AnalyticsService> {
  return {
    async countVisits({ batchId, at, visits }, call) {
      requireSystem(call)
      const id = parseUuid(batchId, invalidVisits, "a batch's id")
      if (visits.length > visitsOfBatch) throw invalid(`a batch has at most ${visitsOfBatch} visits`)
      await app.facts.add(visitFacts(id, timeIn(at), visits))
      return {}
    },
    async readFigures({ metric, by, from, to, currency, limit }, call) {
      requirePermission(call, 'analytics:read')
      const most = Math.min(limits.most, limit > 0 ? limit : limits.usual)
      const read = await app.readFigures({ metric, by, from, to, currency, limit: most })
      return {
        ...{ from: isoTime(read.from), to: isoTime(read.to), unit: read.unit, total: String(read.total) },
        figures: read.figures.map(({ key, name, value }) => ({ key, name, value: String(value) })),
      }
    },
  }
}

const kinds: Readonly<Record<string, FactKind>> = {
  views: 'viewed',
  searches: 'searched',
  'sign-ins': 'signed-in',
}

/** Those of each product, and of each kind all together. */
function visitFacts(
  batchId: string,
  at: Date,
  visits: readonly Wire<typeof VisitsSchema>[],
): readonly Fact[] {
  const all = new Map<FactKind, number>()
  const ofProducts = visits.flatMap(({ what, productId, count }): readonly Fact[] => {
    const kind = Object.hasOwn(kinds, what) ? kinds[what] : undefined
    if (!kind) throw invalid(`there are no visits of the kind ${what.slice(0, 50)}`)
    if (!Number.isSafeInteger(count) || count < 1) throw invalid('a count is a whole number above zero')
    all.set(kind, (all.get(kind) ?? 0) + count)
    if (productId === '') return []
    return [counted(kind, batchId, at, parseProductId(productId, invalidVisits), count)]
  })
  return [...ofProducts, ...[...all].map(([kind, count]) => counted(kind, batchId, at, undefined, count))]
}

function timeIn(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw invalid('they need a time')
  return time
}

const invalidVisits = 'analytics.invalid-visits'
const invalid = (text: string): Refusal => new Refusal('invalid', invalidVisits, text)
