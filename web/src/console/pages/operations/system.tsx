import { useQuery } from '@tanstack/react-query'
import type { ReadSystemResponse } from 'tillstream-sdk'
import { number } from '../../../shared/formats.ts'
import { EntryTable } from '../../parts/entry-table.tsx'
import { Fault, Loading, Note } from '../../parts/notices.tsx'
import { Page, Panel } from '../../parts/page.tsx'
import { Status } from '../../parts/status.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

type Gauge = ReadSystemResponse['gauges'][number]

export function SystemPage() {
  const { system: texts, places } = useTexts()
  const { data, isError, error, refetch } = useQuery({
    queryKey: ['system'],
    queryFn: async ({ signal }) => (await api().readSystem({ signal })).data,
    refetchInterval: 5_000,
  })
  return (
    <Page title={places.system} lead={texts.lead}>
      {!data ? isError ? <Fault err={error} onAgain={() => void refetch()} /> : <Loading /> : null}
      {data ? (
        <div className="stack">
          <Note tone={data.ready ? 'good' : 'bad'}>{data.ready ? texts.ready : texts.notReady}</Note>
          <Panel title={texts.services}>
            <EntryTable
              caption={texts.services}
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
          </Panel>
          <Gauges gauges={data.gauges} />
        </div>
      ) : null}
    </Page>
  )
}

/** What is not nothing comes first: lags, backlogs and dead letters are nothing as a rule. */
function Gauges({ gauges }: { readonly gauges: readonly Gauge[] }) {
  const { system: texts } = useTexts()
  const rows = gauges.toSorted((one, other) => Number(other.value !== 0) - Number(one.value !== 0))
  return (
    <Panel title={texts.counts}>
      <EntryTable
        caption={texts.counts}
        rows={rows}
        keyOf={({ service, name, labels }) => `${service} ${name} ${labelsOf(labels)}`}
        columns={[
          {
            name: 'what',
            label: texts.what,
            show: ({ name, help, labels }) => (
              <>
                <span>{help}</span>
                <small>{[name, labelsOf(labels)].filter(Boolean).join(' · ')}</small>
              </>
            ),
          },
          { name: 'service', label: texts.service, show: ({ service }) => service },
          { name: 'value', label: texts.value, isNumber: true, show: valueOf },
        ]}
      />
    </Panel>
  )
}

const labelsOf = (labels: Gauge['labels']): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ')

const valueOf = ({ name, value }: Gauge): string =>
  name.endsWith('_seconds') ? `${number(value)} s` : number(value)
