import { useMemo, type ComponentProps, type FormEvent } from 'react'
import type { Cart } from 'tillstream-sdk'
import { useTexts } from '../texts/texts.ts'
import { countries, likelyCountry } from './countries.ts'
import { draft, keepDraft } from './draft.ts'
import { textsOf } from '../../shared/form-texts.ts'
import { Button, Field, Select } from './fields.tsx'
import { Problem } from './notices.tsx'

export type Address = NonNullable<Cart['delivery']>['address']

type AddressFormProps = {
  readonly address: Address | undefined
  readonly isBusy: boolean
  readonly err: unknown
  readonly canSave: boolean
  readonly onDone: (address: Address, saves: boolean) => void
}

type AddressField = Pick<
  ComponentProps<'input'>,
  'autoComplete' | 'required' | 'maxLength' | 'className' | 'type'
> & {
  readonly name: Exclude<keyof Address, 'country'>
}

const fields: readonly AddressField[] = [
  { name: 'name', autoComplete: 'name', required: true, maxLength: 200 },
  { name: 'line1', autoComplete: 'address-line1', required: true, maxLength: 200 },
  { name: 'line2', autoComplete: 'address-line2', maxLength: 200 },
  { name: 'postalCode', autoComplete: 'postal-code', required: true, maxLength: 20, className: 'narrow' },
  { name: 'city', autoComplete: 'address-level2', required: true, maxLength: 100, className: 'grow' },
  { name: 'region', autoComplete: 'address-level1', maxLength: 100 },
  { name: 'phone', type: 'tel', autoComplete: 'tel', maxLength: 30 },
]

/** The names of the fields are those that browsers fill in by themselves. */
export function AddressForm({ address, isBusy, err, canSave, onDone }: AddressFormProps) {
  const { checkout: texts, account } = useTexts()
  const known: Readonly<Record<string, string | undefined>> = { ...draft(), ...address }
  const field = ({ name, className = '', ...input }: AddressField) => (
    <Field
      key={name}
      label={texts[name]}
      name={name}
      className={className}
      {...input}
      defaultValue={known[name]}
    />
  )
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { saves, ...given } = textsOf(event.currentTarget)
    if (!isBusy) onDone(given as Address, saves !== undefined) // the form requires what an address has to have
  }
  const keep = (event: FormEvent<HTMLFormElement>): void => keepDraft(textsOf(event.currentTarget))
  return (
    <form className="address" onSubmit={submit} onChange={keep}>
      {fields.slice(0, 3).map(field)}
      <div className="row top">{fields.slice(3, 5).map(field)}</div>
      {fields.slice(5, 6).map(field)}
      <CountrySelect chosen={known.country} />
      {fields.slice(6).map(field)}
      {canSave ? (
        <label className="check">
          <input type="checkbox" name="saves" value="yes" />
          {account.saveAddress}
        </label>
      ) : null}
      <Problem err={err} />
      <Button type="submit" isBusy={isBusy}>
        {texts.toShipping}
      </Button>
    </form>
  )
}

function CountrySelect({ chosen }: { readonly chosen: string | undefined }) {
  const texts = useTexts().checkout
  const all = useMemo(countries, [texts]) // by their names in the language of the texts
  return (
    <Select
      label={texts.country}
      name="country"
      autoComplete="country"
      required
      defaultValue={chosen ?? likelyCountry()}
    >
      <option value="" />
      {all.map(({ code, name }) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </Select>
  )
}
