import type { Delivery, ListDeliveriesData } from 'tillstream-sdk'
import { Link } from '../../../shared/router.tsx'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { ChoiceFilter } from '../../parts/choice-filter.tsx'
import type { Column } from '../../parts/entry-table.tsx'
import { useFilters } from '../../parts/filters.ts'
import { Page } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { shortId } from '../../parts/short-id.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function NotificationsPage() {
  const { notifications: texts, places, nothingFits } = useTexts()
  const { values, set, isAny } = useFilters(['status', 'channel'])
  const query = values as NonNullable<ListDeliveriesData['query']> // the API says what it does not know
  return (
    <Page title={places.notifications} lead={texts.lead}>
      <div className="filters">
        <ChoiceFilter
          label={texts.state}
          value={values.status}
          choices={texts.states}
          onChoose={(status) => set({ status })}
        />
        <ChoiceFilter
          label={texts.channel}
          value={values.channel}
          choices={texts.channels}
          onChoose={(channel) => set({ channel })}
        />
      </div>
      <PagedTable
        queryKey={['messages', query]}
        ask={async (page, signal) =>
          (await api().listDeliveries({ query: { ...query, ...page }, signal })).data
        }
        caption={places.notifications}
        columns={useColumns()}
        keyOf={({ id }) => id}
        empty={isAny ? nothingFits : texts.none}
      />
    </Page>
  )
}

function useColumns(): readonly Column<Delivery>[] {
  const texts = useTexts().notifications
  const { may } = useStaff()
  return [
    {
      name: 'kind',
      label: texts.kind,
      show: ({ kind, orderId, userId }) => (
        <>
          {kind}
          <small>
            {orderId !== undefined ? (
              <Link to={`/orders/${orderId}`}>{texts.order(shortId(orderId))}</Link>
            ) : null}
            {orderId === undefined && userId === undefined ? texts.toStaff : null}
          </small>
        </>
      ),
    },
    { name: 'channel', label: texts.channel, show: ({ channel }) => texts.channels[channel] },
    { name: 'at', label: texts.at, show: ({ createdAt }) => <Time at={createdAt} /> },
    {
      name: 'state',
      label: texts.state,
      show: ({ status, failure }) => (
        <span className="row">
          <Status of={status} label={texts.states[status] ?? status} />
          {failure === undefined ? null : <code>{failure}</code>}
        </span>
      ),
    },
    { name: 'attempts', label: texts.attempts, isNumber: true, show: ({ attempts }) => attempts },
    {
      name: 'actions',
      label: texts.actions,
      show: (delivery) =>
        may('notifications:write') && ['failed', 'unknown'].includes(delivery.status) ? (
          <Retry delivery={delivery} />
        ) : null,
    },
  ]
}

function Retry({ delivery: { id, kind, status } }: { readonly delivery: Delivery }) {
  const texts = useTexts().notifications
  const retry = useAct({
    run: async (_: object, key) => api().retryDelivery({ path: { id }, headers: { 'idempotency-key': key } }),
    done: texts.retried,
  })
  return (
    <ActButton
      label={texts.retry}
      about={`${kind} ${shortId(id)}`}
      title={texts.retry}
      size="xs"
      effect={status === 'unknown' ? texts.retryUnknown : texts.retryEffect}
      confirm={texts.retry}
      act={retry}
      toInput={() => ({})}
    />
  )
}
