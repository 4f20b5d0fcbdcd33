import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Receipt } from 'tillstream-sdk'
import { money } from '../../../shared/formats.ts'
import { saveFile } from '../../../shared/save-file.ts'
import { Empty, Problem } from '../../parts/notices.tsx'
import { Panel } from '../../parts/page.tsx'
import { Time } from '../../parts/time.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'
import { receiptsQuery } from './queries.ts'

export function Receipts({ orderId }: { readonly orderId: string }) {
  const texts = useTexts().orders
  const { data = [] } = useQuery(receiptsQuery(orderId))
  const draw = useMutation({
    mutationFn: async ({ id, number }: Receipt) =>
      saveFile(`${number}.pdf`, (await api().drawReceipt({ path: { id }, parseAs: 'blob' })).data),
  })
  return (
    <Panel title={texts.receipts}>
      {data.length === 0 ? <Empty>{texts.noReceipts}</Empty> : null}
      <ul className="plain-list stack">
        {data.map((receipt) => (
          <li key={receipt.id} className="row between">
            <span>
              <b>{receipt.number}</b> <span className="quiet">{texts.receiptKinds[receipt.kind]}</span>
              <br />
              <small className="quiet">
                <Time at={receipt.issuedAt} /> · {money(receipt.total, receipt.currency)}
              </small>
            </span>
            <Button
              variant="default"
              size="xs"
              loading={draw.isPending && draw.variables.id === receipt.id}
              onClick={() => draw.mutate(receipt)}
            >
              PDF<span className="sr-only"> {receipt.number}</span>
            </Button>
          </li>
        ))}
      </ul>
      <Problem err={draw.error} />
    </Panel>
  )
}
