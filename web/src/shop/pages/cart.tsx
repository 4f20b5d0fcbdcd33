import { useQuery } from '@tanstack/react-query'
import type { Cart } from 'tillstream-sdk'
import { money } from '../../shared/formats.ts'
import { Link } from '../../shared/router.tsx'
import { cartQuery, useCartChange } from '../parts/cart-state.ts'
import { Button } from '../parts/fields.tsx'
import { LockedCart } from '../parts/locked-cart.tsx'
import { EmptyState, Fault, Problem, Skeleton } from '../parts/notices.tsx'
import { Picture } from '../parts/picture.tsx'
import { Promotions } from '../parts/promotions.tsx'
import { Totals } from '../parts/totals.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useTexts } from '../texts/texts.ts'

/** Prices and stock of the cart are those of the moment, so it is asked for again while somebody looks. */
const againAfterMs = 15_000

export function CartPage() {
  const texts = useTexts()
  const cart = useQuery({ ...cartQuery, refetchInterval: againAfterMs })
  useTitle(texts.cart.title)
  if (cart.isError) return <Fault err={cart.error} onAgain={() => void cart.refetch()} />
  if (!cart.data) return <Skeleton lines={6} />
  if (cart.data.status === 'locked') return <LockedCart cart={cart.data} />
  if (cart.data.items.length === 0)
    return (
      <EmptyState title={texts.cart.emptyTitle} text={texts.cart.empty} to="/" action={texts.missing.home} />
    )
  const isOrderable = cart.data.items.every(({ warnings = [] }) => !warnings.includes('gone'))
  return (
    <div className="with-summary">
      <section aria-labelledby="cart-title">
        <h1 id="cart-title">{texts.cart.title}</h1>
        <ul className="lines">
          {cart.data.items.map((line) => (
            <Line key={line.lineId} line={line} currency={cart.data.currency} />
          ))}
        </ul>
      </section>
      <aside className="summary stack" aria-label={texts.checkout.summary}>
        <Totals cart={cart.data} />
        <Promotions cart={cart.data} />
        {isOrderable ? (
          <Link to="/checkout" className="button wide">
            {texts.cart.checkout}
          </Link>
        ) : null}
      </aside>
    </div>
  )
}

function Line({ line, currency }: { readonly line: Cart['items'][number]; readonly currency: string }) {
  const texts = useTexts().cart
  const change = useCartChange((shop, quantity: number, headers) =>
    quantity === 0
      ? shop.removeCartItem({ path: { lineId: line.lineId }, headers })
      : shop.changeCartItem({ path: { lineId: line.lineId }, body: { quantity }, headers }),
  )
  // What was asked for is shown until the answer says what is so.
  const quantity = change.isPending ? change.variables : line.quantity
  return (
    <li className="line">
      <Picture
        name={line.name}
        image={line.image === undefined ? undefined : { url: line.image }}
        size="thumb"
      />
      <div className="line-text">
        <Link to={`/products/${line.productId}`}>{line.name}</Link>
        <small className="quiet">
          {money(line.unitPrice, currency)} {texts.each}
        </small>
        {line.warnings?.map((warning) => (
          <p key={warning} className="warning" role="status">
            {texts.warnings[warning]} {warning === 'short' ? texts.left(line.available) : ''}
          </p>
        ))}
        <Problem err={change.error} />
      </div>
      <Stepper
        name={line.name}
        quantity={quantity}
        isBusy={change.isPending}
        onChange={(wanted) => change.mutate(wanted)}
      />
      <b className="line-total">{money(line.lineTotal, currency)}</b>
      <Button
        className="button plain quiet"
        aria-label={texts.remove(line.name)}
        isBusy={change.isPending}
        onClick={() =>
          change.mutate(0, { onSuccess: () => document.querySelector<HTMLElement>('main')?.focus() })
        }
      >
        {texts.removeShort}
      </Button>
    </li>
  )
}

type StepperProps = {
  readonly name: string
  readonly quantity: number
  readonly isBusy: boolean
  readonly onChange: (quantity: number) => void
}

function Stepper({ name, quantity, isBusy, onChange }: StepperProps) {
  const texts = useTexts().cart
  return (
    <div className="stepper" role="group" aria-label={texts.quantityOf(name)}>
      <Button
        className="button plain"
        aria-label={texts.less(name)}
        disabled={quantity <= 1}
        isBusy={isBusy}
        onClick={() => onChange(quantity - 1)}
      >
        −
      </Button>
      <output aria-live="polite">{quantity}</output>
      <Button
        className="button plain"
        aria-label={texts.more(name)}
        isBusy={isBusy}
        onClick={() => onChange(quantity + 1)}
      >
        +
      </Button>
    </div>
  )
}
