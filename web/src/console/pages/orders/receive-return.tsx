import { TextInput } from '@mantine/core'
import type { Return } from 'tillstream-sdk'
import { ActButton, type FormTexts } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

const conditions = ['resellable', 'damaged'] as const
type Received = {
  readonly lines: readonly {
    readonly lineId: string
    readonly quantity: number
    readonly condition: (typeof conditions)[number]
  }[]
}

type ReceiveReturnProps = { readonly of: Return; readonly names: ReadonlyMap<string, string> }

export function ReceiveReturn({ of: { id, lines }, names }: ReceiveReturnProps) {
  const texts = useTexts().orders.receive
  const receive = useAct({
    run: async ({ lines: received }: Received) =>
      api().changeReturn({ path: { id }, body: { status: 'received', lines: [...received] } }),
    done: texts.done,
  })
  return (
    <ActButton
      label={texts.button}
      title={texts.button}
      variant="filled"
      size="xs"
      effect={texts.effect}
      confirm={texts.confirm}
      act={receive}
      toInput={(given) => ({ lines: lines.flatMap(({ lineId }) => receivedOf(lineId, given)) })}
    >
      {lines.map(({ lineId, quantity }) => (
        <fieldset key={lineId} className="fields">
          <legend>
            {names.get(lineId)} <span className="quiet">/ {quantity}</span>
          </legend>
          {conditions.map((condition) => (
            <TextInput
              key={condition}
              label={texts[condition]}
              name={`${condition}.${lineId}`}
              type="number"
              min={0}
              max={quantity}
              defaultValue={condition === 'resellable' ? quantity : 0}
            />
          ))}
        </fieldset>
      ))}
    </ActButton>
  )
}

const receivedOf = (lineId: string, given: FormTexts): Received['lines'] =>
  conditions.flatMap((condition) => {
    const quantity = Number(given[`${condition}.${lineId}`] ?? 0)
    return quantity > 0 ? [{ lineId, quantity, condition }] : []
  })
