import type { Order } from 'tillstream-sdk'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

export function CompleteOrder({ order: { id } }: { readonly order: Order }) {
  const texts = useTexts().orders.complete
  const complete = useAct({
    run: async (_: object) => api().changeOrderStatus({ path: { id }, body: { status: 'completed' } }),
    done: texts.done,
  })
  return (
    <ActButton
      label={texts.button}
      title={texts.button}
      effect={texts.effect}
      confirm={texts.confirm}
      act={complete}
      toInput={() => ({})}
    />
  )
}
