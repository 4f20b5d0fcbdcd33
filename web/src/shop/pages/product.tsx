import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { isProblem, type Product } from 'tillstream-sdk'
import { api } from '../../shared/api.ts'
import { money } from '../../shared/formats.ts'
import { Link } from '../../shared/router.tsx'
import { useCartChange } from '../parts/cart-state.ts'
import { Button } from '../parts/fields.tsx'
import { Gallery } from '../parts/gallery.tsx'
import { Done, EmptyState, Fault, Problem, Skeleton } from '../parts/notices.tsx'
import { useTitle } from '../parts/use-title.ts'
import { Variants } from '../parts/variants.tsx'
import { useTexts } from '../texts/texts.ts'

/** Fewer than this are worth saying. */
const few = 5
const most = 99

export function ProductPage({ id }: { readonly id: string }) {
  const texts = useTexts()
  const product = useQuery({
    queryKey: ['product', id],
    queryFn: async ({ signal }) => (await api().getProduct({ path: { id }, signal })).data,
  })
  useTitle(product.data?.name ?? '…')
  if (isProblem(product.error, 'product.not-found') || isProblem(product.error, 'request.invalid'))
    return (
      <EmptyState
        title={texts.product.goneTitle}
        text={texts.missing.text}
        to="/"
        action={texts.missing.home}
      />
    )
  if (product.isError) return <Fault err={product.error} onAgain={() => void product.refetch()} />
  if (!product.data) return <Skeleton lines={8} />
  return <Shown product={product.data} />
}

function Shown({ product }: { readonly product: Product }) {
  const texts = useTexts()
  const way = product.categoryPath.map((name, index) => ({
    name,
    path: product.categoryPath.slice(0, index + 1).join('/'),
  }))
  return (
    <article className="product">
      <Gallery name={product.name} images={product.images} />
      <div className="stack">
        <nav aria-label={texts.catalogue.category} className="way">
          {way.map(({ name, path }) => (
            <Link key={path} to={`/?category=${encodeURIComponent(path)}`}>
              {name}
            </Link>
          ))}
        </nav>
        <h1>{product.name}</h1>
        <p className="price">{money(product.price, product.currency)}</p>
        {product.familyId === undefined ? null : <Variants familyId={product.familyId} product={product} />}
        <Stock stock={product.stock} />
        {product.stock > 0 ? <AddToCart product={product} /> : null}
        <About product={product} />
      </div>
    </article>
  )
}

function Stock({ stock }: { readonly stock: number }) {
  const texts = useTexts().product
  const text = stock === 0 ? texts.soldOut : stock < few ? texts.few(stock) : texts.inStock
  return (
    <p className="stock" data-level={stock === 0 ? 'none' : stock < few ? 'few' : 'enough'}>
      {text}
    </p>
  )
}

function AddToCart({ product }: { readonly product: Product }) {
  const texts = useTexts().product
  const [quantity, setQuantity] = useState(1)
  const add = useCartChange((shop, body: { productId: string; quantity: number }, headers) =>
    shop.addCartItem({ body, headers }),
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!add.isPending) add.mutate({ productId: product.id, quantity })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <div className="row">
        <label className="amount">
          <span className="sr-only">{texts.quantity}</span>
          <input
            type="number"
            min={1}
            max={Math.min(most, product.stock)}
            value={quantity}
            onChange={({ target }) => setQuantity(Math.max(1, target.valueAsNumber || 1))}
          />
        </label>
        <Button type="submit" className="button wide" isBusy={add.isPending}>
          {texts.add}
        </Button>
      </div>
      <Problem err={add.error} />
      {add.isSuccess ? (
        <Done>
          {texts.added} <Link to="/cart">{texts.toCart}</Link>
        </Done>
      ) : null}
    </form>
  )
}

function About({ product }: { readonly product: Product }) {
  const { product: texts, catalogue } = useTexts()
  const named = (value: string | number | boolean): string =>
    typeof value === 'boolean' ? (value ? catalogue.yes : catalogue.no) : String(value)
  const facts = [
    ...Object.entries(product.attributes ?? {}).map(([name, value]) => [name, named(value)] as const),
    [texts.sku, product.sku] as const,
  ]
  return (
    <>
      {product.description === '' ? null : (
        <section>
          <h2>{texts.description}</h2>
          <p className="prose">{product.description}</p>
        </section>
      )}
      <section>
        <h2>{texts.details}</h2>
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  )
}
