#!/bin/sh
# Goes through a shop from the first account to a parcel on its way, with curl alone, and says what it asks. docs/walkthrough.md
# explains each request. Against `npm start`:
#
#   sh examples/walkthrough.sh
#
# It ends with an error at the first request that is not answered as it should be. Each run makes its own account and products.
set -eu

SHOP=${SHOP:-http://localhost:8080}
ADMIN_EMAIL=${ADMIN_EMAIL:-admin@example.com}
ADMIN_PASSWORD=${ADMIN_PASSWORD:-admin-password}
RUN=$(date +%s)$$

# ask ROUTE PATH [options of curl]: the answer is in $body.
ask() {
  route=$1
  url=$SHOP$2
  shift 2
  answer=$(curl -sS -X "${route%% *}" -w '\n%{http_code}' "$url" -H 'content-type: application/json' "$@")
  status=$(printf '%s\n' "$answer" | tail -n 1)
  body=$(printf '%s\n' "$answer" | sed '$d')
  printf '  %-36s %s\n' "$route" "$status"
  case $status in
    2*) ;;
    *)
      printf '%s\n' "$body" >&2
      exit 1
      ;;
  esac
}

# text NAME, number NAME: the first one in the answer that is called so.
text() { printf '%s' "$body" | grep -o "\"$1\":\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }
number() { printf '%s' "$body" | grep -o "\"$1\":[0-9.]*" | head -n 1 | cut -d : -f 2; }

# expect NAME VALUE: what the answer says of it.
expect() {
  found=$(text "$1")
  [ "$found" = "$2" ] && return
  printf '%s is %s and should be %s\n%s\n' "$1" "$found" "$2" "$body" >&2
  exit 1
}

# becomes NAME VALUE ROUTE PATH [options of curl]: asks until the answer says so.
becomes() {
  name=$1 value=$2
  shift 2
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    ask "$@"
    [ "$(text "$name")" = "$value" ] && return
    sleep 1
  done
  expect "$name" "$value"
}

say() { printf '\n%s\n' "$1"; }

say 'Users: an account, a token, and whose token it is'
LOGIN='{"email":"walker'$RUN'@example.com","password":"a-long-password"}'
ask 'POST /users/register' /users/register \
  -d '{"username":"walker'$RUN'","email":"walker'$RUN'@example.com","password":"a-long-password","name":"Walker"}'
ask 'POST /users/login' /users/login -d "$LOGIN"
REFRESH=$(text refreshToken)
ask 'POST /auth/refresh' /auth/refresh -d '{"refreshToken":"'"$REFRESH"'"}'
CUSTOMER="authorization: Bearer $(text accessToken)"
ask 'GET /auth/validate' /auth/validate -H "$CUSTOMER"
expect role customer
ask 'GET /users/me' /users/me -H "$CUSTOMER"
ask 'PATCH /users/me' /users/me -H "$CUSTOMER" -d '{"phone":"+44 20 7946 0000"}'
ask 'POST /users/login' /users/login -d '{"email":"'"$ADMIN_EMAIL"'","password":"'"$ADMIN_PASSWORD"'"}'
ADMIN="authorization: Bearer $(text accessToken)"

say 'Products: a category, a family of two, and what the catalogue shows of them'
ask 'POST /categories' /categories -H "$ADMIN" \
  -d '{"name":"Teapots '$RUN'","attributes":[{"name":"material","type":"string"}]}'
CATEGORY=$(text path)
ask 'GET /categories' /categories
ask 'POST /families' /families -H "$ADMIN" -d '{"name":"Teapot '$RUN'","options":["size"]}'
FAMILY=$(text id)
ask 'POST /products' /products -H "$ADMIN" -H "idempotency-key: large-$RUN" \
  -d '{"name":"Teapot, large","sku":"TEAPOT-L-'$RUN'","category":"'"$CATEGORY"'","price":49,"stock":3,
    "familyId":"'"$FAMILY"'","options":{"size":"L"},"attributes":{"material":"steel"}}'
LARGE=$(text id)
ask 'POST /products' /products -H "$ADMIN" -H "idempotency-key: small-$RUN" \
  -d '{"name":"Teapot, small","sku":"TEAPOT-S-'$RUN'","category":"'"$CATEGORY"'","price":34.5,"stock":40,
    "familyId":"'"$FAMILY"'","options":{"size":"S"},"attributes":{"material":"steel"}}'
PRODUCT=$(text id)
ask 'GET /families/{id}' "/families/$FAMILY"
ask 'PATCH /products/{id}' "/products/$LARGE" -H "$ADMIN" -d '{"price":45}'
ask 'GET /products/{id}' "/products/$PRODUCT"
expect sku "TEAPOT-S-$RUN"
ask 'GET /products' "/products?inStock=true&sort=price&limit=5"
ask 'DELETE /products/{id}' "/products/$LARGE" -H "$ADMIN"

