import type { GetFamilyResponses } from 'tillstream-sdk'
import { money, number } from '../../../shared/formats.ts'
import { Link } from '../../../shared/router.tsx'
import { useTexts } from '../../texts/texts.ts'

type Family = GetFamilyResponses[200]
type Variant = Family['products'][number]

/** The values of the last option are columns; those of the others are rows. */
export function Matrix({ family }: { readonly family: Family }) {
  const texts = useTexts().families
  const across = family.options.at(-1) ?? ''
  const down = family.options.slice(0, -1)
  const columns = family.values.find(({ option }) => option === across)?.values ?? []
  const rowOf = ({ options }: Variant): string => down.map((option) => options[option] ?? '').join(', ')
  const rows = [...new Set(family.products.map(rowOf))]
  return (
    <div className="matrix">
      <table>
        <caption className="sr-only">{texts.variants}</caption>
        <thead>
          <tr>
            <td>{down.join(', ')}</td>
            {columns.map((value) => (
              <th key={value} scope="col">
                {value}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {columns.map((value) => (
                <Cell
                  key={value}
                  variant={family.products.find(
                    (product) => rowOf(product) === row && product.options[across] === value,
                  )}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ variant }: { readonly variant: Variant | undefined }) {
  const texts = useTexts().families
  if (!variant) return <td>–</td>
  const { id, sku, price, currency, stock } = variant
  return (
    <td>
      <Link to={`/products/${id}`}>{sku}</Link>
      <br />
      {money(price, currency)}
      <br />
      <small className="quiet">{texts.units(number(stock))}</small>
    </td>
  )
}
