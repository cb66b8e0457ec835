# syntax=docker/dockerfile:1
# The emulator as a container image: docs/guides/emulator.md explains its use.

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --no-audit --no-fund
RUN npm run build:binary -- --output /image/opt/kms-emulator
# The runtime image has no shell, so this stage creates its data directory.
RUN mkdir -p /image/data

# The C++ runtime that Node.js needs, without a shell or a package manager. Its user nonroot has the id 65532.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /image/opt/kms-emulator/kms-emulator /usr/local/bin/kms-emulator
COPY --from=build /image/opt/kms-emulator/LICENSE /image/opt/kms-emulator/THIRD-PARTY-LICENSES.txt /usr/share/doc/kms-emulator/
COPY --from=build --chown=65532:65532 /image/data /data
# A number, so that Kubernetes can check that the user is not root.
USER 65532:65532
# The emulator stores its keys in .kms below the working directory.
WORKDIR /data
VOLUME ["/data"]
EXPOSE 4599
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/usr/local/bin/kms-emulator", "health"]
ENTRYPOINT ["/usr/local/bin/kms-emulator", "--host", "0.0.0.0"]
# The key material in the default seed is public, so the emulator accepts it only on loopback addresses.
CMD ["--no-seed"]
