import type { Health } from './service.ts'

type Gauges = Awaited<ReturnType<Health['readGauges']>>['gauges']

/** The health of a service that is well when its database answers. */
export function databaseHealth(
  service: string,
  askDatabase: () => Promise<unknown>,
  readGauges: () => Promise<Gauges> = async () => [],
): Health {
  return {
    async checkReadiness() {
      const detail = await askDatabase().then(
        () => '',
        () => 'the database does not answer',
      )
      return { checks: [{ name: `${service} database`, ready: detail === '', detail }] }
    },
    readGauges: async () => ({ gauges: await readGauges() }),
  }
}
