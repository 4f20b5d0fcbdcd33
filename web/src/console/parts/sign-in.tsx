import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, type FormEvent } from 'react'
import { isProblem } from 'tillstream-sdk'
import { textsOf } from '../../shared/form-texts.ts'
import { api } from '../session.ts'
import { useTexts } from '../texts/texts.ts'
import { Note, Problem, ServiceNotice } from './notices.tsx'
import { Preferences } from './preferences.tsx'

/** For staff and admins. An account of a customer is told so, and logged out again. */
export function SignIn({ isCustomer = false }: { readonly isCustomer?: boolean }) {
  const texts = useTexts()
  const logOut = useMutation({ mutationFn: async () => api().logOut() })
  useEffect(() => {
    document.title = `${texts.signIn.title} · Tillstream`
  }, [texts])
  return (
    <main className="alone">
      <ServiceNotice />
      <section className="panel stack sign-in">
        <h1>
          <img src="/console/icon.svg" alt="" width="28" height="28" /> {texts.signIn.title}
        </h1>
        {isCustomer ? (
          <>
            <Note tone="warn">{texts.signIn.customer}</Note>
            <Problem err={logOut.error} />
            <Button loading={logOut.isPending} onClick={() => logOut.mutate()}>
              {texts.signIn.other}
            </Button>
          </>
        ) : (
          <SignInForm />
        )}
      </section>
      <Preferences />
    </main>
  )
}

function SignInForm() {
  const texts = useTexts().signIn
  const logIn = useMutation({
    mutationFn: async ({ login = '', password = '', code }: Readonly<Record<string, string>>) => {
      const who = login.includes('@') ? { email: login } : { username: login }
      const body = { ...who, password, ...(code === undefined ? {} : { code }) }
      return (await api().logIn({ body })).data
    },
  })
  const needsCode =
    isProblem(logIn.error, 'auth.second-factor-required') || isProblem(logIn.error, 'auth.bad-second-factor')
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (!logIn.isPending) logIn.mutate(textsOf(event.currentTarget))
  }
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput label={texts.login} name="login" autoComplete="username" required autoFocus />
      <PasswordInput
        label={texts.password}
        name="password"
        autoComplete="current-password"
        required
        visibilityToggleButtonProps={{ 'aria-label': texts.show }}
      />
      {needsCode ? (
        <TextInput
          label={texts.code}
          description={texts.codeHint}
          name="code"
          autoComplete="one-time-code"
          required
          autoFocus
        />
      ) : null}
      {isProblem(logIn.error, 'auth.second-factor-required') ? null : <Problem err={logIn.error} />}
      <Button type="submit" loading={logIn.isPending} fullWidth>
        {texts.submit}
      </Button>
    </form>
  )
}
