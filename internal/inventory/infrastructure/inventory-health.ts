import type { Health } from '../../platform/service.ts'

export function inventoryHealth(checkDatabase: () => Promise<unknown>): Health {
  return {
    checkReadiness: async () => {
      const detail = await checkDatabase().then(
        () => '',
        () => 'the database does not answer',
      )
      return { checks: [{ name: 'inventory database', ready: detail === '', detail }] }
    },
    readGauges: async () => ({ gauges: [] }),
  }
}
