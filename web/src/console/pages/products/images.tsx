import { Button } from '@mantine/core'
import { useRef, useState, type DragEvent } from 'react'
import type { Product } from 'tillstream-sdk'
import { ActButton } from '../../parts/act-button.tsx'
import { useAct } from '../../parts/act.ts'
import { Empty, Problem } from '../../parts/notices.tsx'
import { Panel } from '../../parts/page.tsx'
import { api } from '../../session.ts'
import { useTexts } from '../../texts/texts.ts'

type ImagesProps = { readonly product: Product; readonly mayEdit: boolean }
/** `mark` tells files apart, which as JSON are all the same. */
type Upload = { readonly file: File; readonly mark: string }

export function Images({ product, mayEdit }: ImagesProps) {
  const texts = useTexts().products
  const chooser = useRef<HTMLInputElement>(null)
  const upload = useAct({
    run: async ({ file }: Upload, key) =>
      api().uploadImage({
        path: { id: product.id },
        body: { file, alt: product.name },
        headers: { 'idempotency-key': key },
      }),
    done: texts.uploaded,
  })
  const take = (files: FileList | null): void => {
    const [file] = files ?? []
    if (file) upload.mutate({ file, mark: `${file.name} ${file.size} ${file.lastModified}` })
  }
  const { isOver, dropping } = useDropping(take)
  return (
    <Panel title={texts.images}>
      <div className="images" data-over={isOver ? true : undefined} {...(mayEdit ? dropping : {})}>
        {product.images.length === 0 ? <Empty>{texts.noImages}</Empty> : null}
        {product.images.map(({ id, url, alt, presets }) => (
          <figure key={url}>
            <img src={presets?.card ?? url} alt={alt ?? product.name} loading="lazy" />
            {mayEdit && id !== undefined ? <RemoveImage productId={product.id} imageId={id} /> : null}
          </figure>
        ))}
      </div>
      {mayEdit ? (
        <div className="actions">
          <input
            ref={chooser}
            className="sr-only"
            type="file"
            accept="image/jpeg,image/png,image/webp,image/avif"
            aria-label={texts.upload}
            tabIndex={-1}
            onChange={({ currentTarget }) => take(currentTarget.files)}
          />
          <Button
            variant="default"
            size="xs"
            loading={upload.isPending}
            onClick={() => chooser.current?.click()}
          >
            {texts.upload}
          </Button>
          <small className="quiet">{texts.dropHint}</small>
        </div>
      ) : null}
      <Problem err={upload.error} />
    </Panel>
  )
}

function useDropping(take: (files: FileList) => void) {
  const [isOver, setOver] = useState(false)
  const dropping = {
    onDragOver: (event: DragEvent): void => {
      event.preventDefault()
      setOver(true)
    },
    onDragLeave: (): void => setOver(false),
    onDrop: (event: DragEvent): void => {
      event.preventDefault()
      setOver(false)
      take(event.dataTransfer.files)
    },
  }
  return { isOver, dropping }
}

function RemoveImage({ productId, imageId }: { readonly productId: string; readonly imageId: string }) {
  const texts = useTexts()
  const remove = useAct({
    run: async (_: object) => api().deleteImage({ path: { id: productId, imageId } }),
  })
  return (
    <ActButton
      label={texts.remove}
      title={texts.products.removeImage}
      size="xs"
      effect={texts.products.removeImageEffect}
      confirm={texts.remove}
      isDanger
      act={remove}
      toInput={() => ({})}
    />
  )
}
