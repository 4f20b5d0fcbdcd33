import { TextInput } from '@mantine/core'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

type DeadLetterActionsProps = { readonly ids: readonly string[]; readonly onDone?: () => void }

/** One after the other. What was done before one fails stays done, and a repetition does nothing to it. */
export function DeadLetterActions({ ids, onDone }: DeadLetterActionsProps) {
  const texts = useTexts().deadLetters
  const requeue = useAct({
    async run(_: object, key) {
      for (const id of ids)
        await api().requeueDeadLetter({ path: { id }, headers: { 'idempotency-key': `${key}-${id}` } })
    },
    done: texts.requeued(ids.length),
    onDone: () => onDone?.(),
  })
  const discard = useAct({
    async run(reason: string, key) {
      for (const id of ids) {
        const headers = { 'idempotency-key': `${key}-${id}` }
        await api().discardDeadLetter({ path: { id }, body: { reason }, headers })
      }
    },
    done: texts.discarded(ids.length),
    onDone: () => onDone?.(),
  })
  return (
    <>
      <ActButton
        label={texts.requeue(ids.length)}
        title={texts.requeue(ids.length)}
        variant="filled"
        effect={texts.requeueEffect}
        confirm={texts.requeue(ids.length)}
        act={requeue}
        toInput={() => ({})}
      />
      <ActButton
        label={texts.discard(ids.length)}
        title={texts.discard(ids.length)}
        effect={texts.discardEffect}
        confirm={texts.discard(ids.length)}
        isDanger
        act={discard}
        toInput={({ reason }) => reason}
      >
        <TextInput label={texts.reason} name="reason" required maxLength={500} data-autofocus />
      </ActButton>
    </>
  )
}
