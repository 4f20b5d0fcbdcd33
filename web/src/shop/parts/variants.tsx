import { useQuery } from '@tanstack/react-query'
import type { GetFamilyResponses, Product } from 'tillstream-sdk'
import { api } from '../../shared/api.ts'
import { navigate } from '../../shared/router.tsx'
import { useTexts } from '../texts/texts.ts'

type Family = GetFamilyResponses[200]
type Options = Readonly<Record<string, string>>

/** The products of a family by their options: what one is, and what there is beside it. */
export function Variants({ familyId, product }: { readonly familyId: string; readonly product: Product }) {
  const texts = useTexts().product
  const { data: family } = useQuery({
    queryKey: ['family', familyId],
    queryFn: async ({ signal }) => (await api().getFamily({ path: { id: familyId }, signal })).data,
  })
  const own = product.options ?? {}
  if (!family) return null
  return (
    <>
      {family.values.map(({ option, values }) => (
        <fieldset key={option} className="variants">
          <legend>
            {option}: <b>{own[option]}</b>
          </legend>
          <div className="row">
            {values.map((value) => {
              const member = nearest(family, own, option, value)
              return (
                <label key={value} className="variant" data-missing={member?.available ? undefined : true}>
                  <input
                    type="radio"
                    name={option}
                    value={value}
                    checked={own[option] === value}
                    disabled={member === undefined}
                    onChange={() =>
                      member && navigate(`/products/${member.id}`, { replaces: true, keepsScroll: true })
                    }
                  />
                  {value}
                  {member?.available ? null : <span className="sr-only"> ({texts.notThisWay})</span>}
                </label>
              )
            })}
          </div>
        </fieldset>
      ))}
    </>
  )
}

/** With that value, and of the other options as many as now as there can be; what can be ordered comes first. */
function nearest(
  family: Family,
  own: Options,
  option: string,
  value: string,
): Family['products'][number] | undefined {
  const score = ({ options, available }: Family['products'][number]): number =>
    family.options.filter((name) => options[name] === own[name]).length * 2 + (available ? 1 : 0)
  return family.products
    .filter(({ options }) => options[option] === value)
    .sort((one, other) => score(other) - score(one))[0]
}
