{{/* Names and labels */}}

{{- define "socket-echo.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* 40 characters leave room for what is added to it: -peers, -http, an ordinal, the hash of a ReplicaSet. */}}
{{- define "socket-echo.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "socket-echo.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "socket-echo.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "socket-echo.labelsWithoutComponent" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/name: {{ include "socket-echo.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "socket-echo.labels" -}}
{{ include "socket-echo.labelsWithoutComponent" . }}
app.kubernetes.io/component: server
{{- end }}

{{/* The component keeps the pod of `helm test` out of the Services. */}}
{{- define "socket-echo.selectorLabels" -}}
app.kubernetes.io/name: {{ include "socket-echo.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end }}

{{- define "socket-echo.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{/* The name of the Service that has a transport: . is a dictionary of root and transport. */}}
{{- define "socket-echo.serviceName" -}}
{{- $name := include "socket-echo.fullname" .root -}}
{{- if .root.Values.service.splitByProtocol }}{{ printf "%s-%s" $name .transport }}{{ else }}{{ $name }}{{ end }}
{{- end }}

{{- define "socket-echo.secretName" -}}
{{- $bundle := index .root.Values.tls.bundles .bundle -}}
{{- if $bundle.secretName }}
{{- $bundle.secretName }}
{{- else if (($bundle.certificate).enabled) }}
{{- printf "%s-%s-tls" (include "socket-echo.fullname" .root) .bundle }}
{{- else }}
{{- fail (printf "tls.bundles.%s: needs secretName, or certificate.enabled" .bundle) }}
{{- end }}
{{- end }}

{{/* Whole seconds, rounded up, of a duration such as 500ms, 5s or 1m. */}}
{{- define "socket-echo.seconds" -}}
{{- $number := regexFind "^[0-9]+" . | int64 -}}
{{- $unit := regexReplaceAll "^[0-9]+" . "" -}}
{{- if eq $unit "ms" }}{{ div (add $number 999) 1000 }}
{{- else if eq $unit "s" }}{{ $number }}
{{- else if eq $unit "m" }}{{ mul $number 60 }}
{{- else if eq $unit "h" }}{{ mul $number 3600 }}
{{- else }}{{ fail (printf "%s: expected a number with ms, s, m or h" .) }}
{{- end }}
{{- end }}

{{/*
How long a shutdown takes at most: a preStop sleep, the readiness delay, the end of the connections, then 10 s, of which the
service itself takes up to 5 s (docs/shutdown.md of the project).
*/}}
{{- define "socket-echo.terminationGracePeriodSeconds" -}}
{{- $sleep := 0 -}}
{{- if .Values.lifecycle.preStop }}{{ $sleep = dig "preStop" "sleep" "seconds" 0 .Values.lifecycle | int64 }}{{ end -}}
{{- $delay := include "socket-echo.seconds" (dig "shutdown" "readiness-delay" "0s" .Values.echo) | int64 -}}
{{- $needed := add $sleep $delay (include "socket-echo.seconds" .Values.shutdownTimeout | int64) 10 -}}
{{- $wanted := .Values.terminationGracePeriodSeconds -}}
{{- if kindIs "invalid" $wanted }}{{ $needed }}
{{- else if lt ($wanted | int64) $needed }}
{{- fail (printf "terminationGracePeriodSeconds: %d is less than the %d that preStop, echo.shutdown.readiness-delay and shutdownTimeout take" ($wanted | int64) $needed) }}
{{- else }}{{ $wanted | int64 }}
{{- end }}
{{- end }}
