import { useQuery } from '@tanstack/react-query'
import type { Webhook } from 'tillstream-sdk'
import { Fault, Loading, Note } from '../../parts/notices.tsx'
import { Page } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Ago } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { Deliveries } from './deliveries.tsx'
import { WebhookActions } from './webhook-actions.tsx'

export function WebhookPage({ id }: { readonly id: string }) {
  const { data, isError, error, refetch } = useQuery({
    queryKey: ['webhook', id],
    queryFn: async ({ signal }) => (await api().getWebhook({ path: { id }, signal })).data,
    refetchInterval: 15_000,
  })
  if (data) return <Shown webhook={data} />
  return isError ? <Fault err={error} onAgain={() => void refetch()} /> : <Loading />
}

function Shown({ webhook }: { readonly webhook: Webhook }) {
  const { webhooks: texts, places } = useTexts()
  const { may } = useStaff()
  const { url, events, isPaused, pausedAt, pauseReason } = webhook
  return (
    <Page
      title={url}
      up={{ to: '/webhooks', label: places.webhooks }}
      lead={events.join(', ')}
      actions={may('webhooks:write') ? <WebhookActions webhook={webhook} /> : undefined}
    >
      <div className="panels">
        {isPaused ? (
          <Note tone="bad">
            {texts.isPaused} {pauseReason === undefined ? null : <code>{pauseReason}</code>}{' '}
            {pausedAt === undefined ? null : <Ago at={pausedAt} />}
          </Note>
        ) : null}
        <Deliveries webhookId={webhook.id} />
      </div>
    </Page>
  )
}
