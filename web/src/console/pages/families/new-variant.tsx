import type { GetFamilyResponses, Product } from 'tillstream-sdk'
import { EditButton } from '../../editing/edit-button.tsx'
import type { Field } from '../../editing/fields.ts'
import type { Store } from '../../editing/use-editing.ts'
import { useTexts } from '../../texts/texts.ts'
import { products } from '../products/store.ts'
import { useProductFields } from '../products/use-product-fields.ts'

type Family = GetFamilyResponses[200]
const prefix = 'option.'

export function NewVariant({ family }: { readonly family: Family }) {
  const { families: texts, products: labels } = useTexts()
  const fields = useProductFields()
  const options = family.values.map(({ option, values }): Field => ({
    ...{ name: prefix + option, label: option, kind: 'text', isRequired: true },
    suggestions: values,
  }))
  const stock: Field = { name: 'stock', label: labels.openingStock, kind: 'number', isRequired: true }
  return (
    <EditButton
      label={texts.addVariant}
      isMain
      fields={[...options, ...fields.slice(0, 4), stock]}
      store={storeOf(family)}
    />
  )
}

/** The options are fields of the form, and one value of the product. */
const storeOf = ({ id }: Family): Store<Product> => ({
  ...products,
  create: async (body, key) => {
    const entries = Object.entries(body)
    const options = entries.filter(([name]) => name.startsWith(prefix))
    const rest = entries.filter(([name]) => !name.startsWith(prefix))
    const named = Object.fromEntries(options.map(([name, value]) => [name.slice(prefix.length), value]))
    return products.create({ ...Object.fromEntries(rest), familyId: id, options: named }, key)
  },
})
