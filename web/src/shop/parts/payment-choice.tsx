import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../shared/api.ts'
import { useTexts } from '../texts/texts.ts'
import { Choice, Select } from './fields.tsx'

export type PaymentWay = { readonly paymentMethod: string; readonly paymentToken?: string }

/**
 * The sandbox takes the names of its test cards. In a real shop the provider's own form stands here and gives a token, so
 * that no number of a card ever reaches this page or the API.
 */
const cards = ['pm_card_visa', 'pm_card_chargeDeclined', 'pm_card_threeDSecure2Required'] as const

/** The chosen way, undefined until the methods are known, and the fields to choose another. */
export function usePaymentChoice(amount: number, currency: string) {
  const [chosen, setChosen] = useState('')
  const [card, setCard] = useState<string>(cards[0])
  const methods = useQuery({
    queryKey: ['payment-methods', amount, currency],
    queryFn: async ({ signal }) =>
      (await api().listPaymentMethods({ query: { amount, currency }, signal })).data.data,
    staleTime: 60_000,
  })
  const method = methods.data?.find(({ id }) => id === chosen) ?? methods.data?.[0]
  const way: PaymentWay | undefined = method && {
    paymentMethod: method.id,
    ...(method.kind === 'card' ? { paymentToken: card } : {}),
  }
  const fields = { methods: methods.data ?? [], method, setChosen, card, setCard }
  return { way, isOffline: method?.kind === 'offline', fields, err: methods.error }
}

export function PaymentFields({ fields }: Pick<ReturnType<typeof usePaymentChoice>, 'fields'>) {
  const texts = useTexts().checkout
  const { methods, method, setChosen, card, setCard } = fields
  return (
    <div className="stack">
      {methods.map(({ id, name }) => (
        <Choice
          key={id}
          name="paymentMethod"
          value={id}
          isChosen={id === method?.id}
          onChoose={() => setChosen(id)}
        >
          {name}
        </Choice>
      ))}
      {method?.kind === 'card' ? (
        <>
          <Select label={texts.card} value={card} onChange={({ target }) => setCard(target.value)}>
            {cards.map((name) => (
              <option key={name} value={name}>
                {texts.cards[name]}
              </option>
            ))}
          </Select>
          <small className="quiet">{texts.cardHint}</small>
        </>
      ) : null}
      {method?.kind === 'redirect' || method?.kind === 'wallet' ? (
        <small className="quiet">{texts.redirectHint}</small>
      ) : null}
      {method?.kind === 'offline' ? <small className="quiet">{texts.offlineHint}</small> : null}
    </div>
  )
}

/** Where the bank sends the customer back to. */
export const returnUrl = (): string => `${location.origin}/shop/paid`
