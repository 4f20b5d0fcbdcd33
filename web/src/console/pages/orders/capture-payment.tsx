import { TextInput } from '@mantine/core'
import type { Payment } from 'tillstream-sdk'
import { money } from '../../../shared/formats.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function CapturePayment({
  payment: { id, amount, captured, currency },
}: {
  readonly payment: Payment
}) {
  const texts = useTexts().orders.capture
  const left = amount - captured
  const capture = useAct({
    run: async (body: { readonly amount: number }, key) =>
      api().capturePayment({ path: { id }, body, headers: { 'idempotency-key': key } }),
    done: texts.done,
  })
  return (
    <ActButton
      label={texts.button}
      title={texts.button}
      variant="filled"
      size="xs"
      effect={texts.effect(money(left, currency))}
      confirm={texts.confirm}
      act={capture}
      toInput={({ amount: given }) => (given === undefined ? undefined : { amount: Number(given) })}
    >
      <TextInput
        label={texts.amount(currency)}
        name="amount"
        type="number"
        step="any"
        min={0}
        max={left}
        defaultValue={left}
        required
        data-autofocus
      />
    </ActButton>
  )
}
