import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ListSuspenseResponses } from 'tillstream-sdk'
import { money } from '../../../shared/formats.ts'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { EntryTable } from '../../parts/entry-table.tsx'
import { Empty } from '../../parts/notices.tsx'
import { Panel } from '../../parts/page.tsx'
import { useStaff } from '../../parts/staff.ts'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

type Found = ListSuspenseResponses[200]['data'][number]

/** Money at providers that belongs to no payment of the shop. */
export function Suspense() {
  const texts = useTexts().money
  const { may } = useStaff()
  const { data = [] } = useQuery({
    queryKey: ['suspense'],
    queryFn: async ({ signal }) => (await api().listSuspense({ signal })).data.data,
    refetchInterval: 20_000,
  })
  return (
    <Panel title={texts.suspense}>
      {data.length === 0 ? (
        <Empty>{texts.noSuspense}</Empty>
      ) : (
        <EntryTable
          caption={texts.suspense}
          rows={data}
          keyOf={({ provider, ref }) => `${provider} ${ref}`}
          columns={[
            { name: 'ref', label: texts.ref, show: ({ ref }) => <code>{ref}</code> },
            { name: 'provider', label: texts.provider, show: ({ provider }) => provider },
            { name: 'found', label: texts.found, show: ({ foundAt }) => <Time at={foundAt} /> },
            {
              name: 'amount',
              label: texts.amount,
              isNumber: true,
              show: ({ amount, currency }) => money(amount, currency),
            },
            {
              name: 'actions',
              label: texts.decide,
              show: (found) => (may('payments:write') ? <Decide found={found} /> : null),
            },
          ]}
        />
      )}
    </Panel>
  )
}

function Decide({ found: { provider, ref } }: { readonly found: Found }) {
  const texts = useTexts().money
  const assign = useAct({
    run: async (orderId: string, key) =>
      api().assignSuspense({ body: { provider, ref, orderId }, headers: { 'idempotency-key': key } }),
    done: texts.assigned,
  })
  const giveBack = useAct({
    run: async (reference: string, key) =>
      api().resolveSuspense({ body: { provider, ref, reference }, headers: { 'idempotency-key': key } }),
    done: texts.recorded,
  })
  return (
    <div className="actions end">
      <ActButton
        label={texts.assign}
        about={ref}
        title={texts.assign}
        size="xs"
        effect={texts.assignEffect}
        confirm={texts.assign}
        act={assign}
        toInput={({ orderId }) => orderId}
      >
        <TextInput label={texts.orderId} name="orderId" required data-autofocus />
      </ActButton>
      <ActButton
        label={texts.gaveBack}
        about={ref}
        title={texts.gaveBack}
        size="xs"
        effect={texts.gaveBackEffect}
        confirm={texts.gaveBack}
        act={giveBack}
        toInput={({ reference }) => reference}
      >
        <TextInput label={texts.reference} name="reference" required maxLength={255} data-autofocus />
      </ActButton>
    </div>
  )
}
