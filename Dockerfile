FROM node:22-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --no-audit --no-fund && npm pack --silent --pack-destination /tmp

FROM node:22-slim
COPY --from=build /tmp/fraudstream-*.tgz /tmp/fraudstream.tgz
RUN npm install --global --no-audit --no-fund /tmp/fraudstream.tgz && rm /tmp/fraudstream.tgz
USER node
WORKDIR /work
ENTRYPOINT ["fraudstream"]
CMD ["--help"]
