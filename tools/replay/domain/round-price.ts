/** Rounds half up by the written digits, because a price such as 1.005 has no exact binary form. */
export function priceMinor(text: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  const kept = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
  const roundsUp = Number(fraction[decimals] ?? '0') >= 5
  return kept + (roundsUp ? 1n : 0n)
}

export const roundPrice = (text: string, decimals: number): number =>
  Number(`${priceMinor(text, decimals)}e-${decimals}`)
