import { Counter, Gauge, type Registry } from 'prom-client'
import type { Admission } from './admission.ts'

/** Refused requests never reach the routes, so the metrics of the routes do not count them. */
export function measureAdmission(registry: Registry, admission: Admission): void {
  const shown = { labelNames: ['traffic' as const], registers: [registry] }
  new Gauge({
    ...shown,
    name: 'tillstream_requests_under_way',
    help: 'Requests that are being worked on',
    collect() {
      for (const { traffic, underWay } of admission.counts()) this.set({ traffic }, underWay)
    },
  })
  new Counter({
    ...shown,
    name: 'tillstream_requests_refused_total',
    help: 'Requests answered with 503 because there was too much to do',
    collect() {
      this.reset()
      for (const { traffic, refused } of admission.counts()) this.inc({ traffic }, refused)
    },
  })
}
