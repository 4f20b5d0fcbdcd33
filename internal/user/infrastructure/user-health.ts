import type { Health } from '../../platform/service.ts'

export function userHealth(checkDatabase: () => Promise<unknown>): Health {
  return {
    async checkReadiness() {
      const detail = await checkDatabase().then(
        () => '',
        () => 'the database does not answer',
      )
      return { checks: [{ name: 'user database', ready: detail === '', detail }] }
    },
    readGauges: async () => ({ gauges: [] }),
  }
}
