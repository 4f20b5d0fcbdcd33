import { useQuery } from '@tanstack/react-query'
import type { Order } from 'tillstream-sdk'
import { Status } from '../../parts/status.tsx'
import { Ago, Time } from '../../parts/time.tsx'
import { useTexts } from '../../texts/texts.ts'
import { timelineQuery } from './queries.ts'

const kinds = ['status', 'paymentStatus', 'fulfilmentStatus', 'returnStatus'] as const

/** Where the order is, and what it waits for. */
export function OrderState({ order }: { readonly order: Order }) {
  const texts = useTexts().orders
  const { data: timeline } = useQuery(timelineQuery(order.id))
  return (
    <section className="panel" aria-label={texts.state}>
      <dl className="states">
        {kinds.map((kind) => (
          <div key={kind}>
            <dt>{texts.filters[kind]}</dt>
            <dd>
              <Status of={order[kind]} label={texts[kind][order[kind] as never]} />
            </dd>
          </div>
        ))}
        {order.flags?.map((flag) => (
          <div key={flag}>
            <dt>{texts.filters.flag}</dt>
            <dd>
              <Status of={flag} label={texts.flag[flag]} />
            </dd>
          </div>
        ))}
        {order.holdUntil !== undefined && order.status === 'confirmed' ? (
          <div>
            <dt>{texts.holdEnds}</dt>
            <dd>
              <Ago at={order.holdUntil} />
            </dd>
          </div>
        ) : null}
      </dl>
      {timeline && timeline.waitsFor.length > 0 ? (
        <ul className="waits" aria-label={texts.waitsFor}>
          {timeline.waitsFor.map(({ what, since, until, aboutId, detail }) => (
            <li key={what + aboutId} data-tone={what.startsWith('staff') ? 'bad' : 'warn'} className="tinted">
              <b>{texts.waits[what] ?? what}</b> · {texts.since} <Time at={since} />
              {until === undefined ? null : (
                <>
                  {' · '}
                  {texts.endsBy} <Ago at={until} />
                </>
              )}
              {detail.error === undefined ? null : <code> {detail.error}</code>}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
