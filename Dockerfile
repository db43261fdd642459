# TorBox Backend as a container: docker compose up -d torbox-backend
# Other images for the two stages, such as a mirror's: --build-arg BUILD_IMAGE=... --build-arg BASE_IMAGE=...
ARG BUILD_IMAGE=swift:6.3-bookworm
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
RUN apt-get update -q && apt-get install -q -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# By itself, so that the libraries stay in the cache when only sources change.
COPY scripts scripts
RUN scripts/dependencies
COPY . .
RUN make build && mkdir /out && strip --strip-unneeded -o /out/supervisor .build/programs/supervisor \
    && ln /out/supervisor /out/worker && ln /out/supervisor /out/api-gateway

FROM ${BASE_IMAGE}
RUN apt-get update -q \
    && apt-get install -q -y --no-install-recommends \
        ca-certificates libpq5 libsqlite3-0 libsimdjson14 libstdc++6 libsystemd0 tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin torbox-backend \
    && install -d -m 700 -o torbox-backend -g torbox-backend /data
COPY --from=build /out/ /usr/lib/torbox-backend/
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
# In a container the outside is another address; compose publishes it to loopback only.
ENV HOST=0.0.0.0 DATA_DIR=/data RUNTIME_DIR=/tmp/run METRICS_ADDRESS=0.0.0.0:9464 NODE_ENV=production
EXPOSE 3001 9464
VOLUME /data
# A request through every worker, within the time that a restart of one takes.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${PORT:-3001} && printf 'GET /ready HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
# The supervisor drains on SIGTERM; SHUTDOWN_TIMEOUT_MS is its limit.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/lib/torbox-backend/supervisor"]
CMD ["run"]
