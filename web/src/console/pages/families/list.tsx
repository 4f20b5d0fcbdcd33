import type { Family } from 'tillstream-sdk'
import { Link } from '../../../shared/router.tsx'
import type { Field } from '../../editing/fields.ts'
import { ResourcePage, type Resource } from '../../editing/resource-page.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { seenAs } from '../products/store.ts'

const families: Resource<Family> = {
  name: 'families',
  list: async (query, signal) => (await api().listFamilies({ query, signal })).data,
  get: async (id) => (await api().getFamily({ path: { id } })).data,
  create: async (body, key) =>
    (await api().createFamily({ body: body as never, headers: { 'idempotency-key': key } })).data,
  change: async (id, body, version) =>
    (await api().updateFamily({ path: { id }, body: body as never, headers: seenAs(version) })).data,
  remove: async (id, version) => api().deleteFamily({ path: { id }, headers: seenAs(version) }),
}

export function FamiliesPage() {
  const { families: texts, places } = useTexts()
  const name: Field = { name: 'name', label: texts.name, kind: 'text', isRequired: true }
  const options: Field = {
    ...{ name: 'options', label: texts.options, kind: 'list', isRequired: true },
    hint: texts.optionsHint,
  }
  return (
    <ResourcePage
      title={places.families}
      lead={texts.lead}
      permission="products:write"
      resource={families}
      fields={[name, options]}
      fieldsToEdit={[name]}
      nameOf={(family) => family.name}
      labels={texts}
      columns={[
        {
          name: 'name',
          label: texts.name,
          show: (family) => <Link to={`/families/${family.id}`}>{family.name}</Link>,
        },
        { name: 'options', label: texts.options, show: (family) => family.options.join(', ') },
      ]}
    />
  )
}
