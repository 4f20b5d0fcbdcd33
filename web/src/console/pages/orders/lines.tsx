import type { Order } from 'tillstream-sdk'
import { money } from '../../../shared/formats.ts'
import { Link } from '../../../shared/router.tsx'
import { EntryTable, type Column } from '../../parts/entry-table.tsx'
import { Panel } from '../../parts/page.tsx'
import { useTexts } from '../../texts/texts.ts'
import type { Line } from './queries.ts'

export function Lines({ order: { items, currency } }: { readonly order: Order }) {
  const texts = useTexts().orders
  const columns: readonly Column<Line>[] = [
    {
      name: 'name',
      label: texts.product,
      show: ({ name, sku, productId }) => (
        <>
          <Link to={`/products/${productId}`}>{name}</Link>
          <small>{sku}</small>
        </>
      ),
    },
    { name: 'quantity', label: texts.quantity, isNumber: true, show: ({ quantity }) => quantity },
    {
      name: 'shipped',
      label: texts.sent,
      isNumber: true,
      show: ({ shipped = 0, canceled = 0 }) => (canceled > 0 ? `${shipped} (−${canceled})` : shipped),
    },
    { name: 'returned', label: texts.cameBack, isNumber: true, show: ({ returned = 0 }) => returned },
    {
      name: 'price',
      label: texts.each,
      isNumber: true,
      show: ({ unitPrice }) => money(unitPrice, currency),
    },
    {
      name: 'total',
      label: texts.total,
      isNumber: true,
      show: ({ unitPrice, quantity }) => money(unitPrice * quantity, currency),
    },
  ]
  return (
    <Panel title={texts.items}>
      <EntryTable caption={texts.items} columns={columns} rows={items} keyOf={({ lineId }) => lineId} />
    </Panel>
  )
}
