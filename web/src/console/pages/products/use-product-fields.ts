import { useQuery } from '@tanstack/react-query'
import type { Field } from '../../editing/fields.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function useProductFields(): readonly Field[] {
  const { fields: labels, attributesHint } = useTexts().products
  const { data: categories = [] } = useQuery({
    queryKey: ['categories'],
    queryFn: async ({ signal }) => (await api().listCategories({ signal })).data.data,
    staleTime: 60_000,
  })
  return [
    { name: 'name', label: labels.name, kind: 'text', isRequired: true },
    { name: 'sku', label: labels.sku, kind: 'text' },
    {
      name: 'category',
      label: labels.category,
      kind: 'text',
      isRequired: true,
      suggestions: categories.map(({ path }) => path),
    },
    { name: 'price', label: labels.price, kind: 'number', isRequired: true },
    { name: 'weightGrams', label: labels.weightGrams, kind: 'number' },
    { name: 'description', label: labels.description, kind: 'long' },
    { name: 'attributes', label: labels.attributes, kind: 'pairs', hint: attributesHint },
  ]
}
