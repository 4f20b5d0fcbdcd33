import { useMutation } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { api, session } from '../../shared/api.ts'
import { Link, navigate, usePlace } from '../../shared/router.tsx'
import { textsOf } from '../../shared/form-texts.ts'
import { Button, Field } from '../parts/fields.tsx'
import { Done, Problem } from '../parts/notices.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useTexts } from '../texts/texts.ts'

export function ForgotPage() {
  const texts = useTexts().account
  useTitle(texts.resetTitle)
  const send = useMutation({
    mutationFn: async (email: string) => api().requestPasswordReset({ body: { email } }),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { email } = textsOf(event.currentTarget)
    if (email !== undefined && !send.isPending) send.mutate(email)
  }
  return (
    <section className="narrow-page panel stack">
      <h1>{texts.resetTitle}</h1>
      {send.isSuccess ? (
        <Done>{texts.resetSent}</Done>
      ) : (
        <form className="stack" onSubmit={submit}>
          <p>{texts.resetText}</p>
          <Field label={texts.email} name="email" type="email" autoComplete="email" required />
          <Problem err={send.error} />
          <Button type="submit" className="button wide" isBusy={send.isPending}>
            {texts.resetSend}
          </Button>
        </form>
      )}
      <Link to="/login">{texts.logIn}</Link>
    </section>
  )
}

/** Behind the link of the mail. The token leaves the address bar at once, so that it is in no history and no picture. */
export function ResetPage() {
  const texts = useTexts().account
  const { query } = usePlace()
  const [token] = useState(query.get('token') ?? '')
  useEffect(() => {
    if (query.has('token')) navigate('/reset-password', { replaces: true, keepsScroll: true })
  }, [query])
  useTitle(texts.resetTitle)
  const set = useMutation({
    mutationFn: async (newPassword: string) => api().confirmPasswordReset({ body: { token, newPassword } }),
    onSuccess: () => {
      session.set(undefined) // all sessions have ended
      navigate('/login?reset=1', { replaces: true })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { password } = textsOf(event.currentTarget)
    if (password !== undefined && !set.isPending) set.mutate(password)
  }
  return (
    <section className="narrow-page panel stack">
      <h1>{texts.resetTitle}</h1>
      <form className="stack" onSubmit={submit}>
        <Field
          label={texts.newPassword}
          hint={texts.passwordHint}
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
        />
        <Problem err={set.error} />
        <Button type="submit" className="button wide" isBusy={set.isPending}>
          {texts.setPassword}
        </Button>
      </form>
      <Link to="/forgot-password">{texts.forgot}</Link>
    </section>
  )
}
