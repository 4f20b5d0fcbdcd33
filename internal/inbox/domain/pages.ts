import type { InboxMail } from './mail.ts'

const style = `
  body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1f2328 }
  table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #ddd }
  pre { white-space: pre-wrap; background: #f6f6f4; padding: 1rem } iframe { width: 100%; height: 40rem; border: 1px solid #ddd }
  a { color: #1f5f4a } nav { margin-bottom: 1rem }`

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title><style>${style}</style></head>
<body>${body}</body></html>
`

/** All mails, newest first. Nothing of a mail is trusted: whoever can name a product writes a part of one. */
export function listPage(newestFirst: readonly InboxMail[]): string {
  const rows = newestFirst.map(
    ({
      id,
      to,
      subject,
      receivedAt,
      attachments,
    }) => `<tr><td>${escape(receivedAt)}</td><td>${escape(to.join(', '))}</td>
<td><a href="/messages/${id}">${escape(subject || '(no subject)')}</a></td><td>${attachments.length || ''}</td></tr>`,
  )
  const table =
    rows.length === 0
      ? '<p>No mail has come yet.</p>'
      : `<table><tr><th>Received</th><th>To</th><th>Subject</th><th>Attachments</th></tr>${rows.join('')}</table>`
  return page('Inbox', `<h1>Inbox</h1><nav><a href="/api/messages">JSON</a></nav>${table}`)
}

export function mailPage({ id, from, to, subject, text, html, attachments, receivedAt }: InboxMail): string {
  const files = attachments.map(
    ({ filename, size }, index) =>
      `<li><a href="/messages/${id}/attachments/${index}">${escape(filename)}</a> (${size} bytes)</li>`,
  )
  return page(
    subject,
    `<nav><a href="/">Inbox</a></nav><h1>${escape(subject)}</h1>
<table><tr><th>From</th><td>${escape(from)}</td></tr><tr><th>To</th><td>${escape(to.join(', '))}</td></tr>
<tr><th>Received</th><td>${escape(receivedAt)}</td></tr></table>
${files.length > 0 ? `<ul>${files.join('')}</ul>` : ''}
${html === '' ? '' : `<iframe sandbox="allow-popups" src="/messages/${id}/html" title="HTML"></iframe>`}
<pre>${escape(text)}</pre>`,
  )
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '')
