import t from 'tap'
import { inMemoryMailbox } from './in-memory-mailbox.ts'
import { mailboxContract } from './mailbox-contract.ts'

mailboxContract(t, async () => {
  const mailbox = inMemoryMailbox()
  return { mailbox, put: mailbox.put }
})
