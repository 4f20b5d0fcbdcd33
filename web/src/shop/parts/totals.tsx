import type { Cart } from 'tillstream-sdk'
import { money } from '../../shared/formats.ts'
import { useTexts } from '../texts/texts.ts'

export function Totals({ cart }: { readonly cart: Cart }) {
  const { totals: texts, checkout } = useTexts()
  const { items, discount, shipping, tax, total } = cart.totals
  const isShippingKnown = cart.delivery?.shippingMethod !== undefined
  const isTaxIncluded = items - discount + shipping === total && tax > 0
  const amount = (value: number): string => money(value, cart.currency)
  return (
    <dl className="totals" aria-live="polite">
      <Row name={texts.items} value={amount(items)} />
      {discount > 0 ? <Row name={texts.discount} value={amount(-discount)} /> : null}
      <Row
        name={texts.shipping}
        value={isShippingKnown ? (shipping === 0 ? checkout.free : amount(shipping)) : texts.later}
      />
      {tax > 0 && !isTaxIncluded ? <Row name={texts.tax} value={amount(tax)} /> : null}
      <Row name={texts.total} value={amount(total)} isStrong />
      {isTaxIncluded ? <Row name={texts.taxIncluded} value={amount(tax)} /> : null}
    </dl>
  )
}

type RowProps = { readonly name: string; readonly value: string; readonly isStrong?: boolean }

export function Row({ name, value, isStrong = false }: RowProps) {
  return (
    <div className={isStrong ? 'strong' : ''}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
