/** The end of an id, which differs most. All of it is in the address of its page and can be copied from the title. */
export const shortId = (id: string): string => id.slice(-8)

export function ShortId({ id }: { readonly id: string }) {
  return (
    <code title={id} className="short-id">
      {shortId(id)}
    </code>
  )
}
