import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CreateApiKeyData } from 'tillstream-sdk'
import { ActButton, type FormTexts } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { EntryTable } from '../../parts/entry-table.tsx'
import { Empty, Fault, Loading } from '../../parts/notices.tsx'
import { Page } from '../../parts/page.tsx'
import { SecretDialog } from '../../parts/secret-dialog.tsx'
import { Ago, Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { PermissionBoxes } from './permission-boxes.tsx'
import { chosenIn } from './permissions.ts'

type NewKey = CreateApiKeyData['body']

export function KeysPage() {
  const { keys: texts, places } = useTexts()
  const { data, isError, error, refetch } = useQuery({
    queryKey: ['keys'],
    queryFn: async ({ signal }) => (await api().listApiKeys({ signal })).data.data,
  })
  return (
    <Page title={places.keys} lead={texts.lead} actions={<AddKey />}>
      {!data ? isError ? <Fault err={error} onAgain={() => void refetch()} /> : <Loading /> : null}
      {data?.length === 0 ? <Empty>{texts.none}</Empty> : null}
      {data && data.length > 0 ? (
        <EntryTable
          caption={places.keys}
          rows={data}
          keyOf={({ id }) => id}
          columns={[
            { name: 'name', label: texts.name, show: ({ name }) => name },
            { name: 'scopes', label: texts.scopes, show: ({ scopes }) => scopes.join(', ') },
            {
              name: 'used',
              label: texts.used,
              show: ({ lastUsedAt }) => (lastUsedAt === undefined ? texts.never : <Ago at={lastUsedAt} />),
            },
            {
              name: 'ends',
              label: texts.ends,
              show: ({ expiresAt }) => (expiresAt === undefined ? texts.never : <Time at={expiresAt} />),
            },
            {
              name: 'actions',
              label: texts.actions,
              show: ({ id, name }) => <RemoveKey id={id} name={name} />,
            },
          ]}
        />
      ) : null}
    </Page>
  )
}

function AddKey() {
  const texts = useTexts().keys
  const [key, setKey] = useState<string>()
  const add = useAct({
    run: async (body: NewKey, idempotencyKey) =>
      (await api().createApiKey({ body, headers: { 'idempotency-key': idempotencyKey } })).data,
    onDone: (made) => setKey(made.key ?? texts.shownBefore),
  })
  return (
    <>
      <ActButton
        label={texts.add}
        title={texts.add}
        variant="filled"
        effect={texts.addEffect}
        confirm={texts.add}
        act={add}
        toInput={newKeyOf}
      >
        <div className="fields">
          <TextInput label={texts.name} name="name" required maxLength={200} data-autofocus />
          <TextInput label={texts.ends} name="expiresAt" type="datetime-local" />
        </div>
        <PermissionBoxes legend={texts.scopes} chosen={[]} />
      </ActButton>
      <SecretDialog title={texts.made} secret={key} onClose={() => setKey(undefined)} />
    </>
  )
}

function newKeyOf(given: FormTexts): NewKey | undefined {
  const { name, expiresAt } = given
  const scopes = chosenIn(given)
  if (name === undefined || scopes.length === 0) return undefined
  return {
    ...{ name, scopes },
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
  }
}

function RemoveKey({ id, name }: { readonly id: string; readonly name: string }) {
  const texts = useTexts()
  const remove = useAct({
    run: async (_: object) => api().deleteApiKey({ path: { id } }),
    done: texts.removed(name),
  })
  return (
    <ActButton
      label={texts.remove}
      about={name}
      title={`${texts.remove}: ${name}`}
      size="xs"
      effect={texts.keys.removeEffect}
      confirm={texts.remove}
      isDanger
      act={remove}
      toInput={() => ({})}
    />
  )
}
