# syntax=docker/dockerfile:1

# One file for every image: --build-arg SERVICE=ingest, consent, identity-resolution, attribution, inventory-sync, warehouse, provision;
# for trials also trial-broker, trial-cache and sample-shop. All of them are published once; each image takes its own folder.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG TARGETARCH=amd64
ENV DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NUGET_PACKAGES=/nuget
WORKDIR /source
COPY . .

# Assemblies are portable, native libraries are not: those of other platforms are left out. `service` is the same program under one
# name, so that every image has the same entry point.
RUN --mount=type=cache,target=/nuget,sharing=locked <<'SCRIPT'
set -eu
case $TARGETARCH in amd64) native=linux-x64 ;; *) native=linux-$TARGETARCH ;; esac
publish() {
  dotnet publish "$1" -c Release -o "/out/$2" -v quiet -nowarn:NU1603 -p:NuGetAudit=false -p:ContinuousIntegrationBuild=true -p:DebugType=none -p:GenerateDocumentationFile=false
  find "/out/$2" -path '*/runtimes/*' -prune -type d ! -name "$native" ! -name linux ! -name unix -exec rm -r {} +
  program=$(basename "$1"/*.csproj .csproj)
  mv "/out/$2/$program" "/out/$2/service"
}
for folder in services/*/; do publish "${folder%/}" "$(basename "$folder")"; done
publish local/TrialBroker trial-broker
publish local/LocalCache trial-cache
publish local/Cli sample-shop
mkdir -p /out/sample-shop/services /out/sample-shop/samples
cp services/catalogue.json /out/sample-shop/services/
cp -r samples/shop /out/sample-shop/samples/
dotnet publish shared/HealthProbe -c Release -o /probe -v quiet -p:NuGetAudit=false -p:DebugType=none
# What is copied carries one date, so that equal sources give equal layers.
mkdir /data
find /out /probe /data -exec touch -h -d @0 {} +
SCRIPT

# Chiselled: no shell, no package manager, not root. `extra` has ICU and the time zones: dates are those of each shop.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra AS service
ARG SERVICE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="commerce-streaming/${SERVICE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /probe /probe
COPY --from=build /out/${SERVICE} /app
# A volume mounted here belongs to the user below (1654, `app` of the base image); only trial-broker keeps anything.
COPY --from=build --chown=1654:1654 /data /data
# The root file system may be read-only: nothing writes outside the volumes that are mounted.
ENV DOTNET_EnableDiagnostics=0 COMMERCE_ROOT=/app
USER $APP_UID
EXPOSE 8080
ENTRYPOINT ["/app/service"]
