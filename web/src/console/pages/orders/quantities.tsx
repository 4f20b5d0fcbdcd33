import { TextInput } from '@mantine/core'
import type { FormTexts } from '../../parts/act-button.tsx'

export type Quantity = { readonly lineId: string; readonly quantity: number }

type QuantitiesProps = {
  /** With the most units that can be meant, which are also what is meant at first. */
  readonly lines: readonly { readonly lineId: string; readonly name: string; readonly most: number }[]
  readonly legend: string
  readonly first?: 'all' | 'none'
}

const prefix = 'quantity.'

export function Quantities({ lines, legend, first = 'all' }: QuantitiesProps) {
  return (
    <fieldset className="amounts">
      <legend>{legend}</legend>
      {lines.map(({ lineId, name, most }) => (
        <div key={lineId}>
          <label htmlFor={prefix + lineId}>
            {name} <span className="quiet">/ {most}</span>
          </label>
          <TextInput
            id={prefix + lineId}
            name={prefix + lineId}
            type="number"
            min={0}
            max={most}
            defaultValue={first === 'all' ? most : 0}
          />
        </div>
      ))}
    </fieldset>
  )
}

/** The lines of which at least one unit is meant. */
export const quantitiesOf = (texts: FormTexts): readonly Quantity[] =>
  Object.entries(texts).flatMap(([name, text]) => {
    const quantity = Number(text)
    return name.startsWith(prefix) && quantity > 0 ? [{ lineId: name.slice(prefix.length), quantity }] : []
  })
