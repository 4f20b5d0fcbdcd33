import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { isProblem, ShopError } from 'tillstream-sdk'
import { api, cartToken, loginHeaders } from '../../shared/api.ts'
import { navigate, usePlace } from '../../shared/router.tsx'
import { isMarked } from '../parts/login-mark.ts'
import { CodeForm } from '../parts/second-factor.tsx'
import { useTexts } from '../texts/texts.ts'
import { nextOf } from './login.tsx'

/** Where a login elsewhere comes back to, with a code that is good once and for a minute. */
export function BackPage() {
  const texts = useTexts().account
  const { query } = usePlace()
  const isTaken = useRef(false)
  const redeem = useMutation({
    async mutationFn(secondFactorCode?: string) {
      const body = {
        code: query.get('code') ?? '',
        ...(secondFactorCode === undefined ? {} : { secondFactorCode }),
      }
      await api().redeemLoginCode({ body, headers: loginHeaders() })
    },
    onSuccess() {
      cartToken.set(undefined)
      navigate(nextOf(query), { replaces: true })
    },
    onError(err) {
      if (!asksForCode(err)) fail(query, err instanceof ShopError ? err.code : 'auth.provider-unavailable')
    },
  })
  const { mutate } = redeem
  useEffect(() => {
    if (isTaken.current) return // a code is good once, and effects may run twice
    isTaken.current = true
    if (isMarked(query.get('mark')) && query.has('code')) mutate(undefined)
    else fail(query, query.get('error') ?? 'auth.identity-invalid')
  }, [query, mutate])
  if (redeem.variables === undefined && !asksForCode(redeem.error))
    return (
      <section className="empty" role="status">
        <h1>{texts.comingBack}</h1>
      </section>
    )
  return (
    <section className="narrow-page panel stack">
      <h1>{texts.logIn}</h1>
      <p>{texts.secondFactor.needed}</p>
      <CodeForm
        label={texts.logIn}
        isBusy={redeem.isPending}
        err={isProblem(redeem.error, 'auth.bad-second-factor') ? redeem.error : null}
        onCode={mutate}
      />
    </section>
  )
}

/** Then the code of the login is still good. */
const asksForCode = (err: unknown): boolean =>
  isProblem(err, 'auth.second-factor-required') || isProblem(err, 'auth.bad-second-factor')

const fail = (query: URLSearchParams, error: string): void =>
  navigate(`/login?${new URLSearchParams({ error, to: nextOf(query) }).toString()}`, { replaces: true })
