import type { ListWebhookDeliveriesData, WebhookDelivery } from 'tillstream-sdk'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { ChoiceFilter } from '../../parts/choice-filter.tsx'
import type { Column } from '../../parts/entry-table.tsx'
import { useFilters } from '../../parts/filters.ts'
import { Panel } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { shortId } from '../../parts/short-id.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Status } from '../../parts/status.tsx'
import { Ago, Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function Deliveries({ webhookId }: { readonly webhookId: string }) {
  const { webhooks: texts, nothingFits } = useTexts()
  const { values, set, isAny } = useFilters(['status'])
  const query = values as NonNullable<ListWebhookDeliveriesData['query']> // the API says what it does not know
  return (
    <Panel
      title={texts.deliveries}
      actions={
        <ChoiceFilter
          label={texts.state}
          value={values.status}
          choices={texts.deliveryStates}
          onChoose={(status) => set({ status })}
        />
      }
    >
      <PagedTable
        queryKey={['webhook', webhookId, 'deliveries', query]}
        ask={async (page, signal) => {
          const path = { id: webhookId }
          return (await api().listWebhookDeliveries({ path, query: { ...query, ...page }, signal })).data
        }}
        caption={texts.deliveries}
        keyOf={({ id }) => id}
        empty={isAny ? nothingFits : texts.noDeliveries}
        columns={useColumns(webhookId)}
      />
    </Panel>
  )
}

function useColumns(webhookId: string): readonly Column<WebhookDelivery>[] {
  const texts = useTexts().webhooks
  const { may } = useStaff()
  return [
    {
      name: 'type',
      label: texts.event,
      show: ({ type, subject }) => (
        <>
          {type}
          <small>{subject}</small>
        </>
      ),
    },
    { name: 'at', label: texts.happened, show: ({ occurredAt }) => <Time at={occurredAt} isExact /> },
    {
      name: 'state',
      label: texts.state,
      show: ({ status, failure, nextAt }) => (
        <span className="row">
          <Status of={status} label={texts.deliveryStates[status]} />
          {failure === undefined ? null : <code>{failure}</code>}
          {status === 'queued' && nextAt !== undefined ? <Ago at={nextAt} /> : null}
        </span>
      ),
    },
    { name: 'attempts', label: texts.attempts, isNumber: true, show: ({ attempts }) => attempts },
    {
      name: 'actions',
      label: texts.actions,
      show: (delivery) =>
        may('webhooks:write') ? <SendAgain webhookId={webhookId} delivery={delivery} /> : null,
    },
  ]
}

type SendAgainProps = { readonly webhookId: string; readonly delivery: WebhookDelivery }

function SendAgain({ webhookId, delivery: { id, type } }: SendAgainProps) {
  const texts = useTexts().webhooks
  const send = useAct({
    run: async (_: object, key) =>
      api().redeliverWebhook({
        path: { id: webhookId, deliveryId: id },
        headers: { 'idempotency-key': key },
      }),
    done: texts.sentAgain,
  })
  return (
    <ActButton
      label={texts.sendAgain}
      about={`${type} ${shortId(id)}`}
      title={texts.sendAgain}
      size="xs"
      effect={texts.sendAgainEffect}
      confirm={texts.sendAgain}
      act={send}
      toInput={() => ({})}
    />
  )
}
