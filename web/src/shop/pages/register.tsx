import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { api, cartToken, loginHeaders } from '../../shared/api.ts'
import { Link, navigate, usePlace } from '../../shared/router.tsx'
import { textsOf } from '../../shared/form-texts.ts'
import { Button, Field } from '../parts/fields.tsx'
import { Problem } from '../parts/notices.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useTexts } from '../texts/texts.ts'
import { nextOf } from './login.tsx'

type Registration = {
  readonly username: string
  readonly email: string
  readonly password: string
  readonly name?: string
}

export function RegisterPage() {
  const texts = useTexts().account
  const { query } = usePlace()
  const next = nextOf(query)
  useTitle(texts.register)
  const register = useMutation({
    mutationFn: async (body: Registration) => {
      await api().registerUser({ body })
      const { email, password } = body
      await api().logIn({ body: { email, password }, headers: loginHeaders() })
    },
    onSuccess: () => {
      cartToken.set(undefined)
      navigate(next, { replaces: true })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const given = textsOf(event.currentTarget) as Registration // the form requires what there has to be
    if (!register.isPending) register.mutate(given)
  }
  return (
    <section className="narrow-page panel stack">
      <h1>{texts.register}</h1>
      <form className="stack" onSubmit={submit}>
        <Field label={texts.email} name="email" type="email" autoComplete="email" required maxLength={254} />
        <Field
          label={texts.username}
          name="username"
          autoComplete="username"
          required
          minLength={3}
          maxLength={32}
        />
        <Field label={texts.name} name="name" autoComplete="name" maxLength={200} />
        <Field
          label={texts.password}
          hint={texts.passwordHint}
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
        />
        <Problem err={register.error} />
        <Button type="submit" className="button wide" isBusy={register.isPending}>
          {texts.register}
        </Button>
      </form>
      <p>
        {texts.hasAccount} <Link to={`/login?to=${encodeURIComponent(next)}`}>{texts.logIn}</Link>
      </p>
    </section>
  )
}
