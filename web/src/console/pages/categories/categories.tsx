import { useQuery } from '@tanstack/react-query'
import type { Category } from 'tillstream-sdk'
import { Link } from '../../../shared/router.tsx'
import type { Field } from '../../editing/fields.ts'
import { ResourcePage, type Resource } from '../../editing/resource-page.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { seenAs } from '../products/store.ts'

const categories: Resource<Category> = {
  name: 'categories',
  async list(_, signal) {
    const { data } = (await api().listCategories({ signal })).data
    const sorted = [...data].sort((one, other) => one.path.localeCompare(other.path))
    return { data: sorted, nextCursor: null }
  },
  get: async (id) => (await api().getCategory({ path: { id } })).data,
  create: async (body, key) =>
    (await api().createCategory({ body: body as never, headers: { 'idempotency-key': key } })).data,
  change: async (id, body, version) =>
    (await api().updateCategory({ path: { id }, body, headers: seenAs(version) })).data,
  remove: async (id, version) => api().deleteCategory({ path: { id }, headers: seenAs(version) }),
}

export function CategoriesPage() {
  const { categories: texts, places } = useTexts()
  const { data = [] } = useQuery({
    queryKey: ['categories'],
    queryFn: async ({ signal }) => (await api().listCategories({ signal })).data.data,
  })
  const parents = Object.fromEntries(data.map(({ id, path }) => [id, path]))
  const fields: readonly Field[] = [
    { name: 'name', label: texts.name, kind: 'text', isRequired: true },
    { name: 'parentId', label: texts.parent, kind: 'choice', choices: { '': texts.root, ...parents } },
    { name: 'attributes', label: texts.attributes, kind: 'definitions', hint: texts.attributesHint },
  ]
  return (
    <ResourcePage
      title={places.categories}
      lead={texts.lead}
      permission="products:write"
      resource={categories}
      fields={fields}
      nameOf={({ path }) => path}
      labels={texts}
      columns={[
        {
          name: 'path',
          label: texts.name,
          show: ({ path }) => <Link to={`/products?category=${encodeURIComponent(path)}`}>{path}</Link>,
        },
        {
          name: 'attributes',
          label: texts.attributes,
          show: ({ attributes }) => attributes.map(({ name, type }) => `${name}: ${type}`).join(', '),
        },
      ]}
    />
  )
}
