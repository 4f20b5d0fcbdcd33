import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { escaped, svgOf, type Plot } from './plots.ts'

export type Section = {
  readonly title: string
  readonly plots: readonly Plot[]
  /** The tables as the terminal shows them. */
  readonly text: string
}

export type Report = { readonly title: string; readonly about: string; readonly sections: readonly Section[] }

/** One file that needs no other: it can be kept, sent and opened without a network. */
export async function saveHtml(file: string, report: Report): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true })
  await writeFile(file, htmlOf(report))
}

export const htmlOf = ({ title, about, sections }: Report): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(about)}</p>
${sections.map(sectionOf).join('\n')}
</body>
</html>
`

const sectionOf = ({ title, plots, text }: Section): string =>
  `<section><h2>${escaped(title)}</h2>${plots.map(svgOf).join('')}${
    text === '' ? '' : `<pre tabindex="0">${escaped(text.trimEnd())}</pre>`
  }</section>`

/** The same order of colours for parts, curves and their keys, which people with colour blindness tell apart. */
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9']

const style = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --paper: #fff; --shade: #f2c9c0; --edge: #dfe4ea }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ecf2; --soft: #9aa6b4; --paper: #14181e; --shade: #5a2f28; --edge: #2b333d } }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.6rem; line-height: 1.2 } h2 { font-size: 1.2rem; margin-top: 2.5rem }
figure { margin: 1.5rem 0 } figcaption { font-weight: 600; margin-bottom: .25rem }
ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 .5rem; padding: 0; color: var(--soft) }
li::before { content: ''; display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px; background: var(--key) }
svg { width: 100%; height: auto; font: 13px system-ui, sans-serif } text { fill: var(--ink) } .figure { fill: var(--soft) }
.span { fill: var(--shade); opacity: .55 } path { fill: none; stroke-width: 1.5; stroke-linejoin: round }
pre { overflow-x: auto; padding: 1rem; border: 1px solid var(--edge); border-radius: 6px; font: 13px/1.45 ui-monospace, monospace }
${colours.map((colour, index) => `.part${index} { fill: ${colour} } .curve${index} { stroke: ${colour} } .key${index} { --key: ${colour} }`).join('\n')}
`
