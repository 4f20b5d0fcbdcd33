import { useMutation, useQueryClient } from '@tanstack/react-query'
import { isProblem, type Cart, type CheckoutResponses } from 'tillstream-sdk'
import { api, cartHeaders, keepOrderToken } from '../../shared/api.ts'
import { money } from '../../shared/formats.ts'
import { navigate } from '../../shared/router.tsx'
import { useTexts } from '../texts/texts.ts'
import { cartKey } from './cart-state.ts'
import { draft, forgetDraft, keepPaying } from './draft.ts'
import { Button } from './fields.tsx'
import { Problem, Skeleton } from './notices.tsx'
import { PaymentFields, returnUrl, usePaymentChoice, type PaymentWay } from './payment-choice.tsx'
import { useRequestKey } from './request-key.ts'

/** The order is stored before this ends; then the page of the order shows how it goes on. */
const waitSeconds = 10

type PlaceOrderProps = { readonly cart: Cart; readonly isGuest: boolean }

export function PlaceOrder({ cart, isGuest }: PlaceOrderProps) {
  const texts = useTexts().checkout
  const { way, isOffline, fields, err } = usePaymentChoice(cart.totals.total, cart.currency)
  const place = usePlacing()
  const pay = (): void => {
    const contact = document.querySelector<HTMLFormElement>('#contact')
    if (contact?.reportValidity() === false || way === undefined) return
    place.mutate({ cart, way, email: isGuest ? (draft().email ?? '') : undefined })
  }
  const total = money(cart.totals.total, cart.currency)
  if (way === undefined) return err ? <Problem err={err} /> : <Skeleton lines={3} />
  return (
    <section className="panel stack">
      <h2>{texts.payment}</h2>
      <PaymentFields fields={fields} />
      {isProblem(place.error, 'checkout.total-changed') ? (
        <p className="notice warn" role="alert">
          {texts.changed}
        </p>
      ) : isProblem(place.error, 'cart.version-mismatch') ? (
        <p className="notice warn" role="alert">
          {texts.refresh}
        </p>
      ) : (
        <Problem err={place.error} />
      )}
      <Button className="button wide big" isBusy={place.isPending} onClick={pay}>
        {isOffline ? texts.order(total) : texts.pay(total)}
      </Button>
    </section>
  )
}

type Placing = { readonly cart: Cart; readonly way: PaymentWay; readonly email: string | undefined }

function usePlacing() {
  const queries = useQueryClient()
  const key = useRequestKey()
  return useMutation({
    async mutationFn({ cart, way, email }: Placing) {
      const body = {
        ...{ cartVersion: cart.version, expectedTotal: cart.totals.total, returnUrl: returnUrl(), ...way },
        ...(email === undefined ? {} : { email }),
      }
      const headers = { ...cartHeaders(), 'idempotency-key': key.current(), prefer: `wait=${waitSeconds}` }
      return (await api().checkout({ body, headers })).data
    },
    onSuccess(placed) {
      forgetDraft()
      goOn(placed)
    },
    onSettled: (_placed, err) => {
      key.settle(err ?? undefined)
      void queries.invalidateQueries({ queryKey: cartKey })
    },
  })
}

/** The way back from the bank leads to the order, and not to a checkout that is over. */
function goOn({ order, payment, orderToken }: CheckoutResponses[201]): void {
  if (orderToken !== undefined) keepOrderToken(order.id, orderToken)
  keepPaying(order.id)
  navigate(`/orders/${order.id}`, { replaces: true })
  if (payment?.action) location.assign(payment.action.url)
}
