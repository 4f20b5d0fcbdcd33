import { useQuery } from '@tanstack/react-query'
import { moment } from '../../shared/formats.ts'
import { useTexts } from '../texts/texts.ts'
import { trackingQuery } from './order-queries.ts'

export function Parcels({ orderId }: { readonly orderId: string }) {
  const texts = useTexts().order
  const { data } = useQuery(trackingQuery(orderId))
  if (!data || data.shipments.length === 0) return null
  return (
    <section className="panel stack">
      <h2>{texts.parcels}</h2>
      {data.shipments.map(({ id, status, carrier, trackingNumber, trackingUrl, history }) => (
        <article key={id} className="stack">
          <div className="row between">
            <h3>{texts.parcel(carrier)}</h3>
            <span className="tag" data-status={status}>
              {texts.shipmentStatus[status]}
            </span>
          </div>
          {trackingNumber === '' ? null : <p className="quiet">{trackingNumber}</p>}
          {isWebAddress(trackingUrl) ? (
            <a href={trackingUrl} target="_blank" rel="noreferrer">
              {texts.track}
            </a>
          ) : null}
          <ul className="plain-list quiet">
            {history.map((step) => (
              <li key={step.status + step.at}>
                {moment(step.at)} · {texts.shipmentStatus[step.status]}
              </li>
            ))}
          </ul>
        </article>
      ))}
    </section>
  )
}

/** Staff type it, and a link may be a script. */
const isWebAddress = (url: string): boolean => /^https?:\/\//i.test(url)
