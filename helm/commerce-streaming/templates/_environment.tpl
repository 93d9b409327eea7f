{{/* What a process is told, by what it needs according to the catalogue: dict "root" $ "name" COMPONENT "needs" (list …). */}}
{{- define "commerce.environment" -}}
{{- $v := .root.Values -}}
{{- if has "kafka" .needs }}
- name: Kafka__BootstrapServers
  value: {{ include "commerce.kafkaBootstrap" .root | quote }}
- name: Kafka__PartitionsMultiple
  value: {{ $v.kafka.partitionsMultiple | quote }}
- name: SchemaRegistry__Url
  value: {{ include "commerce.registryUrl" .root | quote }}
{{- if not $v.trial.enabled }}
{{- with $v.kafka.securityProtocol }}
- name: Kafka__SecurityProtocol
  value: {{ . | quote }}
{{- end }}
{{- if hasPrefix "SASL" $v.kafka.securityProtocol }}
- name: Kafka__SaslMechanism
  value: {{ $v.kafka.sasl.mechanism | quote }}
{{- $user := include "commerce.kafkaUser" . | fromJson }}
{{- if $user.username }}
- name: Kafka__SaslUsername
  value: {{ $user.username | quote }}
{{- else }}
{{ include "commerce.secretVariable" (dict "name" "Kafka__SaslUsername" "secret" $user.secret "key" $v.kafka.sasl.usernameKey) }}
{{- end }}
{{ include "commerce.secretVariable" (dict "name" "Kafka__SaslPassword" "secret" $user.secret "key" $v.kafka.sasl.passwordKey) }}
{{- end }}
{{- if hasKey (include "commerce.tlsSecrets" . | fromJson) "kafka" }}
{{- with $v.kafka.tls.caKey }}
- name: Kafka__SslCaLocation
  value: /etc/commerce/kafka/{{ . }}
{{- end }}
{{- if $v.kafka.tls.certificateKey }}
- name: Kafka__SslCertificateLocation
  value: /etc/commerce/kafka/{{ $v.kafka.tls.certificateKey }}
- name: Kafka__SslKeyLocation
  value: /etc/commerce/kafka/{{ $v.kafka.tls.privateKey }}
{{- end }}
{{- end }}
{{- with $v.schemaRegistry.existingSecret }}
{{ include "commerce.secretVariable" (dict "name" "SchemaRegistry__BasicAuth" "secret" . "key" $v.schemaRegistry.basicAuthKey) }}
{{- end }}
{{- end }}
{{- end }}
{{- if has "redis" .needs }}
{{ include "commerce.secretVariable" (dict "name" "Redis__Url" "secret" (include "commerce.secret" (dict "root" .root "section" "redis")) "key" $v.redis.urlKey) }}
{{- include "commerce.tlsVariables" (dict "root" .root "section" "redis" "prefix" "Redis__") }}
{{- end }}
{{- if has "postgres" .needs }}
{{ include "commerce.secretVariable" (dict "name" "Postgres__Url" "secret" (include "commerce.secret" (dict "root" .root "section" "postgres")) "key" $v.postgres.urlKey) }}
{{- include "commerce.tlsVariables" (dict "root" .root "section" "postgres" "prefix" "Postgres__") }}
{{- end }}
{{- if has "privacy" .needs }}
{{- $secret := include "commerce.secret" (dict "root" .root "section" "privacy") }}
{{ include "commerce.secretVariable" (dict "name" "Privacy__PseudonymKey" "secret" $secret "key" $v.privacy.pseudonymKey) }}
{{- end }}
{{- if or (has "privacy" .needs) (has "sealing" .needs) }}
{{ include "commerce.secretVariable" (dict "name" "Privacy__SealingKey" "secret" (include "commerce.secret" (dict "root" .root "section" "privacy")) "key" $v.privacy.sealingKey) }}
{{- end }}
{{- if $v.trial.enabled }}
# A trial lets in whoever reaches it, and knows the bundled shops.
- name: ApiAccess__Required
  value: "false"
{{- if has "sources" .needs }}
{{- range $key, $source := (.root.Files.Get "files/sources.json" | fromJson).Sources }}
{{- range $name, $value := omit $source "ConsentDefault" "TrackingPlan" }}
- name: Sources__{{ $key }}__{{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- range $purpose, $allowed := $source.ConsentDefault }}
- name: Sources__{{ $key }}__ConsentDefault__{{ $purpose }}
  value: {{ $allowed | quote }}
{{- end }}
{{- range $index, $event := $source.TrackingPlan }}
- name: Sources__{{ $key }}__TrackingPlan__{{ $index }}
  value: {{ $event | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if not $v.trial.enabled }}
{{- $trusted := list }}
{{- if $v.tls.caSecret }}{{ $trusted = append $trusted "/etc/commerce/ca" }}{{ end }}
{{- if and $v.schemaRegistry.tls.existingSecret (has "kafka" .needs) }}{{ $trusted = append $trusted "/etc/commerce/registry" }}{{ end }}
{{- with $trusted }}
# .NET and OpenSSL trust what is in these folders beside the image's own authorities.
- name: SSL_CERT_DIR
  value: {{ append . "/etc/ssl/certs" | join ":" }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Who a process is to Kafka: dict "root" $ "name" COMPONENT. The job that makes topics may be another user than the services. */}}
{{- define "commerce.kafkaUser" -}}
{{- $kafka := .root.Values.kafka -}}
{{- $user := (and (eq .name "provision") (not (empty $kafka.provision.sasl.existingSecret))) | ternary $kafka.provision.sasl $kafka.sasl -}}
{{- dict "username" $user.username "secret" (required "kafka.sasl.existingSecret is missing" $user.existingSecret) | toJson -}}
{{- end -}}

