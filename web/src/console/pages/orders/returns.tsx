import { useQuery } from '@tanstack/react-query'
import type { Order, Return } from 'tillstream-sdk'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { Empty } from '../../parts/notices.tsx'
import { Panel } from '../../parts/page.tsx'
import { ShortId } from '../../parts/short-id.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Status } from '../../parts/status.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { returnable, returnsQuery } from './queries.ts'
import { ReceiveReturn } from './receive-return.tsx'
import { RequestReturn } from './request-return.tsx'

type Next = 'approved' | 'declined' | 'canceled' | 'refunded' | 'refused' | 'closed'

const nextOf: Readonly<Partial<Record<Return['status'], readonly Next[]>>> = {
  requested: ['approved', 'declined'],
  received: ['refunded', 'refused'],
  refunded: ['closed'],
  refused: ['closed'],
}

/** A withdrawal in time cannot be declined. */
const nextOfReturn = ({ status, withdrawal = false }: Return): readonly Next[] =>
  (nextOf[status] ?? []).filter((next) => !withdrawal || (next !== 'declined' && next !== 'refused'))

export function Returns({ order }: { readonly order: Order }) {
  const texts = useTexts().orders
  const { may } = useStaff()
  const { data = [] } = useQuery(returnsQuery(order.id))
  const isPossible = order.items.some((line) => returnable(line) > 0)
  if (data.length === 0 && !isPossible) return null
  const names = new Map(order.items.map(({ lineId, name }) => [lineId, name]))
  return (
    <Panel
      title={texts.returns}
      actions={isPossible && may('orders:write') ? <RequestReturn order={order} /> : undefined}
    >
      {data.length === 0 ? <Empty>{texts.noReturns}</Empty> : null}
      <ul className="plain-list stack">
        {data.map((shown) => (
          <ShownReturn key={shown.id} of={shown} names={names} />
        ))}
      </ul>
    </Panel>
  )
}

type ShownReturnProps = { readonly of: Return; readonly names: ReadonlyMap<string, string> }

function ShownReturn({ of, names }: ShownReturnProps) {
  const texts = useTexts().orders
  const { may } = useStaff()
  return (
    <li className="stack tight">
      <div className="row between">
        <span>
          {of.lines.map(({ lineId, quantity, reason }) => (
            <span key={lineId}>
              {quantity} × {names.get(lineId)}
              {reason === undefined ? null : <span className="quiet"> “{reason}”</span>}{' '}
            </span>
          ))}
          {of.withdrawal === true ? <b>{texts.withdrawal} </b> : null}
          <ShortId id={of.id} />
        </span>
        <Status of={of.status} label={texts.returnStates[of.status]} />
      </div>
      {may('orders:write') ? (
        <div className="actions">
          {of.status === 'approved' ? <ReceiveReturn of={of} names={names} /> : null}
          {nextOfReturn(of).map((next) => (
            <Move key={next} id={of.id} next={next} />
          ))}
        </div>
      ) : null}
    </li>
  )
}

function Move({ id, next }: { readonly id: string; readonly next: Next }) {
  const texts = useTexts().orders
  const move = useAct({
    run: async (status: Next) => api().changeReturn({ path: { id }, body: { status } }),
    done: texts.moved,
  })
  const { button, effect } = texts.returnMoves[next]
  return (
    <ActButton
      label={button}
      title={button}
      size="xs"
      effect={effect}
      confirm={button}
      isDanger={next === 'declined' || next === 'refused'}
      act={move}
      toInput={() => next}
    />
  )
}
