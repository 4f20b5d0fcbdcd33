import type { ReactNode } from 'react'
import type { Page as ListPage } from 'tillstream-sdk'
import { ActButton } from '../parts/act-button.tsx'
import { useAct } from '../parts/act.ts'
import type { Column } from '../parts/entry-table.tsx'
import { Page } from '../parts/page.tsx'
import { PagedTable, type CursorQuery } from '../parts/paged-table.tsx'
import { useStaff, type Permission } from '../parts/staff.ts'
import { useTexts } from '../texts/texts.ts'
import { EditButton } from './edit-button.tsx'
import type { Field, Versioned } from './fields.ts'
import type { Store } from './use-editing.ts'

export type Resource<Entry extends Versioned> = Store<Entry> & {
  readonly name: string
  readonly list: (query: CursorQuery, signal: AbortSignal) => Promise<ListPage<Entry>>
  readonly remove: (id: string, version: number) => Promise<unknown>
}

type ResourcePageProps<Entry extends Versioned> = {
  readonly title: string
  readonly lead: ReactNode
  readonly permission: Permission
  readonly resource: Resource<Entry>
  readonly fields: readonly Field[]
  /** Where not all of them can be changed later. */
  readonly fieldsToEdit?: readonly Field[]
  readonly columns: readonly Column<Entry>[]
  readonly nameOf: (entry: Entry) => string
  readonly labels: { readonly add: string; readonly removeEffect: string; readonly empty: string }
}

/** A list whose entries are added, edited and removed in its place. */
export function ResourcePage<Entry extends Versioned>(props: ResourcePageProps<Entry>) {
  const { title, lead, permission, resource, fields, columns, nameOf, labels } = props
  const { fieldsToEdit = fields } = props
  const texts = useTexts()
  const mayEdit = useStaff().may(permission)
  const actions: Column<Entry> = {
    name: 'actions',
    label: texts.actions,
    show: (entry) => (
      <div className="actions end">
        <EditButton
          label={texts.edit}
          about={nameOf(entry)}
          fields={fieldsToEdit}
          entry={entry}
          store={resource}
        />
        <Remove entry={entry} name={nameOf(entry)} resource={resource} effect={labels.removeEffect} />
      </div>
    ),
  }
  return (
    <Page
      title={title}
      lead={lead}
      actions={
        mayEdit ? <EditButton label={labels.add} isMain fields={fields} store={resource} /> : undefined
      }
    >
      <PagedTable
        queryKey={[resource.name]}
        ask={resource.list}
        caption={title}
        columns={mayEdit ? [...columns, actions] : columns}
        keyOf={({ id }) => id}
        empty={labels.empty}
      />
    </Page>
  )
}

type RemoveProps<Entry extends Versioned> = {
  readonly entry: Entry
  readonly name: string
  readonly resource: Resource<Entry>
  readonly effect: string
}

function Remove<Entry extends Versioned>({ entry, name, resource, effect }: RemoveProps<Entry>) {
  const texts = useTexts()
  const remove = useAct({
    run: async (id: string) => resource.remove(id, entry.version),
    done: texts.removed(name),
  })
  return (
    <ActButton
      label={texts.remove}
      about={name}
      title={`${texts.remove}: ${name}`}
      size="xs"
      effect={effect}
      confirm={texts.remove}
      isDanger
      act={remove}
      toInput={() => entry.id}
    />
  )
}
