import type { FormEvent } from 'react'
import type { Cart } from 'tillstream-sdk'
import { useTexts } from '../texts/texts.ts'
import { useCartChange } from './cart-state.ts'
import { textsOf } from '../../shared/form-texts.ts'
import { Button, Field } from './fields.tsx'
import { Problem } from './notices.tsx'

/** Codes, and what applies by itself. */
export function Promotions({ cart }: { readonly cart: Cart }) {
  const texts = useTexts().cart
  const add = useCartChange((shop, code: string, headers) =>
    shop.addCartPromotion({ body: { code }, headers }),
  )
  const remove = useCartChange((shop, code: string, headers) =>
    shop.removeCartPromotion({ path: { code }, headers }),
  )
  const redeem = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const { code } = textsOf(form)
    if (code !== undefined && !add.isPending) add.mutate(code, { onSuccess: () => form.reset() })
  }
  return (
    <div className="stack">
      {cart.promotions.length === 0 ? null : (
        <ul className="plain-list">
          {cart.promotions.map(({ code, description, notApplicable }) => (
            <li key={code ?? description} className="row between">
              <span>
                {description}
                {notApplicable === undefined ? null : (
                  <small className="warning"> {texts.notApplicable}</small>
                )}
              </span>
              {code === undefined ? null : (
                <Button
                  className="button plain quiet"
                  aria-label={texts.removeCode(code)}
                  isBusy={remove.isPending}
                  onClick={() => remove.mutate(code)}
                >
                  {code} ×
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <form className="row bottom" onSubmit={redeem}>
        <Field label={texts.code} name="code" autoComplete="off" maxLength={64} className="grow" />
        <Button type="submit" className="button second" isBusy={add.isPending}>
          {texts.redeem}
        </Button>
      </form>
      <Problem err={add.error ?? remove.error} />
    </div>
  )
}
