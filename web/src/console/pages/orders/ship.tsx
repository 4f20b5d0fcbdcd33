import { Checkbox, TextInput } from '@mantine/core'
import type { Order } from 'tillstream-sdk'
import { ActButton, type FormTexts } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { Note } from '../../parts/notices.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { Quantities, quantitiesOf, type Quantity } from './quantities.tsx'

type ShipProps = { readonly order: Order; readonly left: ReadonlyMap<string, number> }
type Parcel = {
  readonly lines: readonly Quantity[]
  readonly carrier: string
  readonly trackingNumber?: string
  readonly trackingUrl?: string
  readonly status: 'packed' | 'shipped'
}

export function Ship({ order, left }: ShipProps) {
  const texts = useTexts().orders.ship
  const ship = useAct({
    run: async ({ lines, ...parcel }: Parcel, key) =>
      (
        await api().createShipment({
          path: { id: order.id },
          body: { ...parcel, lines: [...lines] },
          headers: { 'idempotency-key': key },
        })
      ).data,
    done: texts.done,
  })
  const lines = order.items.flatMap(({ lineId, name }) => {
    const most = left.get(lineId) ?? 0
    return most > 0 ? [{ lineId, name, most }] : []
  })
  return (
    <ActButton
      label={texts.button}
      title={texts.button}
      variant="filled"
      effect={texts.effect}
      confirm={texts.confirm}
      act={ship}
      toInput={parcelOf}
    >
      {['unpaid', 'pending', 'failed'].includes(order.paymentStatus) ? (
        <Note tone="warn">{texts.unpaid}</Note>
      ) : null}
      <Quantities legend={texts.units} lines={lines} />
      <div className="fields">
        <TextInput label={texts.carrier} name="carrier" required maxLength={100} data-autofocus />
        <TextInput label={texts.number} name="trackingNumber" maxLength={100} />
        <TextInput className="wide" label={texts.url} name="trackingUrl" type="url" maxLength={2048} />
      </div>
      <Checkbox name="packed" label={texts.onlyPacked} />
    </ActButton>
  )
}

function parcelOf(given: FormTexts): Parcel | undefined {
  const lines = quantitiesOf(given)
  const { carrier, trackingNumber, trackingUrl, packed } = given
  if (lines.length === 0 || carrier === undefined) return undefined
  return {
    ...{ lines, carrier, status: packed === undefined ? 'shipped' : 'packed' },
    ...(trackingNumber === undefined ? {} : { trackingNumber }),
    ...(trackingUrl === undefined ? {} : { trackingUrl }),
  }
}
