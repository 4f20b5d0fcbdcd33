import { useQuery } from '@tanstack/react-query'
import type { Order, Payment } from 'tillstream-sdk'
import { money } from '../../../shared/formats.ts'
import { Empty, Note } from '../../parts/notices.tsx'
import { Panel } from '../../parts/page.tsx'
import { ShortId } from '../../parts/short-id.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { useTexts } from '../../texts/texts.ts'
import { CapturePayment } from './capture-payment.tsx'
import { paymentsQuery } from './queries.ts'
import { RefundPayment } from './refund-payment.tsx'
import { VoidPayment } from './void-payment.tsx'

export function Payments({ order }: { readonly order: Order }) {
  const texts = useTexts().orders
  const { data = [] } = useQuery(paymentsQuery(order.id))
  return (
    <Panel title={texts.payments}>
      {data.length === 0 ? <Empty>{texts.noPayments}</Empty> : null}
      <ul className="plain-list stack">
        {data.map((payment) => (
          <li key={payment.id} className="stack tight">
            <ShownPayment order={order} payment={payment} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

type ShownPaymentProps = { readonly order: Order; readonly payment: Payment }

function ShownPayment({ order, payment }: ShownPaymentProps) {
  const texts = useTexts().orders
  const { may } = useStaff()
  const { id, status, method, amount, captured, refunded, currency, failure, createdAt } = payment
  return (
    <>
      <div className="row between">
        <b>
          {money(amount, currency)} <span className="quiet">{method}</span>
        </b>
        <Status of={status} label={texts.paymentStates[status]} />
      </div>
      <small className="quiet">
        <Time at={createdAt} /> · <ShortId id={id} />
      </small>
      <dl className="facts sums">
        <dt>{texts.captured}</dt>
        <dd>{money(captured, currency)}</dd>
        <dt>{texts.refunded}</dt>
        <dd>{money(refunded, currency)}</dd>
      </dl>
      {failure ? (
        <Note tone="bad">
          <code>{failure.code}</code> {failure.message}
        </Note>
      ) : null}
      {may('payments:write') ? (
        <div className="actions">
          {status === 'authorized' ? <CapturePayment payment={payment} /> : null}
          {status === 'authorized' ? <VoidPayment payment={payment} /> : null}
          {captured > refunded ? <RefundPayment order={order} payment={payment} /> : null}
        </div>
      ) : null}
    </>
  )
}
