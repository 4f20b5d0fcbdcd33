import { useState } from 'react'
import type { Product } from 'tillstream-sdk'
import { useTexts } from '../texts/texts.ts'
import { Picture } from './picture.tsx'

export function Gallery({ name, images }: Pick<Product, 'name' | 'images'>) {
  const texts = useTexts().product
  const [shown, setShown] = useState(0)
  const image = images[shown] ?? images[0]
  return (
    <div className="gallery">
      <Picture key={image?.url} name={name} image={image} size="page" isEarly />
      {images.length < 2 ? null : (
        <div className="row">
          {images.map((each, index) => (
            <button
              key={each.url}
              type="button"
              className="thumb"
              aria-label={texts.image(index + 1)}
              aria-pressed={index === shown}
              onClick={() => setShown(index)}
            >
              <Picture name={name} image={{ ...each, alt: '' }} size="thumb" />
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
