/** Hands a file to the browser, as a download. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  // The browser has to have begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
