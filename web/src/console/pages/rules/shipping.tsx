import { countryName, money } from '../../../shared/formats.ts'
import type { Field } from '../../editing/fields.ts'
import { ResourcePage } from '../../editing/resource-page.tsx'
import { useTexts } from '../../texts/texts.ts'
import { shippingMethods } from './stores.ts'

export function ShippingPage() {
  const { shipping: texts, places } = useTexts()
  const { fields: labels } = texts
  const fields: readonly Field[] = [
    { name: 'name', label: labels.name, kind: 'text', isRequired: true },
    { name: 'price', label: labels.price, kind: 'number', isRequired: true },
    { name: 'countries', label: labels.countries, kind: 'list', hint: texts.countriesHint },
    { name: 'perKilogram', label: labels.perKilogram, kind: 'number' },
    { name: 'freeFrom', label: labels.freeFrom, kind: 'number' },
    { name: 'estimate', label: labels.estimate, kind: 'text', hint: texts.estimateHint },
  ]
  return (
    <ResourcePage
      title={places.shipping}
      lead={texts.lead}
      permission="shipping:write"
      resource={shippingMethods}
      fields={fields}
      nameOf={({ name }) => name}
      labels={texts}
      columns={[
        {
          name: 'name',
          label: labels.name,
          show: ({ name, estimate }) => (
            <>
              {name}
              <small>{estimate}</small>
            </>
          ),
        },
        {
          name: 'countries',
          label: labels.countries,
          show: ({ countries }) =>
            countries.length === 0 ? texts.everywhere : countries.map(countryName).join(', '),
        },
        {
          name: 'price',
          label: labels.price,
          isNumber: true,
          show: ({ price, currency }) => money(price, currency),
        },
        {
          name: 'perKilogram',
          label: labels.perKilogram,
          isNumber: true,
          show: ({ perKilogram, currency }) =>
            perKilogram === undefined ? '' : money(perKilogram, currency),
        },
        {
          name: 'freeFrom',
          label: labels.freeFrom,
          isNumber: true,
          show: ({ freeFrom, currency }) => (freeFrom === undefined ? '' : money(freeFrom, currency)),
        },
      ]}
    />
  )
}
