/** A part of a letter. Nothing of it is HTML: what writes the HTML escapes it. */
export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'rows'; readonly rows: readonly Row[] }
  | { readonly type: 'link'; readonly label: string; readonly url: string }

type Row = { readonly label: string; readonly value: string }

/** The words of one message, as a catalogue has made them. */
export type Letter = {
  readonly subject: string
  readonly blocks: readonly Block[]
}

export const text = (words: string): Block => ({ type: 'text', text: words })
export const rows = (...list: readonly (readonly [label: string, value: string])[]): Block => ({
  type: 'rows',
  rows: list.map(([label, value]) => ({ label, value })),
})
export const link = (label: string, url: string): Block => ({ type: 'link', label, url })

/** What stands around every letter. */
export type Frame = {
  readonly language: string
  readonly greeting: string
  readonly closing: string
  /** Under the letter: who sends it and, where it can be switched off, how. */
  readonly footer: readonly Block[]
}

export function asText({ blocks }: Letter, { greeting, closing, footer }: Frame): string {
  const parts = [greeting, ...blocks.map(blockText), closing, '-- ', ...footer.map(blockText)]
  return `${parts.join('\n\n').replace('-- \n\n', '-- \n')}\n`
}

/** The words alone, for what has no frame. */
export const asBrief = ({ blocks }: Letter): string => blocks.map(blockText).join('\n\n')

function blockText(block: Block): string {
  if (block.type === 'text') return block.text
  if (block.type === 'link') return `${block.label}:\n${block.url}`
  return block.rows.map(({ label, value }) => `${label}: ${value}`).join('\n')
}

const page = 'margin:0;padding:24px;background:#f4f4f2;font-family:Helvetica,Arial,sans-serif;color:#1f2328'
const sheet =
  'max-width:560px;margin:0 auto;padding:24px;background:#ffffff;border-radius:8px;line-height:1.5'
const cell = 'padding:4px 0;border-bottom:1px solid #e6e6e3'
const button =
  'display:inline-block;padding:10px 18px;background:#1f5f4a;color:#ffffff;border-radius:6px;text-decoration:none'
const small = 'max-width:560px;margin:12px auto 0;font-size:12px;color:#6b6f76'

/** Everything is written inline: mail programs drop style sheets. */
export function asHtml({ subject, blocks }: Letter, { language, greeting, closing, footer }: Frame): string {
  const paragraphs = [text(greeting), ...blocks, text(closing)].map(blockHtml).join('\n')
  return `<!doctype html>
<html lang="${escape(language)}"><head><meta charset="utf-8"><title>${escape(subject)}</title></head>
<body style="${page}"><div style="${sheet}">
${paragraphs}
</div><div style="${small}">
${footer.map(smallHtml).join('\n')}
</div></body></html>
`
}

function blockHtml(block: Block): string {
  if (block.type === 'text') return `<p>${lines(block.text)}</p>`
  if (block.type === 'link') {
    const url = safeUrl(block.url)
    return `<p><a style="${button}" href="${escape(url)}">${escape(block.label)}</a></p>
<p style="font-size:12px;word-break:break-all">${escape(url)}</p>`
  }
  const cells = block.rows.map(
    ({ label, value }) =>
      `<tr><td style="${cell}">${escape(label)}</td><td style="${cell};text-align:right">${escape(value)}</td></tr>`,
  )
  return `<table style="width:100%;border-collapse:collapse">${cells.join('')}</table>`
}

const smallHtml = (block: Block): string =>
  block.type === 'link'
    ? `<p><a href="${escape(safeUrl(block.url))}">${escape(block.label)}</a></p>`
    : blockHtml(block)

/** A link that a carrier or anybody else has given may be no link at all, but a script. */
const safeUrl = (url: string): string => (/^https?:\/\//i.test(url) ? url : '')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escape = (words: string): string => words.replace(/[&<>"']/g, (sign) => entities[sign] ?? '')

const lines = (words: string): string => escape(words).replaceAll('\n', '<br>')
