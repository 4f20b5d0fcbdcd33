import { TextInput } from '@mantine/core'
import type { Refund } from 'tillstream-sdk'
import { money } from '../../../shared/formats.ts'
import { Link } from '../../../shared/router.tsx'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { Panel } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { shortId } from '../../parts/short-id.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function Refunds() {
  const texts = useTexts().money
  const { may } = useStaff()
  return (
    <Panel title={texts.refunds}>
      <PagedTable
        queryKey={['refunds']}
        ask={async (query, signal) => (await api().listRefunds({ query, signal })).data}
        caption={texts.refunds}
        keyOf={({ id }) => id}
        empty={texts.noRefunds}
        columns={[
          {
            name: 'order',
            label: texts.order,
            show: ({ orderId, reason }) => (
              <>
                <Link to={`/orders/${orderId}`}>{shortId(orderId)}</Link>
                <small>{reason}</small>
              </>
            ),
          },
          { name: 'at', label: texts.found, show: ({ createdAt }) => <Time at={createdAt} /> },
          {
            name: 'status',
            label: texts.status,
            show: ({ status }) => <Status of={status} label={texts.refundStates[status] ?? status} />,
          },
          {
            name: 'amount',
            label: texts.amount,
            isNumber: true,
            show: ({ amount, currency }) => money(amount, currency),
          },
          {
            name: 'actions',
            label: texts.decide,
            show: (refund) =>
              refund.awaits === 'staff' && may('payments:write') ? <Decide refund={refund} /> : null,
          },
        ]}
      />
    </Panel>
  )
}

function Decide({ refund: { id } }: { readonly refund: Refund }) {
  const texts = useTexts().money
  const settle = useAct({
    run: async (reference: string, key) =>
      api().settleRefund({ path: { id }, body: { reference }, headers: { 'idempotency-key': key } }),
    done: texts.recorded,
  })
  const repeat = useAct({
    run: async (_: object, key) =>
      api().repeatRefund({ path: { id }, body: {}, headers: { 'idempotency-key': key } }),
    done: texts.asked,
  })
  return (
    <div className="actions end">
      <ActButton
        label={texts.paidBack}
        about={shortId(id)}
        title={texts.paidBack}
        size="xs"
        effect={texts.paidBackEffect}
        confirm={texts.paidBack}
        act={settle}
        toInput={({ reference }) => reference}
      >
        <TextInput label={texts.reference} name="reference" required maxLength={255} data-autofocus />
      </ActButton>
      <ActButton
        label={texts.askAgain}
        about={shortId(id)}
        title={texts.askAgain}
        size="xs"
        effect={texts.askAgainEffect}
        confirm={texts.askAgain}
        act={repeat}
        toInput={() => ({})}
      />
    </div>
  )
}
