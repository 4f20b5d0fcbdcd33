import type { Payment } from 'tillstream-sdk'
import { money } from '../../../shared/formats.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function VoidPayment({ payment: { id, amount, currency } }: { readonly payment: Payment }) {
  const texts = useTexts().orders.void
  const give = useAct({
    run: async (_: object, key) =>
      api().voidPayment({ path: { id }, body: {}, headers: { 'idempotency-key': key } }),
    done: texts.done,
  })
  return (
    <ActButton
      label={texts.button}
      title={texts.button}
      size="xs"
      effect={texts.effect(money(amount, currency))}
      confirm={texts.confirm}
      isDanger
      act={give}
      toInput={() => ({})}
    />
  )
}
