/** Rounds half up by the written digits, because a price such as 1.005 has no exact binary form. */
export function roundPrice(text: string, decimals: number): number {
  const [whole = '0', fraction = ''] = text.split('.')
  const kept = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
  const roundsUp = Number(fraction[decimals] ?? '0') >= 5
  return Number(`${kept + (roundsUp ? 1n : 0n)}e-${decimals}`)
}
