import { getOption, type DescFile, type DescMessage } from '@bufbuild/protobuf'
import { subject as subjectOption } from '../gen/platform/v1/event_pb.ts'

/** A message of proto/ that is published. Its subject and its type come from an option of the message. */
export type EventType<Message extends DescMessage = DescMessage> = {
  readonly message: Message
  /** The subject that it is published on, such as order.created. */
  readonly subject: string
  /** The event's type with its version, such as tillstream.order.created.v1. */
  readonly type: string
}

export function eventType<Message extends DescMessage>(message: Message): EventType<Message> {
  const subject = getOption(message, subjectOption)
  if (subject === '') throw new Error(`${message.typeName} is not an event: it has no subject`)
  return { message, subject, type: `tillstream.${subject}.v1` }
}

/** All events of one proto file, which may have parts of them as messages of their own. */
export const eventTypesOf = (file: DescFile): readonly EventType[] =>
  file.messages.filter((message) => getOption(message, subjectOption) !== '').map(eventType)
