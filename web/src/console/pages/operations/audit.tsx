import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { RunAuditResponses } from 'tillstream-sdk'
import { number } from '../../../shared/formats.ts'
import { EntryTable } from '../../parts/entry-table.tsx'
import { Empty, Fault, Loading, Note } from '../../parts/notices.tsx'
import { Page } from '../../parts/page.tsx'
import { Status } from '../../parts/status.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

type Audit = RunAuditResponses[200]

export function AuditPage() {
  const { audit: texts, places } = useTexts()
  const { data, isError, isFetching, error, refetch } = useQuery({
    queryKey: ['audit'],
    queryFn: async ({ signal }) => (await api().runAudit({ signal })).data,
    enabled: false, // it reads everything that is stored, so it runs when it is asked for
  })
  const run = (
    <Button loading={isFetching} onClick={() => void refetch()}>
      {texts.run}
    </Button>
  )
  return (
    <Page title={places.audit} lead={texts.lead} actions={run}>
      {isError ? <Fault err={error} onAgain={() => void refetch()} /> : null}
      {!data && isFetching ? <Loading lines={8} /> : null}
      {!data && !isFetching && !isError ? <Empty>{texts.notYet}</Empty> : null}
      {data ? <Outcome audit={data} /> : null}
    </Page>
  )
}

function Outcome({ audit: { ok, invariants } }: { readonly audit: Audit }) {
  const texts = useTexts().audit
  return (
    <div className="stack">
      <div role="status">
        <Note tone={ok ? 'good' : 'bad'}>{ok ? texts.holds : texts.broken}</Note>
      </div>
      <EntryTable
        caption={texts.invariants}
        rows={[...invariants].sort((one, other) => other.violations - one.violations)}
        keyOf={({ name }) => name}
        columns={[
          { name: 'name', label: texts.invariant, show: ({ name }) => name },
          {
            name: 'state',
            label: texts.state,
            show: ({ violations }) => (
              <Status
                of={violations === 0 ? 'succeeded' : 'failed'}
                label={violations === 0 ? texts.isTrue : texts.violations(number(violations))}
              />
            ),
          },
          { name: 'checked', label: texts.checked, isNumber: true, show: ({ checked }) => number(checked) },
          { name: 'offenders', label: texts.offenders, show: ({ offenders }) => offenders.join(', ') },
        ]}
      />
    </div>
  )
}
