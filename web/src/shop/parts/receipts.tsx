import { useMutation, useQuery } from '@tanstack/react-query'
import type { Receipt } from 'tillstream-sdk'
import { api, orderHeaders } from '../../shared/api.ts'
import { day, money } from '../../shared/formats.ts'
import { useTexts } from '../texts/texts.ts'
import { Button } from './fields.tsx'
import { Problem } from './notices.tsx'
import { receiptsQuery } from './order-queries.ts'
import { saveFile } from '../../shared/save-file.ts'

export function Receipts({ orderId }: { readonly orderId: string }) {
  const texts = useTexts().order
  const { data = [] } = useQuery(receiptsQuery(orderId))
  const draw = useMutation({
    mutationFn: async ({ id, number }: Receipt) => {
      const { data: pdf } = await api().drawReceipt({
        path: { id },
        headers: orderHeaders(orderId),
        parseAs: 'blob',
      })
      saveFile(`${number}.pdf`, pdf)
    },
  })
  if (data.length === 0) return null
  return (
    <section className="panel stack">
      <h2>{texts.receipts}</h2>
      <ul className="plain-list stack">
        {data.map((receipt) => (
          <li key={receipt.id} className="row between">
            <span>
              {receipt.kind === 'receipt' ? texts.receipt(receipt.number) : texts.creditNote(receipt.number)}{' '}
              <small className="quiet">
                {day(receipt.issuedAt)} · {money(receipt.total, receipt.currency)}
              </small>
            </span>
            <Button className="button plain" isBusy={draw.isPending} onClick={() => draw.mutate(receipt)}>
              {texts.pdf}
              <span className="sr-only"> {receipt.number}</span>
            </Button>
          </li>
        ))}
      </ul>
      <Problem err={draw.error} />
    </section>
  )
}
