import t from 'tap'
import { overflow, type InboxMail } from './mail.ts'
import { listPage, mailPage } from './pages.ts'

const sized = (...sizes: readonly number[]) => sizes.map((size, index) => ({ id: String(index), size }))
const idsOf = (mails: readonly { readonly id: string }[]) => mails.map(({ id }) => id)

t.test('the oldest mails go when there are too many, or they are too large together', (t) => {
  t.same(idsOf(overflow(sized(1, 1, 1), { mostMails: 3, mostBytes: 3 })), [])
  t.same(idsOf(overflow(sized(1, 1, 1), { mostMails: 2, mostBytes: 9 })), ['0'])
  t.same(idsOf(overflow(sized(5, 1, 4), { mostMails: 9, mostBytes: 5 })), ['0'])
  t.same(idsOf(overflow(sized(1, 9), { mostMails: 9, mostBytes: 5 })), ['0'], 'the newest one stays')
  t.end()
})

t.test('the pages write what stands in a mail as text', (t) => {
  const hostile = '<script>alert(1)</script>'
  const mail: InboxMail = {
    ...{ id: 'x', from: hostile, to: [hostile], subject: hostile, text: hostile, html: hostile },
    ...{ receivedAt: '2026-11-29T12:00:00.000Z', headers: [], size: 1 },
    attachments: [{ filename: hostile, contentType: 'text/html', size: 1, content: '' }],
  }
  for (const page of [listPage([mail]), mailPage(mail)]) {
    t.notMatch(page, '<script')
    t.match(page, '&lt;script&gt;')
  }
  t.match(listPage([]), 'No mail has come yet')
  t.end()
})
