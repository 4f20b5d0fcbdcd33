import { countryName } from '../../shared/formats.ts'
import type { Address } from './address-form.tsx'

export function AddressText({ address }: { readonly address: Address }) {
  const { name, line1, line2, postalCode, city, region, country } = address
  const lines = [name, line1, line2, `${postalCode} ${city}`, region, countryName(country)]
  return (
    <address>
      {lines.filter(Boolean).map((line) => (
        <span key={line}>{line}</span>
      ))}
    </address>
  )
}
