import { useQuery } from '@tanstack/react-query'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { EntryTable } from '../../parts/entry-table.tsx'
import { Empty } from '../../parts/notices.tsx'
import { Panel } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function ProviderMessages() {
  const texts = useTexts().money
  const { may } = useStaff()
  const { data = [] } = useQuery({
    queryKey: ['provider-messages'],
    queryFn: async ({ signal }) => (await api().listDeadWebhooks({ signal })).data.data,
    refetchInterval: 20_000,
  })
  const again = useAct({
    run: async (id: string, key) =>
      api().requeueWebhook({ path: { id }, headers: { 'idempotency-key': key } }),
    done: texts.handledAgain,
  })
  return (
    <Panel title={texts.messages}>
      {data.length === 0 ? (
        <Empty>{texts.noMessages}</Empty>
      ) : (
        <EntryTable
          caption={texts.messages}
          rows={data}
          keyOf={({ id }) => id}
          columns={[
            {
              name: 'resource',
              label: texts.ref,
              show: ({ resource, provider }) => (
                <>
                  <code>{resource}</code>
                  <small>{provider}</small>
                </>
              ),
            },
            { name: 'reason', label: texts.why, show: ({ reason }) => reason },
            { name: 'at', label: texts.found, show: ({ receivedAt }) => <Time at={receivedAt} /> },
            { name: 'tries', label: texts.tries, isNumber: true, show: ({ tries }) => tries },
            {
              name: 'actions',
              label: texts.decide,
              show: ({ id, resource }) =>
                may('payments:write') ? (
                  <ActButton
                    label={texts.handle}
                    about={resource}
                    title={texts.handle}
                    size="xs"
                    effect={texts.handleEffect}
                    confirm={texts.handle}
                    act={again}
                    toInput={() => id}
                  />
                ) : null,
            },
          ]}
        />
      )}
    </Panel>
  )
}
