import { Checkbox, TextInput } from '@mantine/core'
import type { Shipment } from 'tillstream-sdk'
import { ActButton, type FormTexts } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

type Again = { readonly carrier: string; readonly trackingNumber?: string; readonly fromStock: boolean }

/** A parcel that was lost or came back. */
export function Resend({ shipment: { id, carrier, status } }: { readonly shipment: Shipment }) {
  const texts = useTexts().orders
  const resend = useAct({
    run: async (body: Again, key) =>
      api().resendShipment({ path: { id }, body, headers: { 'idempotency-key': key } }),
    done: texts.resend.done,
  })
  return (
    <ActButton
      label={texts.resend.button}
      about={carrier}
      title={texts.resend.button}
      size="xs"
      effect={texts.resend.effect}
      confirm={texts.resend.confirm}
      act={resend}
      toInput={againOf}
    >
      <TextInput name="carrier" label={texts.ship.carrier} defaultValue={carrier} required maxLength={100} />
      <TextInput name="trackingNumber" label={texts.ship.number} maxLength={100} />
      {status === 'returned' ? (
        <Checkbox name="fromStock" value="yes" label={texts.resend.fromStock} />
      ) : null}
    </ActButton>
  )
}

function againOf({ carrier = '', trackingNumber = '', fromStock }: FormTexts): Again {
  return { carrier, fromStock: fromStock === 'yes', ...(trackingNumber === '' ? {} : { trackingNumber }) }
}
