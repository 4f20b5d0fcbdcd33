import type { Product } from 'tillstream-sdk'
import { money } from '../../../shared/formats.ts'
import { useTexts } from '../../texts/texts.ts'

/** For those who may look only. */
export function Facts({ product }: { readonly product: Product }) {
  const { fields: labels } = useTexts().products
  return (
    <dl className="facts">
      <dt>{labels.category}</dt>
      <dd>{product.category}</dd>
      <dt>{labels.price}</dt>
      <dd>{money(product.price, product.currency)}</dd>
      <dt>{labels.description}</dt>
      <dd>{product.description}</dd>
      {Object.entries({ ...product.options, ...product.attributes }).map(([name, value]) => (
        <div key={name} className="row wide">
          <dt>{name}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
