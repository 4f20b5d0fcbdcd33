import { Button, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { isProblem } from 'tillstream-sdk'
import { textsOf } from '../../../shared/form-texts.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { Note, Problem } from '../../parts/notices.tsx'
import { Panel } from '../../parts/page.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function SecondFactor() {
  const texts = useTexts().account
  const own = useQuery({
    queryKey: ['own account'],
    queryFn: async ({ signal }) => (await api().getOwnUser({ signal })).data,
  })
  const queries = useQueryClient()
  const begin = useAct({ run: async (_: object) => (await api().beginSecondFactor()).data })
  const confirm = useAct({
    run: async (code: string) => (await api().confirmSecondFactor({ body: { code } })).data.recoveryCodes,
  })
  const isRequired = queries
    .getQueryCache()
    .getAll()
    .some(({ state }) => isProblem(state.error, 'auth.second-factor-missing'))
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const { code } = textsOf(event.currentTarget)
    if (code !== undefined && !confirm.isPending) confirm.mutate(code)
  }
  return (
    <Panel title={texts.secondFactor}>
      {confirm.data ? (
        <RecoveryCodes codes={confirm.data} />
      ) : begin.data ? (
        <form className="stack" onSubmit={submit}>
          <p>{texts.secret}</p>
          <code className="secret">{begin.data.secret}</code>
          <a href={begin.data.uri}>{texts.openApp}</a>
          <TextInput label={texts.code} name="code" autoComplete="one-time-code" required />
          <Problem err={confirm.error} />
          <div className="actions">
            <Button type="submit" loading={confirm.isPending}>
              {texts.confirm}
            </Button>
          </div>
        </form>
      ) : own.data?.secondFactor ? (
        <>
          <Note tone="good">{texts.on}</Note>
          <div className="actions">
            <RemoveSecondFactor />
          </div>
        </>
      ) : (
        <>
          {isRequired ? <Note tone="warn">{texts.required}</Note> : <p>{texts.none}</p>}
          <Problem err={begin.error ?? own.error} />
          <div className="actions">
            <Button loading={begin.isPending} onClick={() => begin.mutate({})}>
              {texts.begin}
            </Button>
          </div>
        </>
      )}
    </Panel>
  )
}

function RecoveryCodes({ codes }: { readonly codes: readonly string[] }) {
  const texts = useTexts().account
  return (
    <div className="stack">
      <Note tone="good">{texts.on}</Note>
      <p>{texts.recovery}</p>
      <code className="secret">{codes.join(' ')}</code>
    </div>
  )
}

function RemoveSecondFactor() {
  const texts = useTexts().account
  const remove = useAct({ run: async (code: string) => api().removeSecondFactor({ body: { code } }) })
  return (
    <ActButton
      label={texts.remove}
      title={texts.remove}
      effect={texts.removeEffect}
      confirm={texts.remove}
      isDanger
      act={remove}
      toInput={({ code }) => code}
    >
      <TextInput label={texts.code} name="code" autoComplete="one-time-code" required data-autofocus />
    </ActButton>
  )
}
