import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, type FormEvent } from 'react'
import { isProblem } from 'tillstream-sdk'
import { api, cartToken, loginHeaders, session } from '../../shared/api.ts'
import { Link, navigate, usePlace } from '../../shared/router.tsx'
import { useStore } from '../../shared/store.ts'
import { textsOf } from '../../shared/form-texts.ts'
import { Button, Field } from '../parts/fields.tsx'
import { providersQuery } from '../parts/identity-providers.ts'
import { beginLogin } from '../parts/login-mark.ts'
import { Done, Problem } from '../parts/notices.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useTexts } from '../texts/texts.ts'

/** Only a page of this shop is gone on to. */
export const nextOf = (query: URLSearchParams): string => {
  const to = query.get('to') ?? ''
  return /^\/(?!\/)/.test(to) ? to : '/account'
}

export function LoginPage() {
  const texts = useTexts().account
  const { query } = usePlace()
  const next = nextOf(query)
  const isLoggedIn = useStore(session) !== undefined
  useTitle(texts.logIn)
  const logIn = useMutation({
    mutationFn: async ({ login = '', password = '', code }: Readonly<Record<string, string>>) => {
      const who = login.includes('@') ? { email: login } : { username: login }
      const body = { ...who, password, ...(code === undefined ? {} : { code }) }
      return (await api().logIn({ body, headers: loginHeaders() })).data
    },
    onSuccess: () => cartToken.set(undefined), // its cart is the customer's now
  })
  useEffect(() => {
    if (isLoggedIn) navigate(next, { replaces: true })
  }, [isLoggedIn, next])
  const needsCode =
    isProblem(logIn.error, 'auth.second-factor-required') || isProblem(logIn.error, 'auth.bad-second-factor')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (!logIn.isPending) logIn.mutate(textsOf(event.currentTarget))
  }
  const failedElsewhere = query.get('error')
  return (
    <section className="narrow-page panel stack">
      <h1>{texts.logIn}</h1>
      {query.has('reset') ? <Done>{texts.resetDone}</Done> : null}
      {failedElsewhere === null ? null : (
        <p className="notice bad" role="alert">
          {texts.elsewhere[failedElsewhere] ?? texts.elsewhereFailed}
        </p>
      )}
      <form className="stack" onSubmit={submit}>
        <Field label={texts.email} name="login" autoComplete="username" required maxLength={254} />
        <Field
          label={texts.password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        {needsCode ? (
          <Field label={texts.code} name="code" autoComplete="one-time-code" required autoFocus />
        ) : null}
        {isProblem(logIn.error, 'auth.second-factor-required') ? null : <Problem err={logIn.error} />}
        <Button type="submit" className="button wide" isBusy={logIn.isPending}>
          {texts.logIn}
        </Button>
      </form>
      <Link to="/forgot-password">{texts.forgot}</Link>
      <Elsewhere next={next} />
      <p>
        {texts.noAccount} <Link to={`/register?to=${encodeURIComponent(next)}`}>{texts.register}</Link>
      </p>
    </section>
  )
}

function Elsewhere({ next }: { readonly next: string }) {
  const texts = useTexts().account
  const { data: providers = [] } = useQuery(providersQuery)
  if (providers.length === 0) return null
  return (
    <div className="stack">
      <p className="or quiet">{texts.or}</p>
      {providers.map(({ id, name }) => (
        <Button key={id} className="button second wide" onClick={() => location.assign(beginLogin(id, next))}>
          {texts.with(name)}
        </Button>
      ))}
    </div>
  )
}
