import { TextInput } from '@mantine/core'
import type { Order } from 'tillstream-sdk'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { Quantities, quantitiesOf, type Quantity } from './quantities.tsx'
import { returnable } from './queries.ts'

type Asked = { readonly lines: readonly (Quantity & { readonly reason?: string })[] }

/** For a customer who has asked elsewhere. */
export function RequestReturn({ order }: { readonly order: Order }) {
  const texts = useTexts().orders.requestReturn
  const ask = useAct({
    run: async ({ lines }: Asked, key) =>
      api().requestReturn({
        path: { id: order.id },
        body: { lines: [...lines] },
        headers: { 'idempotency-key': key },
      }),
    done: texts.done,
  })
  const lines = order.items.flatMap((line) => {
    const most = returnable(line)
    return most > 0 ? [{ lineId: line.lineId, name: line.name, most }] : []
  })
  return (
    <ActButton
      label={texts.button}
      title={texts.button}
      size="xs"
      effect={texts.effect}
      confirm={texts.confirm}
      act={ask}
      toInput={(given) => {
        const { reason } = given
        const wanted = quantitiesOf(given)
        if (wanted.length === 0) return undefined
        return { lines: wanted.map((line) => ({ ...line, ...(reason === undefined ? {} : { reason }) })) }
      }}
    >
      <Quantities legend={texts.units} lines={lines} first="none" />
      <TextInput label={texts.reason} name="reason" maxLength={500} />
    </ActButton>
  )
}
