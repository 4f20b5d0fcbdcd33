import { requirePermission, traceOf, type Call } from '../../../platform/call.ts'
import { adjustStock as adjust, parseAdjustment, type Adjustment } from '../domain/stock.ts'
import type { Adjusted, StockLevels } from './stock-levels.ts'

type Deps = { readonly stockLevels: StockLevels; readonly now: () => Date }

export function adjustStock({ stockLevels, now }: Deps) {
  return async (input: Adjustment, call: Call): Promise<Adjusted> => {
    requirePermission(call, 'stock:write')
    const adjustment = parseAdjustment(input)
    const decide = (stock: Parameters<typeof adjust>[0], earlier: Parameters<typeof adjust>[2]) =>
      adjust(stock, adjustment, earlier)
    return stockLevels.adjust(adjustment, decide, now(), traceOf(call))
  }
}
