import { useQuery } from '@tanstack/react-query'
import type { Order, Shipment } from 'tillstream-sdk'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { Panel } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { trackingQuery } from './queries.ts'
import { Resend } from './resend.tsx'

type Next = 'shipped' | 'delivered' | 'lost' | 'returned' | 'canceled'

const nextOf: Readonly<Partial<Record<Shipment['status'], readonly Next[]>>> = {
  packed: ['shipped', 'canceled'],
  shipped: ['delivered', 'lost', 'returned'],
  lost: ['delivered'],
}

export function Shipments({ order }: { readonly order: Order }) {
  const texts = useTexts().orders
  const { data: tracking } = useQuery(trackingQuery(order.id))
  if (!tracking || tracking.shipments.length === 0) return null
  const names = new Map(order.items.map(({ lineId, name }) => [lineId, name]))
  return (
    <Panel title={texts.shipments}>
      <ul className="plain-list stack">
        {tracking.shipments.map((shipment) => (
          <Parcel key={shipment.id} shipment={shipment} names={names} />
        ))}
      </ul>
    </Panel>
  )
}

type ParcelProps = { readonly shipment: Shipment; readonly names: ReadonlyMap<string, string> }

function Parcel({ shipment, names }: ParcelProps) {
  const texts = useTexts().orders
  const { may } = useStaff()
  const { carrier, trackingNumber, trackingUrl, status, lines, history } = shipment
  const latest = history.at(-1)?.at
  return (
    <li className="stack tight">
      <div className="row between">
        <span>
          <b>{carrier}</b>{' '}
          {trackingUrl === '' ? trackingNumber : <a href={trackingUrl}>{trackingNumber || texts.track}</a>}
        </span>
        <Status of={status} label={texts.shipmentStatus[status]} />
      </div>
      <small className="quiet">
        {lines.map(({ lineId, quantity }) => `${quantity} × ${names.get(lineId) ?? ''}`).join(', ')}
        {latest === undefined ? null : (
          <>
            {' · '}
            <Time at={latest} />
          </>
        )}
      </small>
      {may('orders:write') ? (
        <div className="actions">
          {(nextOf[status] ?? []).map((next) => (
            <Move key={next} shipment={shipment} next={next} />
          ))}
          {status === 'lost' || status === 'returned' ? <Resend shipment={shipment} /> : null}
        </div>
      ) : null}
    </li>
  )
}

function Move({ shipment: { id, carrier }, next }: { readonly shipment: Shipment; readonly next: Next }) {
  const texts = useTexts().orders
  const move = useAct({
    run: async (status: Next) => api().changeShipment({ path: { id }, body: { status } }),
    done: texts.moved,
  })
  const { button, effect } = texts.moves[next]
  return (
    <ActButton
      label={button}
      about={carrier}
      title={button}
      size="xs"
      effect={effect}
      confirm={button}
      isDanger={next === 'lost' || next === 'canceled'}
      act={move}
      toInput={() => next}
    />
  )
}
