import { seeded, type Random } from '../shared/random.ts'

export type FuzzRandom = Random & {
  readonly text: (length: number, alphabet?: string) => string
  readonly uuid: () => string
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
const hex = '0123456789abcdef'

/** Each request has its own random numbers, so that it can be repeated without those before it. */
export function randomOf(seed: number, index: number): FuzzRandom {
  const random = seeded(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35))
  const text = (length: number, alphabet = letters): string =>
    Array.from({ length }, () => alphabet[random.below(alphabet.length)]).join('')
  return {
    ...random,
    text,
    uuid: () => [text(8, hex), text(4, hex), `7${text(3, hex)}`, `8${text(3, hex)}`, text(12, hex)].join('-'),
  }
}
