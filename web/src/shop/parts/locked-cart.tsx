import type { Cart } from 'tillstream-sdk'
import { Link } from '../../shared/router.tsx'
import { useTexts } from '../texts/texts.ts'
import { useCartChange } from './cart-state.ts'
import { Button } from './fields.tsx'
import { Problem } from './notices.tsx'

/** Who comes back from the bank by the back button finds the order that was begun. */
export function LockedCart({ cart }: { readonly cart: Cart }) {
  const texts = useTexts().cart
  const reopen = useCartChange((shop, _nothing: undefined, headers) => shop.reopenCart({ body: {}, headers }))
  return (
    <section className="empty">
      <h1>{texts.lockedTitle}</h1>
      <p>{texts.locked}</p>
      <Problem err={reopen.error} />
      <div className="row center">
        {cart.orderId === undefined ? null : (
          <Link className="button" to={`/orders/${cart.orderId}`}>
            {texts.toOrder}
          </Link>
        )}
        <Button className="button second" isBusy={reopen.isPending} onClick={() => reopen.mutate(undefined)}>
          {texts.reopen}
        </Button>
      </div>
    </section>
  )
}