{{/* Certificates of a server that is not the trial's: dict "root" $ "section" "redis" "prefix" "Redis__". */}}
{{- define "commerce.tlsVariables" -}}
{{- $tls := (index .root.Values .section).tls -}}
{{- if and $tls.existingSecret (not .root.Values.trial.enabled) }}
{{- with $tls.caKey }}
- name: {{ $.prefix }}SslCaLocation
  value: /etc/commerce/{{ $.section }}/{{ . }}
{{- end }}
{{- with $tls.certificateKey }}
- name: {{ $.prefix }}SslCertificateLocation
  value: /etc/commerce/{{ $.section }}/{{ . }}
- name: {{ $.prefix }}SslKeyLocation
  value: /etc/commerce/{{ $.section }}/{{ $tls.privateKey }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Folders of certificates and the Secrets that they are mounted from, of the servers that a process needs, as JSON: dict "root" $ "name" COMPONENT "needs" (list …). */}}
{{- define "commerce.tlsSecrets" -}}
{{- $v := .root.Values -}}
{{- $needs := .needs -}}
{{- $secrets := dict -}}
{{- $kafka := (and (eq .name "provision") (not (empty $v.kafka.provision.tls.existingSecret))) | ternary $v.kafka.provision.tls $v.kafka.tls -}}
{{- if not $v.trial.enabled -}}
{{- range $folder, $tls := dict "kafka" $kafka "registry" $v.schemaRegistry.tls "redis" $v.redis.tls "postgres" $v.postgres.tls -}}
{{- if and $tls.existingSecret (has (eq $folder "registry" | ternary "kafka" $folder) $needs) }}{{ $_ := set $secrets $folder $tls.existingSecret }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $secrets | toJson -}}
{{- end -}}

{{/* dict "root" $ "name" COMPONENT "needs" (list …), as are the volumes. */}}
{{- define "commerce.mounts" -}}
- name: tmp
  mountPath: /tmp
{{- range $folder, $secret := include "commerce.tlsSecrets" . | fromJson }}
- name: {{ $folder }}-tls
  mountPath: /etc/commerce/{{ $folder }}
  readOnly: true
{{- end }}
{{- if not .root.Values.trial.enabled }}
{{- if .root.Values.tls.caSecret }}
- name: ca
  mountPath: /etc/commerce/ca
  readOnly: true
{{- end }}
{{- end }}
{{- end -}}

{{- define "commerce.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- range $folder, $secret := include "commerce.tlsSecrets" . | fromJson }}
- name: {{ $folder }}-tls
  secret:
    secretName: {{ $secret }}
    defaultMode: 0440
{{- end }}
{{- if not .root.Values.trial.enabled }}
{{- with .root.Values.tls.caSecret }}
- name: ca
  secret:
    secretName: {{ . }}
    defaultMode: 0444
{{- end }}
{{- end }}
{{- end -}}
