import { useState } from 'react'

type Image = { readonly url: string; readonly alt?: string; readonly presets?: { readonly card: string } }
type PictureProps = {
  readonly name: string
  readonly image?: Image | undefined
  readonly size: 'thumb' | 'card' | 'page'
  /** The first pictures of a page are not waited for. */
  readonly isEarly?: boolean
}

/** A product without a picture, or with one that does not load, shows its first letter. */
export function Picture({ name, image, size, isEarly = false }: PictureProps) {
  const [isBroken, setBroken] = useState(false)
  if (!image || isBroken)
    return (
      <span className={`picture ${size}`} data-hue={hueOf(name)} aria-hidden="true">
        {name.slice(0, 1)}
      </span>
    )
  const presets = image.presets as Readonly<Record<typeof size, string>> | undefined
  return (
    <img
      className={`picture ${size}`}
      src={presets?.[size] ?? image.url}
      alt={image.alt ?? ''}
      loading={isEarly ? 'eager' : 'lazy'}
      onError={() => setBroken(true)}
    />
  )
}

const hueCount = 6
const hueOf = (name: string): number => {
  let hash = 7
  for (let index = 0; index < name.length; index++) hash = (hash * 31 + name.charCodeAt(index)) % 9_973
  return hash % hueCount
}
