import { useQuery } from '@tanstack/react-query'
import type { Cart } from 'tillstream-sdk'
import { session } from '../../shared/api.ts'
import { Link } from '../../shared/router.tsx'
import { useStore } from '../../shared/store.ts'
import { cartQuery } from '../parts/cart-state.ts'
import { Delivery } from '../parts/delivery.tsx'
import { draft, keepDraft } from '../parts/draft.ts'
import { Field } from '../parts/fields.tsx'
import { LockedCart } from '../parts/locked-cart.tsx'
import { EmptyState, Fault, Skeleton } from '../parts/notices.tsx'
import { PlaceOrder } from '../parts/place-order.tsx'
import { Promotions } from '../parts/promotions.tsx'
import { Totals } from '../parts/totals.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useTexts } from '../texts/texts.ts'

export function CheckoutPage() {
  const texts = useTexts()
  const cart = useQuery(cartQuery)
  useTitle(texts.checkout.title)
  if (cart.isError) return <Fault err={cart.error} onAgain={() => void cart.refetch()} />
  if (!cart.data) return <Skeleton lines={8} />
  if (cart.data.status === 'locked') return <LockedCart cart={cart.data} />
  if (cart.data.items.length === 0)
    return (
      <EmptyState title={texts.cart.emptyTitle} text={texts.cart.empty} to="/" action={texts.missing.home} />
    )
  return <Checkout cart={cart.data} />
}

function Checkout({ cart }: { readonly cart: Cart }) {
  const texts = useTexts()
  const isGuest = useStore(session) === undefined
  return (
    <div className="with-summary">
      <div className="stack wide-gaps">
        <h1>{texts.checkout.title}</h1>
        {isGuest ? <Contact /> : null}
        <Delivery cart={cart} />
        {cart.delivery?.shippingMethod === undefined ? null : <PlaceOrder cart={cart} isGuest={isGuest} />}
      </div>
      <aside className="summary stack" aria-label={texts.checkout.summary}>
        <h2>{texts.checkout.summary}</h2>
        <ul className="plain-list">
          {cart.items.map(({ lineId, name, quantity }) => (
            <li key={lineId}>
              {quantity} × {name}
            </li>
          ))}
        </ul>
        <Totals cart={cart} />
        <Promotions cart={cart} />
      </aside>
    </div>
  )
}

function Contact() {
  const { checkout: texts, account } = useTexts()
  return (
    <section className="panel stack">
      <div className="row between">
        <h2>{texts.contact}</h2>
        <span>
          {texts.haveAccount} <Link to="/login?to=/checkout">{account.logIn}</Link>
        </span>
      </div>
      <form id="contact" onSubmit={(event) => event.preventDefault()}>
        <Field
          label={texts.email}
          hint={texts.emailHint}
          name="email"
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          defaultValue={draft().email}
          onChange={({ target }) => keepDraft({ email: target.value })}
        />
      </form>
    </section>
  )
}