say 'Search: by what people type, with counts beside the list'
ask 'GET /products?q=' "/products?q=TEAPOT-S-$RUN&facets=category,price,attributes.material"
expect id "$PRODUCT"
ask 'POST /graphql' /graphql -d '{"query":"{ product(id: \"'"$PRODUCT"'\") { name family { name values { values } } } }"}'
expect name 'Teapot, small'

say 'Stock: what there is, and a delivery'
ask 'POST /products/stock' /products/stock -d '{"ids":["'"$PRODUCT"'"]}'
ask 'POST /products/{id}/stock' "/products/$PRODUCT/stock" -H "$ADMIN" -H "idempotency-key: delivery-$RUN" \
  -d '{"quantity":10,"reason":"delivery"}'
[ "$(number stock)" = 50 ]

say 'Cart: what is put into it, changed and taken out'
ask 'POST /cart/items' /cart/items -H "$CUSTOMER" -d '{"productId":"'"$PRODUCT"'","quantity":1}'
LINE=$(text lineId)
ask 'PATCH /cart/items/{lineId}' "/cart/items/$LINE" -H "$CUSTOMER" -d '{"quantity":2}'
ask 'DELETE /cart/items/{lineId}' "/cart/items/$LINE" -H "$CUSTOMER"
ask 'POST /cart/items' /cart/items -H "$CUSTOMER" -d '{"productId":"'"$PRODUCT"'","quantity":2}'
ask 'GET /cart/shipping-methods' '/cart/shipping-methods?country=GB' -H "$CUSTOMER"
SHIPPING=$(text id)
ADDRESS='{"name":"Ada Lovelace","line1":"12 St James Square","city":"London","postalCode":"SW1Y 4JH","country":"GB"}'
ask 'PUT /cart/delivery' /cart/delivery -H "$CUSTOMER" \
  -d '{"address":'"$ADDRESS"',"shippingMethod":"'"$SHIPPING"'"}'
ask 'GET /cart' /cart -H "$CUSTOMER"
VERSION=$(number version)
TOTAL=$(number total)

say 'Checkout: an order with its payment, at the total that was seen'
ask 'GET /payment-methods' /payment-methods
ask 'POST /checkout' /checkout -H "$CUSTOMER" -H "idempotency-key: checkout-$RUN" -H 'prefer: wait=20' \
  -d '{"cartVersion":'"$VERSION"',"expectedTotal":'"$TOTAL"',"paymentMethod":"card","paymentToken":"pm_card_visa"}'
ORDER=$(printf '%s' "$body" | sed 's/.*"order":{"id":"\([^"]*\)".*/\1/')
becomes paymentStatus paid 'GET /orders/{id}' "/orders/$ORDER" -H "$CUSTOMER"
LINE=$(text lineId)
ask 'GET /orders/{id}/payments' "/orders/$ORDER/payments" -H "$CUSTOMER"
expect status captured
ask 'GET /payments/{id}' "/payments/$(text id)" -H "$CUSTOMER"

say 'Orders: lists, what becomes of one, and another one that is canceled'
ask 'GET /orders' /orders -H "$CUSTOMER"
ask 'POST /orders/{id}/shipments' "/orders/$ORDER/shipments" -H "$ADMIN" -H "idempotency-key: parcel-$RUN" \
  -d '{"lines":[{"lineId":"'"$LINE"'","quantity":2}],"carrier":"Post","trackingNumber":"T-1"}'
ask 'GET /orders/{id}/tracking' "/orders/$ORDER/tracking" -H "$CUSTOMER"
becomes status shipped 'GET /orders/{id}' "/orders/$ORDER" -H "$CUSTOMER"
ask 'PATCH /orders/{id}' "/orders/$ORDER" -H "$ADMIN" -d '{"status":"completed"}'
ask 'POST /orders' /orders -H "$CUSTOMER" -H "idempotency-key: back-end-$RUN" -H 'prefer: wait=20' \
  -d '{"items":[{"productId":"'"$PRODUCT"'","quantity":1}]}'
OTHER=$(text id)
expect status confirmed
ask 'POST /orders/{id}/cancel' "/orders/$OTHER/cancel" -H "$CUSTOMER" -d '{"reason":"changed my mind"}'

say 'Events: the life of the first order, as it is told to whoever follows it'
# The stream goes on until somebody leaves, so curl is told when.
curl -sS -N --max-time 2 "$SHOP/orders/$ORDER/events" -H "$CUSTOMER" 2>/dev/null | sed -n 's/^event: /    /p' || true
ask 'GET /notifications' /notifications -H "$CUSTOMER"

say 'The end: the session is over'
ask 'POST /auth/logout' /auth/logout -H "$CUSTOMER" -d '{}'
printf '\nThis was all: order %s is on its way.\n' "$ORDER"
