import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { User } from 'tillstream-sdk'
import { api } from '../../shared/api.ts'
import { textsOf } from '../../shared/form-texts.ts'
import { useTexts } from '../texts/texts.ts'
import { Button, Field } from './fields.tsx'
import { Done, Problem } from './notices.tsx'

/** Six digits of an app beside the password. Nothing changes before the app has shown that it works. */
export function SecondFactor({ user }: { readonly user: User }) {
  const texts = useTexts().account.secondFactor
  const queries = useQueryClient()
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[]>()
  const changed = (codes?: readonly string[]): void => {
    setRecoveryCodes(codes)
    void queries.invalidateQueries({ queryKey: ['me'] })
  }
  return (
    <details className="panel">
      <summary>
        <h2>{texts.title}</h2>
      </summary>
      <div className="stack">
        {recoveryCodes ? (
          <>
            <Done>{texts.on}</Done>
            <p>{texts.recovery}</p>
            <code className="secret">{recoveryCodes.join(' ')}</code>
          </>
        ) : user.secondFactor ? (
          <SwitchOff onDone={() => changed()} />
        ) : (
          <SetUp onDone={changed} />
        )}
      </div>
    </details>
  )
}

function SetUp({ onDone }: { readonly onDone: (recoveryCodes: readonly string[]) => void }) {
  const texts = useTexts().account.secondFactor
  const begin = useMutation({ mutationFn: async () => (await api().beginSecondFactor()).data })
  const confirm = useMutation({
    mutationFn: async (code: string) =>
      (await api().confirmSecondFactor({ body: { code } })).data.recoveryCodes,
    onSuccess: onDone,
  })
  if (begin.data)
    return (
      <>
        <p>{texts.enter}</p>
        <code className="secret">{begin.data.secret}</code>
        <a href={begin.data.uri}>{texts.open}</a>
        <CodeForm
          label={texts.confirm}
          isBusy={confirm.isPending}
          err={confirm.error}
          onCode={(code) => confirm.mutate(code)}
        />
      </>
    )
  return (
    <>
      <p>{texts.off}</p>
      <Problem err={begin.error} />
      <div>
        <Button className="button second" isBusy={begin.isPending} onClick={() => begin.mutate()}>
          {texts.begin}
        </Button>
      </div>
    </>
  )
}

function SwitchOff({ onDone }: { readonly onDone: () => void }) {
  const texts = useTexts().account.secondFactor
  const remove = useMutation({
    mutationFn: async (code: string) => api().removeSecondFactor({ body: { code } }),
    onSuccess: onDone,
  })
  return (
    <>
      <p>{texts.on}</p>
      <CodeForm
        label={texts.remove}
        isBusy={remove.isPending}
        err={remove.error}
        onCode={(code) => remove.mutate(code)}
      />
    </>
  )
}

type CodeFormProps = {
  readonly label: string
  readonly isBusy: boolean
  readonly err: Error | null
  readonly onCode: (code: string) => void
}

export function CodeForm({ label, isBusy, err, onCode }: CodeFormProps) {
  const texts = useTexts().account
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { code } = textsOf(event.currentTarget)
    if (code !== undefined && !isBusy) onCode(code)
  }
  return (
    <form className="stack" onSubmit={submit}>
      <Field label={texts.code} name="code" autoComplete="one-time-code" required />
      <Problem err={err} />
      <Button type="submit" className="button second" isBusy={isBusy}>
        {label}
      </Button>
    </form>
  )
}
