import t from 'tap'
import { deliveriesContract } from '../testing/deliveries-contract.ts'
import { openStore } from '../testing/open-store.ts'
import { postgresDeliveries } from './postgres-deliveries.ts'

type Row = { readonly subject: string; readonly aggregate_id: string; readonly aggregate_version: number }

deliveriesContract(t, async (t) => {
  const { sql } = await openStore(t)
  return {
    deliveries: postgresDeliveries(sql, () => undefined),
    async told() {
      const rows = await sql.$queryRawUnsafe<readonly Row[]>(
        'select subject, aggregate_id, aggregate_version from producer.outbox order by seq',
      )
      return rows.map(({ subject, aggregate_id, aggregate_version }) => {
        return { type: subject.replace('notification.', ''), id: aggregate_id, version: aggregate_version }
      })
    },
  }
})
