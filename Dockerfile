# Builds with the classic builder as well as with BuildKit. Nothing is downloaded when a container starts.
# A release pins the base by its digest: --build-arg NODE_IMAGE=node:24-slim@sha256:…
ARG NODE_IMAGE=node:24-slim

# The bundle is the same for every processor, so it is built on that of the builder; the classic builder knows no other.
FROM --platform=${BUILDPLATFORM:-linux} ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build.mjs scripts/licences.mjs scripts/
COPY schemas schemas
COPY src src
RUN npm run build

FROM ${NODE_IMAGE}
# Airbyte runs connectors as uid 1000 and expects the name airbyte; the base image calls that user node.
RUN groupmod --new-name airbyte node \
  && usermod --login airbyte --home /airbyte --shell /usr/sbin/nologin node \
  && rm -rf /home/node \
  && mkdir /airbyte \
  && chown airbyte:airbyte /airbyte
COPY --from=build /build/dist/main.js /airbyte/main.js
USER airbyte
WORKDIR /airbyte
# Absolute paths: Airbyte starts AIRBYTE_ENTRYPOINT through a shell from directories of its own.
# Page after page comes and goes. Left alone, V8 takes that for a reason to let the young generation grow to 134 MB.
ENV AIRBYTE_ENTRYPOINT="/usr/local/bin/node --max-semi-space-size=8 /airbyte/main.js"
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=8", "/airbyte/main.js"]
LABEL io.airbyte.name=source-1password
LABEL io.airbyte.version=0.1.0
