import { Textarea, TextInput } from '@mantine/core'
import type { FormTexts } from '../../parts/act-button.tsx'
import { useTexts } from '../../texts/texts.ts'

type Given = { readonly url: string; readonly events: readonly string[] }

export function WebhookFields({ url, events }: Partial<Given>) {
  const texts = useTexts().webhooks
  return (
    <>
      <TextInput label={texts.url} name="url" type="url" required defaultValue={url} data-autofocus />
      <Textarea
        label={texts.events}
        description={texts.eventsHint}
        name="events"
        rows={3}
        required
        defaultValue={(events ?? ['order.*']).join('\n')}
      />
    </>
  )
}

export function webhookOf({ url, events = '' }: FormTexts): { url: string; events: string[] } | undefined {
  const names = events.split(/[\s,]+/).filter((name) => name !== '')
  return url === undefined || names.length === 0 ? undefined : { url, events: names }
}
