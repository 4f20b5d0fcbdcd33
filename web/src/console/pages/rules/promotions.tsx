import type { Promotion } from 'tillstream-sdk'
import { money, percent } from '../../../shared/formats.ts'
import { ResourcePage } from '../../editing/resource-page.tsx'
import type { Field } from '../../editing/fields.ts'
import { Time } from '../../parts/time.tsx'
import { useTexts } from '../../texts/texts.ts'
import { promotions } from './stores.ts'

const nameOf = ({ code, description, id }: Promotion): string => code ?? (description || id)

export function PromotionsPage() {
  const { promotions: texts, places } = useTexts()
  const { fields: labels } = texts
  const fields: readonly Field[] = [
    { name: 'code', label: labels.code, kind: 'text', hint: texts.codeHint },
    { name: 'description', label: labels.description, kind: 'text' },
    { name: 'kind', label: labels.kind, kind: 'choice', choices: texts.kinds },
    { name: 'value', label: labels.value, kind: 'number', hint: texts.valueHint },
    { name: 'minimum', label: labels.minimum, kind: 'number' },
    { name: 'categories', label: labels.categories, kind: 'list', hint: texts.listHint },
    { name: 'products', label: labels.products, kind: 'list', hint: texts.productsHint },
    { name: 'from', label: labels.from, kind: 'moment' },
    { name: 'to', label: labels.to, kind: 'moment' },
    { name: 'limit', label: labels.limit, kind: 'number' },
    { name: 'limitPerCustomer', label: labels.limitPerCustomer, kind: 'number' },
  ]
  return (
    <ResourcePage
      title={places.promotions}
      lead={texts.lead}
      permission="promotions:write"
      resource={promotions}
      fields={fields}
      nameOf={nameOf}
      labels={texts}
      columns={[
        {
          name: 'name',
          label: labels.code,
          show: ({ code, description }) => (
            <>
              {code ?? texts.byItself}
              <small>{description}</small>
            </>
          ),
        },
        { name: 'value', label: labels.value, show: (promotion) => valueText(promotion, texts.kinds) },
        {
          name: 'when',
          label: texts.when,
          show: ({ from, to }) => (
            <>
              {from === undefined ? '' : <Time at={from} />} – {to === undefined ? '' : <Time at={to} />}
            </>
          ),
        },
        {
          name: 'redeemed',
          label: texts.redeemed,
          isNumber: true,
          show: ({ redeemed, limit }) => (limit === undefined ? redeemed : `${redeemed} / ${limit}`),
        },
      ]}
    />
  )
}

function valueText(
  { kind, value = 0, currency }: Promotion,
  kinds: Readonly<Record<Promotion['kind'], string>>,
): string {
  if (kind === 'percent') return percent(value)
  return kind === 'amount' ? money(value, currency) : kinds[kind]
}
