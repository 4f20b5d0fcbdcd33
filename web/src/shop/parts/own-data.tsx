import { useMutation } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { User } from 'tillstream-sdk'
import { api, session } from '../../shared/api.ts'
import { useTexts } from '../texts/texts.ts'
import { textsOf } from '../../shared/form-texts.ts'
import { Button, Field } from './fields.tsx'
import { Problem } from './notices.tsx'
import { saveFile } from '../../shared/save-file.ts'

export function OwnData({ user }: { readonly user: User }) {
  const texts = useTexts().account
  const download = useMutation({
    mutationFn: async () => {
      const { data } = await api().exportOwnData()
      saveFile('my-data.json', new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }))
    },
  })
  return (
    <section className="panel stack">
      <h2>{texts.data}</h2>
      <div className="row between">
        <span>{texts.exportText}</span>
        <Button className="button second" isBusy={download.isPending} onClick={() => download.mutate()}>
          {texts.export}
        </Button>
      </div>
      <Problem err={download.error} />
      <Erase user={user} />
    </section>
  )
}

function Erase({ user }: { readonly user: User }) {
  const texts = useTexts().account
  const [isAsked, setAsked] = useState(false)
  const erase = useMutation({
    mutationFn: async (body: { password?: string; code?: string }) => api().eraseOwnUser({ body }),
    onSuccess: () => session.set(undefined),
  })
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (!erase.isPending) erase.mutate(textsOf(event.currentTarget))
  }
  return (
    <>
      <div className="row between">
        <span>{texts.eraseText}</span>
        {isAsked ? null : (
          <Button className="button danger" onClick={() => setAsked(true)}>
            {texts.erase}
          </Button>
        )}
      </div>
      {isAsked ? (
        <form className="stack" onSubmit={submit}>
          <Field label={texts.password} name="password" type="password" autoComplete="current-password" />
          {user.secondFactor ? (
            <Field label={texts.code} name="code" autoComplete="one-time-code" required />
          ) : null}
          <Problem err={erase.error} />
          <Button type="submit" className="button danger" isBusy={erase.isPending}>
            {texts.eraseYes}
          </Button>
        </form>
      ) : null}
    </>
  )
}
