# One image for every process; the command says which one it is.
FROM node:24-slim AS build
WORKDIR /app
# The packages change less often than the code, so they are a layer of their own.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY web/package.json web/package-lock.json ./web/
COPY sdk/package.json ./sdk/
RUN npm ci --prefix web --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build
# No package needs its install script. What is optional here are helpers of development that Prisma's client may use (its command
# line and studio, TypeScript, React: 250 MB), and native code of which other packages have a version in JavaScript.
# Of argon2id and of what draws images there is none, so their native code stays. Types and source maps are for those who build.
RUN mkdir /tmp/native && cp -a node_modules/@node-rs node_modules/@img /tmp/native \
  && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@node-rs node_modules/@img && mv /tmp/native/@* node_modules \
  && node deploy/drop-query-compilers.mjs dist node_modules \
  && find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# The migrations' SQL, for cmd/migrate.
COPY --from=build /app/prisma ./prisma
# The passwords of the services' roles in PostgreSQL are mounted here: a new volume gets the owner of the folder that it covers.
RUN for service in user inventory order producer consumer cart payment pricing notification search analytics; do install -d -m 0700 -o node -g node /var/lib/tillstream/roles/$service; done
# The uploaded images of products, in a volume that the gateway and the inventory service share.
RUN install -d -m 0700 -o node -g node /var/lib/tillstream/images
# This user comes with the image, and may write nothing in /app.
USER node
EXPOSE 8080
CMD ["node", "dist/cmd/gateway/main.js"]
