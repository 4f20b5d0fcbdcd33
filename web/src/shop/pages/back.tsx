import { useEffect, useRef } from 'react'
import { ShopError } from 'tillstream-sdk'
import { api, cartToken, loginHeaders } from '../../shared/api.ts'
import { navigate, usePlace } from '../../shared/router.tsx'
import { isMarked } from '../parts/login-mark.ts'
import { useTexts } from '../texts/texts.ts'
import { nextOf } from './login.tsx'

/** Where a login elsewhere comes back to, with a code that is good once. */
export function BackPage() {
  const texts = useTexts().account
  const { query } = usePlace()
  const isTaken = useRef(false)
  useEffect(() => {
    if (isTaken.current) return // a code is good once, and effects may run twice
    isTaken.current = true
    void redeem(query)
  }, [query])
  return (
    <section className="empty" role="status">
      <h1>{texts.comingBack}</h1>
    </section>
  )
}

async function redeem(query: URLSearchParams): Promise<void> {
  const code = query.get('code')
  const next = nextOf(query)
  const fail = (error: string): void =>
    navigate(`/login?${new URLSearchParams({ error, to: next }).toString()}`, { replaces: true })
  if (!isMarked(query.get('mark')) || code === null) {
    fail(query.get('error') ?? 'auth.identity-invalid')
    return
  }
  try {
    await api().redeemLoginCode({ body: { code }, headers: loginHeaders() })
    cartToken.set(undefined)
    navigate(next, { replaces: true })
  } catch (err) {
    fail(err instanceof ShopError ? err.code : 'auth.provider-unavailable')
  }
}
