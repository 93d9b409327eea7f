{{- define "commerce.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{/* Labels that identify a component for good: dict "root" $ "name" NAME. */}}
{{- define "commerce.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "commerce.labels" -}}
{{ include "commerce.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{/* dict "root" $ "name" IMAGE */}}
{{- define "commerce.image" -}}
{{- $image := .root.Values.image -}}
{{- with $image.registry }}{{ . }}/{{ end }}{{ $image.repository }}/{{ .name }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end -}}

{{/* The services of the catalogue (services/catalogue.json), by name. */}}
{{- define "commerce.services" -}}
{{- $services := dict -}}
{{- range (.Files.Get "files/catalogue.json" | fromJson).processes -}}
{{- if eq (.kind | default "service") "service" }}{{ $_ := set $services .name . }}{{ end -}}
{{- end -}}
{{- $services | toJson -}}
{{- end -}}

{{/* Two of each, so that one may go; one in a trial. */}}
{{- define "commerce.replicas" -}}
{{- if not (kindIs "invalid" .settings.replicas) }}{{ .settings.replicas }}
{{- else if .root.Values.trial.enabled }}1
{{- else }}2{{ end -}}
{{- end -}}

{{- define "commerce.jobsAreHooks" -}}{{ if not (and .Values.trial.enabled .Release.IsInstall) }}true{{ end }}{{- end -}}

{{- define "commerce.trialName" -}}{{ include "commerce.fullname" . }}-trial{{- end -}}

{{- define "commerce.kafkaBootstrap" -}}
{{- if .Values.trial.enabled }}{{ include "commerce.trialName" . }}-broker:9092
{{- else }}{{ required "kafka.bootstrapServers is missing: name your Kafka, or set trial.enabled=true" .Values.kafka.bootstrapServers }}{{ end -}}
{{- end -}}

{{- define "commerce.registryUrl" -}}
{{- if .Values.trial.enabled }}http://{{ include "commerce.trialName" . }}-broker:8081
{{- else }}{{ required "schemaRegistry.url is missing: name your schema registry, or set trial.enabled=true" .Values.schemaRegistry.url }}{{ end -}}
{{- end -}}

{{/* Name of the Secret behind a section: dict "root" $ "section" "redis". */}}
{{- define "commerce.secret" -}}
{{- if .root.Values.trial.enabled }}{{ include "commerce.trialName" .root }}
{{- else }}{{ required (printf "%s.existingSecret is missing: name the Secret, or set trial.enabled=true" .section) (index .root.Values .section).existingSecret }}{{ end -}}
{{- end -}}

{{/* An environment variable from a Secret: dict "name" VARIABLE "secret" NAME "key" KEY. */}}
{{- define "commerce.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end -}}

{{- define "commerce.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
fsGroup: 1654
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "commerce.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
{{- end -}}
