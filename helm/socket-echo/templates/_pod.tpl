{{/* The pod of the Deployment or StatefulSet. */}}
{{- define "socket-echo.pod" -}}
metadata:
  annotations:
    # The service reads its configuration at start.
    checksum/config: {{ include "socket-echo.application" . | sha256sum }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  labels:
    {{- include "socket-echo.labels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "socket-echo.serviceAccountName" . }}
  automountServiceAccountToken: false
  # Variables such as ECHO_PORT, of a Service named echo, are not the service's configuration.
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ include "socket-echo.terminationGracePeriodSeconds" . }}
  securityContext:
    {{- include "socket-echo.podSecurityContext" . | nindent 4 }}
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  {{- with .Values.runtimeClassName }}
  runtimeClassName: {{ . }}
  {{- end }}
  {{- with .Values.initContainers }}
  initContainers:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: socket-echo
      image: {{ include "socket-echo.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      securityContext:
        {{- toYaml .Values.securityContext | nindent 8 }}
      env:
        - name: SPRING_CONFIG_ADDITIONAL_LOCATION
          value: file:/etc/socket-echo/config/
        {{- if .Values.mesh.enabled }}
        # The profile that switches off the probe of this pod itself
        - name: SPRING_PROFILES_INCLUDE
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        {{- end }}
        {{- with include "socket-echo.identity" . }}
        {{- . | trim | nindent 8 }}
        {{- end }}
        {{- with .Values.jvmOptions }}
        - name: JAVA_TOOL_OPTIONS
          value: {{ . | quote }}
        {{- end }}
        {{- with .Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      ports:
        {{- range (include "socket-echo.servers" . | fromJson).servers }}
        - name: {{ .containerPortName }}
          containerPort: {{ int .port }}
          protocol: {{ .protocol }}
        {{- end }}
        - name: http
          containerPort: {{ int .Values.http.port }}
          protocol: TCP
      startupProbe:
        httpGet:
          path: /actuator/health/liveness
          port: http
        {{- toYaml .Values.startupProbe | nindent 8 }}
      livenessProbe:
        httpGet:
          path: /actuator/health/liveness
          port: http
        {{- toYaml .Values.livenessProbe | nindent 8 }}
      readinessProbe:
        httpGet:
          path: /actuator/health/readiness
          port: http
        {{- toYaml .Values.readinessProbe | nindent 8 }}
      {{- with .Values.lifecycle }}
      lifecycle:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.resources }}
      resources:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      volumeMounts:
        - name: config
          mountPath: /etc/socket-echo/config
          readOnly: true
        - name: tmp
          mountPath: /tmp
        {{- range $name, $_ := .Values.tls.bundles }}
        - name: tls-{{ $name }}
          mountPath: /etc/socket-echo/tls/{{ $name }}
          readOnly: true
        {{- end }}
        {{- with .Values.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    {{- with .Values.extraContainers }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  volumes:
    - name: config
      configMap:
        name: {{ include "socket-echo.fullname" . }}
    - name: tmp
      emptyDir:
        sizeLimit: 64Mi
    {{- range $name, $_ := .Values.tls.bundles }}
    - name: tls-{{ $name }}
      secret:
        secretName: {{ include "socket-echo.secretName" (dict "root" $ "bundle" $name) }}
        # 0440: for the group of fsGroup
        defaultMode: 288
    {{- end }}
    {{- with .Values.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with .Values.topologySpreadConstraints }}
  topologySpreadConstraints:
    {{- range . }}
    {{- $default := dict "labelSelector" (dict "matchLabels" (include "socket-echo.selectorLabels" $ | fromYaml)) }}
    - {{ merge (deepCopy .) (hasKey . "labelSelector" | ternary dict $default) | toYaml | nindent 6 | trim }}
    {{- end }}
  {{- end }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "socket-echo.podSecurityContext" -}}
{{- $context := deepCopy .Values.podSecurityContext -}}
{{- $port := include "socket-echo.privilegedPort" . -}}
{{- if and $port (not (contains "ip_unprivileged_port_start" (toJson $context))) -}}
{{- $sysctl := dict "name" "net.ipv4.ip_unprivileged_port_start" "value" $port -}}
{{- $_ := set $context "sysctls" (append ($context.sysctls | default list) $sysctl) -}}
{{- end -}}
{{- toYaml $context -}}
{{- end }}

{{/*
The environment variables that tell this pod from others, for `mode: identify`. The environment wins over application.yml,
so what echo.identity has is left to it.
*/}}
{{- define "socket-echo.identity" -}}
{{- if .Values.identity.enabled -}}
{{- $fields := dict "pod" "metadata.name" "namespace" "metadata.namespace" "node" "spec.nodeName" -}}
{{- with .Values.identity.zoneLabel -}}
{{- $_ := set $fields "zone" (printf "metadata.labels['%s']" .) -}}
{{- end -}}
{{- range $name, $field := $fields -}}
{{- if not (hasKey ($.Values.echo.identity | default dict) $name) }}
- name: ECHO_IDENTITY_{{ upper $name }}
  valueFrom:
    fieldRef:
      fieldPath: {{ $field }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}
