import type { Order } from 'tillstream-sdk'
import { countryName } from '../../../shared/formats.ts'
import { Link } from '../../../shared/router.tsx'
import { Panel } from '../../parts/page.tsx'
import { useTexts } from '../../texts/texts.ts'

export function Buyer({ order }: { readonly order: Order }) {
  const texts = useTexts().orders
  const { email, userId, deliveryAddress, billingAddress } = order
  return (
    <Panel title={texts.buyer}>
      <dl className="facts">
        <dt>{texts.account}</dt>
        <dd>
          {userId === null ? texts.guest : <Link to={`/orders?userId=${userId}`}>{texts.otherOrders}</Link>}
        </dd>
        {email === undefined ? null : (
          <>
            <dt>{texts.filters.email}</dt>
            <dd>
              <Link to={`/orders?email=${encodeURIComponent(email)}`}>{email}</Link>
            </dd>
          </>
        )}
        {deliveryAddress ? (
          <>
            <dt>{texts.deliverTo}</dt>
            <dd>
              <AddressText address={deliveryAddress} />
            </dd>
          </>
        ) : null}
        {billingAddress ? (
          <>
            <dt>{texts.billTo}</dt>
            <dd>
              <AddressText address={billingAddress} />
            </dd>
          </>
        ) : null}
      </dl>
    </Panel>
  )
}

function AddressText({ address }: { readonly address: NonNullable<Order['deliveryAddress']> }) {
  const { name, line1, line2, postalCode, city, region, country, phone } = address
  const lines = [name, line1, line2, `${postalCode} ${city}`, region, countryName(country), phone]
  return (
    <address>
      {lines.flatMap((line) => (line === undefined || line === '' ? [] : [<span key={line}>{line}</span>]))}
    </address>
  )
}
