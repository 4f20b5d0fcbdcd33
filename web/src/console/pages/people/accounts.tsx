import type { ListUsersData, StaffUser } from 'tillstream-sdk'
import { Link } from '../../../shared/router.tsx'
import { ChoiceFilter } from '../../parts/choice-filter.tsx'
import type { Column } from '../../parts/entry-table.tsx'
import { useFilters } from '../../parts/filters.ts'
import { Page } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Status } from '../../parts/status.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { Access } from './access.tsx'
import { Block } from './block.tsx'
import { Erase } from './erase.tsx'

export function AccountsPage() {
  const texts = useTexts()
  const { values, set, isAny } = useFilters(['q', 'role'])
  const query = values as NonNullable<ListUsersData['query']> // the API says which roles it does not know
  return (
    <Page title={texts.places.accounts} lead={texts.people.lead}>
      <div className="filters">
        <TextFilter
          label={texts.people.search}
          placeholder={texts.people.searchHint}
          value={values.q}
          onChoose={(q) => set({ q })}
        />
        <ChoiceFilter
          label={texts.people.role}
          value={values.role}
          choices={texts.roles}
          onChoose={(role) => set({ role })}
        />
      </div>
      <PagedTable
        queryKey={['users', query]}
        ask={async (page, signal) => (await api().listUsers({ query: { ...query, ...page }, signal })).data}
        caption={texts.places.accounts}
        columns={useColumns()}
        keyOf={({ id }) => id}
        empty={isAny ? texts.nothingFits : texts.people.none}
      />
    </Page>
  )
}

function useColumns(): readonly Column<StaffUser>[] {
  const { people: texts, roles } = useTexts()
  const { may } = useStaff()
  return [
    {
      name: 'email',
      label: texts.account,
      show: ({ id, email, username }) => (
        <>
          {may('orders:read') ? <Link to={`/orders?userId=${id}`}>{email}</Link> : email}
          <small>{username}</small>
        </>
      ),
    },
    {
      name: 'role',
      label: texts.role,
      show: ({ role, blocked }) => (
        <span className="row">
          <Status of={role} label={roles[role]} />
          {blocked ? <Status of="blocked" label={texts.blocked} /> : null}
        </span>
      ),
    },
    {
      name: 'safety',
      label: texts.secondFactor,
      show: ({ secondFactor }) => (secondFactor ? texts.isOn : texts.isOff),
    },
    { name: 'since', label: texts.since, show: ({ createdAt }) => <Time at={createdAt} /> },
    { name: 'actions', label: texts.actions, show: (user) => <UserActions user={user} /> },
  ]
}

function UserActions({ user }: { readonly user: StaffUser }) {
  const { may, id } = useStaff()
  if (user.id === id || !may('customers:write')) return null
  return (
    <div className="actions end">
      {may('admin') ? <Access user={user} /> : null}
      {may('admin') || user.role === 'customer' ? <Block user={user} /> : null}
      {may('admin') ? <Erase user={user} /> : null}
    </div>
  )
}
