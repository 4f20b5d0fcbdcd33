import type { FastifyReply } from 'fastify'
import { Refusal } from '../platform/refusal.ts'

/**
 * Few uploads are worked on at once. A place is free again when the answer is sent or the connection is gone. Who gets none
 * is told what `refusal` says.
 */
export function uploadPlaces(atOnce: number, refusal: () => Refusal): (reply: FastifyReply) => void {
  let underWay = 0
  return ({ raw }) => {
    if (underWay >= atOnce) throw refusal()
    underWay++
    raw.once('close', () => {
      underWay--
    })
  }
}

export const uploadTooLarge = (): Refusal =>
  new Refusal('invalid', 'request.too-large', 'the file is too large')
