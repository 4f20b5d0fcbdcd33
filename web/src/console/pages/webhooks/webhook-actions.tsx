import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ChangeWebhookData, Webhook } from 'tillstream-sdk'
import { number } from '../../../shared/formats.ts'
import { navigate } from '../../../shared/router.tsx'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { SecretDialog } from '../../parts/secret-dialog.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { WebhookFields, webhookOf } from './webhook-fields.tsx'

type WebhookActionsProps = { readonly webhook: Webhook }

export function WebhookActions({ webhook }: WebhookActionsProps) {
  const texts = useTexts().webhooks
  const { id, isPaused } = webhook
  const [secret, setSecret] = useState<string>()
  const change = useAct({
    run: async (body: ChangeWebhookData['body']) => (await api().changeWebhook({ path: { id }, body })).data,
    onDone: (changed) => setSecret(changed.secret),
  })
  const pause = isPaused ? texts.resume : texts.pause
  return (
    <>
      <ActButton
        label={texts.edit}
        title={texts.edit}
        effect={texts.editEffect}
        confirm={texts.edit}
        act={change}
        toInput={webhookOf}
      >
        <WebhookFields url={webhook.url} events={webhook.events} />
      </ActButton>
      <ActButton
        label={pause.button}
        title={pause.button}
        effect={pause.effect}
        confirm={pause.button}
        act={change}
        toInput={() => ({ isPaused: !isPaused })}
      />
      <ActButton
        label={texts.rotate.button}
        title={texts.rotate.button}
        effect={texts.rotate.effect}
        confirm={texts.rotate.button}
        isDanger
        act={change}
        toInput={() => ({ rotateSecret: true })}
      />
      <Replay webhook={webhook} />
      <RemoveWebhook webhook={webhook} />
      <SecretDialog title={texts.secret} secret={secret} onClose={() => setSecret(undefined)} />
    </>
  )
}

type Span = { readonly from: string; readonly to: string }

function Replay({ webhook: { id } }: WebhookActionsProps) {
  const texts = useTexts().webhooks.replay
  const replay = useAct({
    run: async (body: Span, key) =>
      (await api().replayWebhooks({ path: { id }, body, headers: { 'idempotency-key': key } })).data,
    done: ({ count }) => texts.done(number(count)),
  })
  const at = (text: string): string => new Date(text).toISOString()
  return (
    <ActButton
      label={texts.button}
      title={texts.button}
      effect={texts.effect}
      confirm={texts.button}
      act={replay}
      toInput={({ from, to }) =>
        from === undefined || to === undefined ? undefined : { from: at(from), to: at(to) }
      }
    >
      <div className="fields">
        <TextInput label={texts.from} name="from" type="datetime-local" required data-autofocus />
        <TextInput label={texts.to} name="to" type="datetime-local" required />
      </div>
    </ActButton>
  )
}

function RemoveWebhook({ webhook: { id, url } }: WebhookActionsProps) {
  const texts = useTexts()
  const remove = useAct({
    run: async (_: object) => api().deleteWebhook({ path: { id } }),
    done: texts.removed(url),
    onDone: () => navigate('/webhooks', { replaces: true }),
  })
  return (
    <ActButton
      label={texts.remove}
      title={texts.remove}
      effect={texts.webhooks.removeEffect}
      confirm={texts.remove}
      isDanger
      act={remove}
      toInput={() => ({})}
    />
  )
}
