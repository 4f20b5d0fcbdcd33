import type {
  ImportedProductSchema,
  ImportOutcomeSchema,
  InventoryService,
} from '../../gen/inventory/v1/inventory_pb.ts'
import type { Handlers } from '../../platform/service.ts'
import type { Wire } from '../../platform/wire.ts'
import type { InventoryApp } from '../application/inventory-app.ts'
import type { Outcome } from '../catalogue/application/import-products.ts'
import type { ImportedRow } from '../catalogue/application/plan-row.ts'

export function importRpc({ importProducts, copies }: InventoryApp) {
  return {
    async importProducts({ rows, dryRun, countsStock }, call) {
      const wanted = { rows: rows.map(parseRow), isDryRun: dryRun, countsStock }
      return { outcomes: (await importProducts(wanted, call)).map(outcomeJson) }
    },
    async listProductColumns() {
      const { options, attributes } = await copies.columns()
      return { options: [...options], attributes: [...attributes] }
    },
  } satisfies Partial<Handlers<typeof InventoryService>>
}

const parseRow = ({ price, images, ...row }: Wire<typeof ImportedProductSchema>): ImportedRow => ({
  ...row,
  options: textsIn(row.options),
  attributes: textsIn(row.attributes),
  price: price === undefined ? undefined : Number(price),
  images: images.replace ? images.urls : undefined,
})

/** A gateway of an earlier version leaves them out. */
const textsIn = (texts: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts ?? {}).map(([name, text]) => [name, String(text)]))

function outcomeJson(outcome: Outcome): Wire<typeof ImportOutcomeSchema> {
  if (outcome.kind !== 'refused') return { kind: outcome.kind, code: '', message: '', field: '' }
  const { refusal, field } = outcome
  return { kind: 'refused', code: refusal.code, message: refusal.message, field }
}
