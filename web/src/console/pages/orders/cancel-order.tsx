import { NativeSelect, TextInput } from '@mantine/core'
import type { Order } from 'tillstream-sdk'
import { ActButton, type FormTexts } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

type Cancelation = { readonly reason?: string; readonly refund: 'full' | 'none' }

export function CancelOrder({ order }: { readonly order: Order }) {
  const texts = useTexts().orders.cancel
  const cancel = useAct({
    run: async (body: Cancelation, key) =>
      api().cancelOrder({ path: { id: order.id }, body, headers: { 'idempotency-key': key } }),
    done: texts.done,
  })
  return (
    <ActButton
      label={texts.button}
      title={texts.button}
      effect={texts.effect}
      confirm={texts.confirm}
      isDanger
      act={cancel}
      toInput={cancelationOf}
    >
      <TextInput label={texts.reason} name="reason" maxLength={500} data-autofocus />
      <NativeSelect
        label={texts.money}
        name="refund"
        data={[
          { value: 'full', label: texts.full },
          { value: 'none', label: texts.none },
        ]}
      />
    </ActButton>
  )
}

const cancelationOf = ({ reason, refund }: FormTexts): Cancelation => ({
  refund: refund === 'none' ? 'none' : 'full',
  ...(reason === undefined ? {} : { reason }),
})
