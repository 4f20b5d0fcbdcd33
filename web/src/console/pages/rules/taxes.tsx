import type { TaxRate } from 'tillstream-sdk'
import { countryName, percent } from '../../../shared/formats.ts'
import type { Field } from '../../editing/fields.ts'
import { ResourcePage } from '../../editing/resource-page.tsx'
import { useTexts } from '../../texts/texts.ts'
import { taxRates } from './stores.ts'

const nameOf = ({ country, region, category }: TaxRate): string =>
  [country, region, category].filter((part) => part !== undefined).join(' · ')

export function TaxesPage() {
  const { taxes: texts, places } = useTexts()
  const { fields: labels } = texts
  const fields: readonly Field[] = [
    { name: 'country', label: labels.country, kind: 'text', isRequired: true, hint: texts.countryHint },
    { name: 'percent', label: labels.percent, kind: 'number', isRequired: true },
    { name: 'region', label: labels.region, kind: 'text' },
    { name: 'category', label: labels.category, kind: 'text', hint: texts.categoryHint },
  ]
  return (
    <ResourcePage
      title={places.taxes}
      lead={texts.lead}
      permission="taxes:write"
      resource={taxRates}
      fields={fields}
      nameOf={nameOf}
      labels={texts}
      columns={[
        { name: 'country', label: labels.country, show: ({ country }) => countryName(country) },
        { name: 'region', label: labels.region, show: ({ region }) => region ?? texts.whole },
        { name: 'category', label: labels.category, show: ({ category }) => category ?? texts.all },
        {
          name: 'percent',
          label: labels.percent,
          isNumber: true,
          show: ({ percent: rate }) => percent(rate),
        },
      ]}
    />
  )
}
