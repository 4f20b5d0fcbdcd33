import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import type { DeadLetter, ListDeadLettersData } from 'tillstream-sdk'
import { Link } from '../../../shared/router.tsx'
import { ChoiceFilter } from '../../parts/choice-filter.tsx'
import type { Column } from '../../parts/entry-table.tsx'
import { useFilters } from '../../parts/filters.ts'
import { Page } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { DeadLetterActions } from './dead-letter-actions.tsx'

export function DeadLettersPage() {
  const { deadLetters: texts, places, nothingFits } = useTexts()
  const { may } = useStaff()
  const { values, set, isAny } = useFilters(['status'])
  const [chosen, setChosen] = useState<readonly string[]>([])
  const query = values as NonNullable<ListDeadLettersData['query']> // the API says what it does not know
  const choose = (id: string, isChosen: boolean): void =>
    setChosen((now) => (isChosen ? [...now, id] : now.filter((other) => other !== id)))
  const columns = useColumns()
  const box: Column<DeadLetter> = {
    name: 'chosen',
    label: texts.choose,
    show: ({ id, status, subject }) =>
      status === 'open' ? (
        <Checkbox
          aria-label={texts.chooseOne(subject)}
          checked={chosen.includes(id)}
          onChange={({ currentTarget }) => choose(id, currentTarget.checked)}
        />
      ) : null,
  }
  return (
    <Page
      title={places.deadLetters}
      lead={texts.lead}
      actions={
        may('operations:write') && chosen.length > 0 ? (
          <DeadLetterActions ids={chosen} onDone={() => setChosen([])} />
        ) : undefined
      }
    >
      <div className="filters">
        <ChoiceFilter
          label={texts.state}
          value={values.status}
          choices={texts.states}
          onChoose={(status) => set({ status })}
        />
      </div>
      <PagedTable
        queryKey={['dead-letters', query]}
        ask={async (page, signal) =>
          (await api().listDeadLetters({ query: { ...query, ...page }, signal })).data
        }
        caption={places.deadLetters}
        columns={may('operations:write') ? [...columns, box] : columns}
        keyOf={({ id }) => id}
        empty={isAny ? nothingFits : texts.none}
      />
    </Page>
  )
}

function useColumns(): readonly Column<DeadLetter>[] {
  const texts = useTexts().deadLetters
  return [
    {
      name: 'subject',
      label: texts.subject,
      show: ({ id, subject, subscription }) => (
        <>
          <Link to={`/dead-letters/${id}`}>{subject}</Link>
          <small>{subscription}</small>
        </>
      ),
    },
    {
      name: 'error',
      label: texts.error,
      show: ({ code, error }) => (
        <span>
          <code>{code}</code> {error.split('\n')[0]}
        </span>
      ),
    },
    { name: 'at', label: texts.at, show: ({ deadAt }) => <Time at={deadAt} /> },
    {
      name: 'status',
      label: texts.state,
      show: ({ status }) => <Status of={status} label={texts.states[status] ?? status} />,
    },
  ]
}
