import type { Order } from 'tillstream-sdk'
import { money, percent } from '../../../shared/formats.ts'
import { Panel } from '../../parts/page.tsx'
import { useTexts } from '../../texts/texts.ts'

export function Totals({ order }: { readonly order: Order }) {
  const texts = useTexts().orders
  const amount = (value: number): string => money(value, order.currency)
  const items = order.items.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0)
  return (
    <Panel title={texts.sums}>
      <dl className="facts sums">
        <dt>{texts.items}</dt>
        <dd>{amount(items)}</dd>
        {order.promotions.map(({ code, description, amount: less }) => (
          <Sum key={description} name={code ?? description} value={amount(-less)} />
        ))}
        <Sum name={order.shippingMethod ?? texts.shipping} value={amount(order.shipping)} />
        {order.taxLines.map(({ percent: rate, tax }) => (
          <Sum
            key={rate}
            name={`${order.taxIncluded ? texts.taxIncluded : texts.tax} ${percent(rate)}`}
            value={amount(tax)}
          />
        ))}
        <dt className="total">{texts.total}</dt>
        <dd className="total">{amount(order.total)}</dd>
      </dl>
    </Panel>
  )
}

function Sum({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}
