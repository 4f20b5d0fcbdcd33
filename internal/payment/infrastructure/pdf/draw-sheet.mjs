// This file is plain JavaScript, because a worker thread starts without the loader for TypeScript.
import { fileURLToPath } from 'node:url'
import PDFDocument from 'pdfkit'

const fontFile = (name) => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`))

/** Every reader has these, so nothing of them is in the file, and they cost a tenth. They have Latin-1 only. */
const usualFonts = { text: 'Helvetica', bold: 'Helvetica-Bold' }
const widerFonts = { text: fontFile('DejaVuSans'), bold: fontFile('DejaVuSans-Bold') }
const isUsual = (text) => /^[\x20-\x7e\xa0-\xff]*$/.test(text)

const margin = 50
const small = 8
const usual = 9
const gap = 4
/** Where columns begin and how wide they are, in points of an A4 page. */
const columns = {
  name: { x: margin, width: 265, align: 'left' },
  quantity: { x: 320, width: 50, align: 'right' },
  unitPrice: { x: 375, width: 80, align: 'right' },
  total: { x: 460, width: 85, align: 'right' },
}
const headings = { name: 'Item', quantity: 'Quantity', unitPrice: 'Price', total: 'Amount' }
const rightEdge = 545

/**
 * Runs in a thread of its own, where drawing does not block the event loop.
 * @param {import('./receipt-sheet.ts').Sheet} sheet
 * @returns {Promise<Uint8Array>}
 */
export async function drawSheet(sheet) {
  const date = new Date(sheet.issuedAt)
  const doc = new PDFDocument({
    size: 'A4',
    margin,
    bufferPages: true,
    info: {
      Title: sheet.title,
      CreationDate: date,
      ModDate: date,
      Producer: 'Tillstream',
      Creator: 'Tillstream',
    },
  })
  const done = bytesOf(doc)
  const write = writer(doc, textsOf(sheet).every(isUsual) ? usualFonts : widerFonts)
  drawHead(doc, write, sheet)
  drawRows(doc, write, sheet.rows)
  drawSums(doc, write, sheet.sums)
  numberPages(doc, write, sheet.title)
  doc.end()
  return done
}

const textsOf = ({ facts, seller, buyer, rows, sums }) => [
  ...[...facts, ...sums].flat(),
  ...[...seller, ...buyer],
  ...rows.flatMap((row) => Object.values(row)),
]

function bytesOf(doc) {
  return new Promise((resolve, reject) => {
    const parts = []
    doc.on('data', (part) => parts.push(part))
    doc.on('error', reject)
    doc.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))))
  })
}

/** Writes texts; what the font has no shape for becomes a box, so that everybody sees that something is missing. */
function writer(doc, fonts) {
  // pdfkit has no other way to ask the font that is set now.
  const hasShape = (character) =>
    fonts === usualFonts || doc._font.font.hasGlyphForCodePoint(character.codePointAt(0))
  const shown = (text) => Array.from(text, (character) => (hasShape(character) ? character : '□')).join('')
  const set = ({ bold = false, size = usual }) => doc.font(bold ? fonts.bold : fonts.text).fontSize(size)
  return {
    text(text, x, y, { width, align = 'left', ...style }) {
      set(style)
      const words = shown(text)
      const own = doc.widthOfString(words)
      if (own > width) return void doc.text(words, x, y, { width, align })
      // Breaking lines costs the most, and most texts have one only.
      doc.text(words, align === 'right' ? x + width - own : x, y, { lineBreak: false })
      doc.y = y + doc.currentLineHeight(true)
    },
    height(text, { width, ...style }) {
      set(style)
      const words = shown(text)
      return doc.widthOfString(words) > width
        ? doc.heightOfString(words, { width })
        : doc.currentLineHeight(true)
    },
  }
}

function drawHead(doc, write, { title, facts, seller, buyer }) {
  write.text(title, margin, margin, { width: rightEdge - margin, bold: true, size: 16 })
  let y = doc.y + 3 * gap
  for (const [what, value] of facts) {
    write.text(what, margin, y, { width: 80 })
    write.text(value, margin + 85, y, { width: 300 })
    y = doc.y + 1
  }
  y += 3 * gap
  const half = (rightEdge - margin) / 2 - gap
  const ends = [
    ['Seller', seller, margin],
    ['Buyer', buyer, margin + half + 2 * gap],
  ].map(([what, texts, x]) => {
    if (texts.length === 0) return y
    write.text(what, x, y, { width: half, bold: true })
    for (const text of texts) write.text(text, x, doc.y + 1, { width: half })
    return doc.y
  })
  doc.y = Math.max(...ends) + 5 * gap
}

function drawRows(doc, write, rows) {
  if (rows.length === 0) return
  drawHeadings(doc, write)
  for (const row of rows) {
    const { width } = columns.name
    const ofSku = row.sku === '' ? 0 : write.height(row.sku, { width, size: small })
    const height = write.height(row.name, { width }) + ofSku + gap
    if (doc.y + height > bottomOf(doc)) {
      doc.addPage()
      drawHeadings(doc, write)
    }
    const y = doc.y
    write.text(row.name, columns.name.x, y, columns.name)
    if (row.sku !== '') write.text(row.sku, columns.name.x, doc.y, { ...columns.name, size: small })
    for (const name of ['quantity', 'unitPrice', 'total'])
      write.text(row[name], columns[name].x, y, columns[name])
    doc.y = y + height
  }
}

function drawHeadings(doc, write) {
  const y = doc.y
  for (const [name, column] of Object.entries(columns))
    write.text(headings[name], column.x, y, { ...column, bold: true })
  const line = y + usual + 5
  doc.moveTo(margin, line).lineTo(rightEdge, line).lineWidth(0.5).stroke()
  doc.y = line + gap
}

function drawSums(doc, write, sums) {
  const height = (usual + 2 * gap) * sums.length + 2 * gap
  if (doc.y + height > bottomOf(doc)) doc.addPage()
  doc.moveTo(margin, doc.y).lineTo(rightEdge, doc.y).lineWidth(0.5).stroke()
  doc.y += gap
  sums.forEach(([what, value], index) => {
    const bold = index === sums.length - 1
    const y = doc.y
    write.text(what, 180, y, { width: 270, align: 'right', bold })
    write.text(value, columns.total.x, y, { ...columns.total, bold })
    doc.y = y + usual + 2 * gap
  })
}

function numberPages(doc, write, title) {
  const { start, count } = doc.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    doc.switchToPage(page)
    // Below the margin, where the text would begin a page otherwise.
    doc.page.margins.bottom = 0
    write.text(`${title} · ${page - start + 1} / ${count}`, margin, doc.page.height - 35, {
      width: rightEdge - margin,
      align: 'right',
      size: small,
    })
    doc.page.margins.bottom = margin
  }
}

const bottomOf = (doc) => doc.page.height - doc.page.margins.bottom
