import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Cart } from 'tillstream-sdk'
import { api, cartHeaders, session } from '../../shared/api.ts'
import { money } from '../../shared/formats.ts'
import { useStore } from '../../shared/store.ts'
import { useTexts } from '../texts/texts.ts'
import { AddressForm, type Address } from './address-form.tsx'
import { AddressText } from './address-text.tsx'
import { useCartChange } from './cart-state.ts'
import { Button, Choice } from './fields.tsx'
import { Problem } from './notices.tsx'

type Wanted = { readonly address: Address; readonly saves: boolean }

/** Where the cart goes, and how. */
export function Delivery({ cart }: { readonly cart: Cart }) {
  const texts = useTexts().checkout
  const isLoggedIn = useStore(session) !== undefined
  const [isEditing, setEditing] = useState(false)
  const send = useCartChange(async (shop, { address, saves }: Wanted, headers) => {
    if (saves) await shop.saveAddress({ body: { address, defaultDelivery: true } })
    const shippingMethod = await usualMethod(address.country, cart)
    const body = { address, ...(shippingMethod === undefined ? {} : { shippingMethod }) }
    return shop.setCartDelivery({ body, headers })
  })
  const address = cart.delivery?.address
  const choose = (chosen: Address, saves = false): void =>
    send.mutate(
      { address: chosen, saves },
      {
        onSuccess() {
          setEditing(false)
          // The form is gone, and the keyboard goes on behind it.
          requestAnimationFrame(() => document.getElementById('shipping')?.focus())
        },
      },
    )
  return (
    <>
      <section className="panel stack">
        <div className="row between">
          <h2>{texts.address}</h2>
          {address && !isEditing ? (
            <Button className="button plain" onClick={() => setEditing(true)}>
              {texts.change}
            </Button>
          ) : null}
        </div>
        {address && !isEditing ? (
          <AddressText address={address} />
        ) : (
          <>
            {isLoggedIn ? <SavedAddresses onChoose={choose} isBusy={send.isPending} /> : null}
            <AddressForm
              address={address}
              isBusy={send.isPending}
              err={send.error}
              canSave={isLoggedIn}
              onDone={choose}
            />
          </>
        )}
      </section>
      {address && !isEditing ? <Shipping cart={cart} address={address} /> : null}
    </>
  )
}

/** The one that was chosen before, if it goes there, and else the first. */
async function usualMethod(country: string, cart: Cart): Promise<string | undefined> {
  const { data } = (await api().offerShippingMethods({ query: { country }, headers: cartHeaders() })).data
  return data.find(({ id }) => id === cart.delivery?.shippingMethod)?.id ?? data[0]?.id
}

type SavedProps = { readonly onChoose: (address: Address) => void; readonly isBusy: boolean }

function SavedAddresses({ onChoose, isBusy }: SavedProps) {
  const texts = useTexts().checkout
  const saved = useQuery({
    queryKey: ['addresses'],
    queryFn: async ({ signal }) => (await api().listOwnAddresses({ signal })).data.data,
  })
  if (!saved.data || saved.data.length === 0) return null
  return (
    <div className="stack">
      <h3>{texts.saved}</h3>
      {saved.data.map(({ id, address }) => (
        <Button key={id} className="choice" isBusy={isBusy} onClick={() => onChoose(address)}>
          <AddressText address={address} />
        </Button>
      ))}
      <h3>{texts.other}</h3>
    </div>
  )
}

function Shipping({ cart, address }: { readonly cart: Cart; readonly address: Address }) {
  const texts = useTexts().checkout
  const methods = useQuery({
    queryKey: ['shipping-methods', address.country, cart.totals.items],
    queryFn: async ({ signal }) =>
      (
        await api().offerShippingMethods({
          query: { country: address.country },
          headers: cartHeaders(),
          signal,
        })
      ).data.data,
  })
  const choose = useCartChange((shop, shippingMethod: string, headers) =>
    shop.setCartDelivery({ body: { address, shippingMethod }, headers }),
  )
  // What was pressed is shown at once, until the cart that answers it is there.
  const [pressed, setPressed] = useState<{ readonly id: string; readonly version: number }>()
  const isAnswered = choose.isError || pressed?.version !== cart.version
  const chosen = isAnswered ? cart.delivery?.shippingMethod : pressed.id
  return (
    <section className="panel stack">
      <h2 id="shipping" tabIndex={-1}>
        {texts.shipping}
      </h2>
      {methods.data?.length === 0 ? <p className="notice warn">{texts.noShipping}</p> : null}
      {methods.data?.map(({ id, name, price, estimate }) => (
        <Choice
          key={id}
          name="shippingMethod"
          value={id}
          isChosen={id === chosen}
          onChoose={() => {
            setPressed({ id, version: cart.version })
            choose.mutate(id)
          }}
        >
          <span className="row between">
            <span>
              {name} {estimate === undefined ? null : <small className="quiet">{estimate}</small>}
            </span>
            <b>{price === 0 ? texts.free : money(price, cart.currency)}</b>
          </span>
        </Choice>
      ))}
      <Problem err={choose.error ?? methods.error} />
    </section>
  )
}
