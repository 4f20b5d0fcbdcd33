import type { Product } from 'tillstream-sdk'

type ThumbProps = { readonly image: Product['images'][number] | undefined }

/** Beside a name, which says what is on it. */
export function Thumb({ image }: ThumbProps) {
  if (!image) return <span className="thumb" aria-hidden="true" />
  return <img className="thumb" src={image.presets?.thumb ?? image.url} alt="" loading="lazy" />
}
