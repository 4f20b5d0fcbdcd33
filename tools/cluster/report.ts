export type Kill = {
  readonly node: string
  /** That were placed from shortly before the kill on. */
  readonly orders: number
  /** How long a plain publisher could publish nothing. */
  readonly brokerMs: number
  readonly longestWaitMs: number
}

export type Report = {
  readonly natsVersion: string
  readonly kills: readonly Kill[]
  readonly orders: number
  readonly refused: readonly string[]
  /** Of all orders, also of those placed while a server came back. */
  readonly longestWaitMs: number
  readonly violations: readonly string[]
}

/** From placing an order to its decision. */
export const longestAllowedMs = 10_000

export const isMet = ({ refused, longestWaitMs, violations, orders, kills }: Report): boolean =>
  refused.length === 0 &&
  violations.length === 0 &&
  longestWaitMs <= longestAllowedMs &&
  orders > 0 &&
  kills.every((kill) => kill.orders > 0)

export function tableOf(report: Report): string {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`.padStart(8)
  const { kills, orders, refused, longestWaitMs, violations, natsVersion } = report
  return [
    `nats-server ${natsVersion}   orders   broker alone   longest wait   more than the broker's`,
    ...kills.map(
      ({ node, orders: count, brokerMs, longestWaitMs: wait }) =>
        `killed ${node}         ${String(count).padStart(10)}   ${seconds(brokerMs).padStart(12)}   ` +
        `${seconds(wait).padStart(12)}   ${seconds(wait - brokerMs).padStart(12)}`,
    ),
    `${orders} orders, ${refused.length} refused, longest wait ${seconds(longestWaitMs).trim()} ` +
      `(at most ${longestAllowedMs / 1_000} s)`,
    `invariants violated: ${violations.join(', ') || 'none'}`,
    isMet(report) ? 'Every target is met.' : 'A target is missed.',
  ].join('\n')
}
