import { useMutation, useQuery, type UseMutationResult } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import type { User } from 'tillstream-sdk'
import { api, session } from '../../shared/api.ts'
import { Link } from '../../shared/router.tsx'
import { Addresses } from '../parts/addresses.tsx'
import { textsOf } from '../../shared/form-texts.ts'
import { Button, Field } from '../parts/fields.tsx'
import { Done, Fault, Problem, Skeleton } from '../parts/notices.tsx'
import { Identities } from '../parts/identities.tsx'
import { OnlyLoggedIn } from '../parts/only-logged-in.tsx'
import { OwnData } from '../parts/own-data.tsx'
import { Preferences } from '../parts/preferences.tsx'
import { SecondFactor } from '../parts/second-factor.tsx'
import { Sessions } from '../parts/sessions.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useTexts } from '../texts/texts.ts'

export function AccountPage() {
  return (
    <OnlyLoggedIn>
      <Account />
    </OnlyLoggedIn>
  )
}

function Account() {
  const texts = useTexts()
  const me = useQuery({
    queryKey: ['me'],
    queryFn: async ({ signal }) => (await api().getOwnUser({ signal })).data,
  })
  useTitle(texts.account.title)
  const logOut = useMutation({
    mutationFn: async () => api().logOut(),
    onSettled: () => session.set(undefined), // here it is over, whoever answers
  })
  if (me.isError) return <Fault err={me.error} onAgain={() => void me.refetch()} />
  if (!me.data) return <Skeleton lines={8} />
  return (
    <div className="narrow-page stack wide-gaps">
      <div className="row between">
        <h1>{texts.account.hello(me.data.name || me.data.username)}</h1>
        <Button className="button second" isBusy={logOut.isPending} onClick={() => logOut.mutate()}>
          {texts.account.logOut}
        </Button>
      </div>
      <Panel>
        <p>{me.data.email}</p>
        {me.data.emailVerified ? null : <Unverified />}
        <Link className="button" to="/orders">
          {texts.nav.orders}
        </Link>
      </Panel>
      <Addresses />
      <Password user={me.data} />
      <SecondFactor user={me.data} />
      <Identities />
      <Sessions />
      <Preferences />
      <OwnData user={me.data} />
    </div>
  )
}

function Panel({ children }: { readonly children: ReactNode }) {
  return <section className="panel stack">{children}</section>
}

function Unverified() {
  const texts = useTexts().account
  const send = useMutation({ mutationFn: async () => api().requestEmailVerification() })
  return (
    <div className="notice warn row between">
      <span>{texts.unverified}</span>
      {send.isSuccess ? (
        <span role="status">{texts.sent}</span>
      ) : (
        <Button className="button plain" isBusy={send.isPending} onClick={() => send.mutate()}>
          {texts.sendAgain}
        </Button>
      )}
      <Problem err={send.error} />
    </div>
  )
}

type Passwords = { readonly currentPassword: string; readonly newPassword: string }

function Password({ user }: { readonly user: User }) {
  const texts = useTexts().account
  const change: UseMutationResult<unknown, Error, Passwords> = useMutation({
    mutationFn: async (body: Passwords) => api().changePassword({ body }),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const { currentPassword = '', newPassword = '' } = textsOf(form)
    if (!change.isPending) change.mutate({ currentPassword, newPassword }, { onSuccess: () => form.reset() })
  }
  return (
    <details className="panel">
      <summary>
        <h2>{texts.changePassword}</h2>
      </summary>
      <form className="stack" onSubmit={submit}>
        {/* By this a password manager knows whose password it is. */}
        <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
        <Field
          label={texts.currentPassword}
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          required
        />
        <Field
          label={texts.newPassword}
          hint={texts.passwordHint}
          name="newPassword"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
        />
        <Problem err={change.error} />
        {change.isSuccess ? <Done>{texts.changed}</Done> : null}
        <Button type="submit" className="button second" isBusy={change.isPending}>
          {texts.changePassword}
        </Button>
      </form>
    </details>
  )
}
