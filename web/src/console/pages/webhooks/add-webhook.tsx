import { useState } from 'react'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { SecretDialog } from '../../parts/secret-dialog.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { WebhookFields, webhookOf } from './webhook-fields.tsx'

export function AddWebhook() {
  const texts = useTexts().webhooks
  const [secret, setSecret] = useState<string>()
  const add = useAct({
    run: async (body: { url: string; events: string[] }, key) =>
      (await api().createWebhook({ body, headers: { 'idempotency-key': key } })).data,
    onDone: (made) => setSecret(made.secret ?? texts.shownBefore),
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
        toInput={webhookOf}
      >
        <WebhookFields />
      </ActButton>
      <SecretDialog title={texts.secret} secret={secret} onClose={() => setSecret(undefined)} />
    </>
  )
}
