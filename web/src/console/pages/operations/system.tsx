import { useQuery } from '@tanstack/react-query'
import { EntryTable } from '../../parts/entry-table.tsx'
import { Fault, Loading, Note } from '../../parts/notices.tsx'
import { Page } from '../../parts/page.tsx'
import { Status } from '../../parts/status.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function SystemPage() {
  const { system: texts, places } = useTexts()
  const { data, isError, error, refetch } = useQuery({
    queryKey: ['ready'],
    queryFn: async ({ signal }) => (await api().isReady({ signal })).data,
    refetchInterval: 10_000,
  })
  return (
    <Page title={places.system} lead={texts.lead}>
      {!data ? isError ? <Fault err={error} onAgain={() => void refetch()} /> : <Loading /> : null}
      {data ? (
        <div className="stack">
          <Note tone={data.ready ? 'good' : 'bad'}>{data.ready ? texts.ready : texts.notReady}</Note>
          {data.checks ? (
            <EntryTable
              caption={places.system}
              rows={data.checks}
              keyOf={({ name }) => name}
              columns={[
                { name: 'name', label: texts.service, show: ({ name }) => name },
                {
                  name: 'state',
                  label: texts.state,
                  show: ({ ready }) => (
                    <Status of={ready ? 'succeeded' : 'failed'} label={ready ? texts.up : texts.down} />
                  ),
                },
                { name: 'detail', label: texts.detail, show: ({ detail }) => detail },
              ]}
            />
          ) : (
            <p className="quiet">{texts.operators}</p>
          )}
        </div>
      ) : null}
    </Page>
  )
}
