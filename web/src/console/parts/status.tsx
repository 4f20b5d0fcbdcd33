import { Badge } from '@mantine/core'
import type { Tone } from './notices.tsx'

const tones: Readonly<Record<string, Tone>> = {
  ...{ pending: 'warn', confirmed: 'warn', unpaid: 'warn', authorized: 'warn', partially_paid: 'warn' },
  ...{ overpaid: 'warn', processing: 'warn', action_required: 'warn', created: 'warn', unknown: 'bad' },
  ...{
    paid: 'good',
    completed: 'good',
    captured: 'good',
    delivered: 'good',
    succeeded: 'good',
    sent: 'good',
  },
  ...{
    shipped: 'info',
    partial: 'info',
    packed: 'info',
    approved: 'info',
    received: 'info',
    refunded: 'info',
  },
  ...{ partially_refunded: 'info', returned: 'info', open: 'warn', requested: 'warn', queued: 'warn' },
  ...{ failed: 'bad', rejected: 'bad', lost: 'bad', refused: 'bad', declined: 'bad', paused: 'bad' },
  ...{ review: 'bad', dispute: 'bad' },
  ...{ blocked: 'bad', settled_manually: 'good', submitted: 'warn', sending: 'warn', active: 'good' },
}

/** A state in a word. Its colour only repeats the word. */
export function Status({ of, label }: { readonly of: string; readonly label: string }) {
  return (
    <Badge className="tinted status" data-tone={tones[of] ?? 'quiet'} variant="default">
      {label}
    </Badge>
  )
}
