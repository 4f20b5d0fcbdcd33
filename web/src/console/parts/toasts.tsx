import { store, useStore } from '../../shared/store.ts'

type Toast = { readonly id: number; readonly text: string }

const toasts = store<readonly Toast[]>([])
const shownMs = 6_000
let last = 0

/** Says what was done, for a moment. */
export function say(text: string): void {
  const toast = { id: ++last, text }
  toasts.set([...toasts.get(), toast])
  setTimeout(() => toasts.set(toasts.get().filter((other) => other !== toast)), shownMs)
}

export function Toasts() {
  const shown = useStore(toasts)
  return (
    <div className="toasts" role="status">
      {shown.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  )
}
