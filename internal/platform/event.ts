import { getOption, type DescFile, type DescMessage } from '@bufbuild/protobuf'
import { subject as subjectOption } from '../gen/platform/v1/event_pb.ts'

/** A message of proto/ that is published. Its subject and its type come from the message's own option. */
export type EventType<Message extends DescMessage = DescMessage> = {
  readonly message: Message
  /** Where it is published: order.created. */
  readonly subject: string
  /** What it is, with its version: tillstream.order.created.v1. */
  readonly type: string
}

export function eventType<Message extends DescMessage>(message: Message): EventType<Message> {
  const subject = getOption(message, subjectOption)
  if (subject === '') throw new Error(`${message.typeName} is not an event: it has no subject`)
  return { message, subject, type: `tillstream.${subject}.v1` }
}

/** All events of a file of contracts. */
export const eventTypesOf = (file: DescFile): readonly EventType[] => file.messages.map(eventType)
