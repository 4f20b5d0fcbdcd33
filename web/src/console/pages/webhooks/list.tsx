import { useQuery } from '@tanstack/react-query'
import { Link } from '../../../shared/router.tsx'
import { EntryTable } from '../../parts/entry-table.tsx'
import { Empty, Fault, Loading } from '../../parts/notices.tsx'
import { Page } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Status } from '../../parts/status.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { AddWebhook } from './add-webhook.tsx'

export function WebhooksPage() {
  const { webhooks: texts, places } = useTexts()
  const { may } = useStaff()
  const { data, isError, error, refetch } = useQuery({
    queryKey: ['webhooks'],
    queryFn: async ({ signal }) => (await api().listWebhooks({ signal })).data.data,
    refetchInterval: 15_000,
  })
  return (
    <Page
      title={places.webhooks}
      lead={texts.lead}
      actions={may('webhooks:write') ? <AddWebhook /> : undefined}
    >
      {!data ? isError ? <Fault err={error} onAgain={() => void refetch()} /> : <Loading /> : null}
      {data?.length === 0 ? <Empty>{texts.none}</Empty> : null}
      {data && data.length > 0 ? (
        <EntryTable
          caption={places.webhooks}
          rows={data}
          keyOf={({ id }) => id}
          columns={[
            {
              name: 'url',
              label: texts.url,
              show: ({ id, url }) => <Link to={`/webhooks/${id}`}>{url}</Link>,
            },
            { name: 'events', label: texts.events, show: ({ events }) => events.join(', ') },
            {
              name: 'state',
              label: texts.state,
              show: ({ isPaused }) => (
                <Status of={isPaused ? 'paused' : 'active'} label={isPaused ? texts.paused : texts.active} />
              ),
            },
          ]}
        />
      ) : null}
    </Page>
  )
}
