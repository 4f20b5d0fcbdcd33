import { lazy, Suspense, type ComponentType } from 'react'
import { Boundary } from '../shared/boundary.tsx'
import { matched, usePlace } from '../shared/router.tsx'
import { Footer, Header } from './parts/frame.tsx'
import { EmptyState, Fault, ServiceNotice, Skeleton } from './parts/notices.tsx'
import { Catalogue } from './pages/catalogue.tsx'
import { useTexts } from './texts/texts.ts'

/** All but the first page is loaded when somebody goes there. */
const Product = lazy(async () => ({ default: (await import('./pages/product.tsx')).ProductPage }))
const Order = lazy(async () => ({ default: (await import('./pages/order.tsx')).OrderPage }))
const pages: Readonly<Record<string, ComponentType>> = {
  '/': Catalogue,
  '/cart': lazy(async () => ({ default: (await import('./pages/cart.tsx')).CartPage })),
  '/checkout': lazy(async () => ({ default: (await import('./pages/checkout.tsx')).CheckoutPage })),
  '/orders': lazy(async () => ({ default: (await import('./pages/orders.tsx')).OrdersPage })),
  '/paid': lazy(async () => ({ default: (await import('./pages/paid.tsx')).PaidPage })),
  '/login': lazy(async () => ({ default: (await import('./pages/login.tsx')).LoginPage })),
  '/register': lazy(async () => ({ default: (await import('./pages/register.tsx')).RegisterPage })),
  '/back': lazy(async () => ({ default: (await import('./pages/back.tsx')).BackPage })),
  '/forgot-password': lazy(async () => ({ default: (await import('./pages/reset.tsx')).ForgotPage })),
  '/reset-password': lazy(async () => ({ default: (await import('./pages/reset.tsx')).ResetPage })),
  '/verify-email': lazy(async () => ({ default: (await import('./pages/verify.tsx')).VerifyPage })),
  '/account': lazy(async () => ({ default: (await import('./pages/account.tsx')).AccountPage })),
}

export function App() {
  const { path } = usePlace()
  const texts = useTexts()
  return (
    <>
      <a className="skip" href="#content">
        {texts.skip}
      </a>
      <Header />
      <ServiceNotice />
      <main id="content" tabIndex={-1}>
        <Boundary key={path} fault={(err, again) => <Fault err={err} onAgain={again} />}>
          <Suspense fallback={<Skeleton lines={6} />}>
            <Page path={path} />
          </Suspense>
        </Boundary>
      </main>
      <Footer />
    </>
  )
}

function Page({ path }: { readonly path: string }) {
  const texts = useTexts()
  const Known = pages[path]
  const productId = matched('/products/:id', path)
  const orderId = matched('/orders/:id', path)
  if (Known) return <Known />
  if (productId !== undefined) return <Product key={productId} id={productId} />
  if (orderId !== undefined) return <Order key={orderId} id={orderId} />
  return (
    <EmptyState title={texts.missing.title} text={texts.missing.text} to="/" action={texts.missing.home} />
  )
}
