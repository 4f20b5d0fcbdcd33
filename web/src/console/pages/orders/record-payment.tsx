import { TextInput } from '@mantine/core'
import type { Order } from 'tillstream-sdk'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

/** Money that came at the bank. */
export function RecordPayment({ order: { id } }: { readonly order: Order }) {
  const texts = useTexts().orders.record
  const record = useAct({
    run: async (reference: string) =>
      api().changeOrderStatus({ path: { id }, body: { status: 'paid', reference } }),
    done: texts.done,
  })
  return (
    <ActButton
      label={texts.button}
      title={texts.button}
      effect={texts.effect}
      confirm={texts.confirm}
      act={record}
      toInput={({ reference }) => reference}
    >
      <TextInput label={texts.reference} name="reference" required maxLength={500} data-autofocus />
    </ActButton>
  )
}
