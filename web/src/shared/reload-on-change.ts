/** True in the builds of `npm run dev`; build.mjs says so. */
declare const isDevelopment: boolean

/** Loads the page again when it has been built anew. */
export function reloadOnChange(url: string): void {
  if (!isDevelopment) return
  let known: string | null | undefined
  setInterval(() => {
    void fetch(url, { method: 'HEAD' }).then(
      ({ ok, headers }) => {
        const etag = headers.get('etag')
        if (ok && known !== undefined && etag !== known) location.reload()
        if (ok) known = etag
      },
      () => undefined, // it is starting again
    )
  }, 1_000)
}
