{{/*
application.yml, and with the mesh one more document for each pod, whose profile is the pod's name.
*/}}
{{- define "socket-echo.application" -}}
{{- $root := . -}}
{{- $echo := deepCopy .Values.echo -}}
{{- range $transport, $names := dict "tcp" (list "stream" "line" "message" "collect") "udp" (list "datagram") -}}
{{- range $name := $names -}}
{{- if not (dig $transport "servers" $name nil $echo) -}}
{{/* Removed from the values by null. Without this the service would open its own default server. */}}
{{- $echo = mergeOverwrite $echo (dict $transport (dict "servers" (dict $name (dict "enabled" false)))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- with dig "tcp" "servers" "message" nil $echo -}}
{{- if and (ne (.framing | default "delimiter") "delimiter") (not .delimiter) -}}
{{/* Removed from the values by null. Without this the service would use its own default. */}}
{{- $_ := set . "delimiter" "" -}}
{{- end -}}
{{- end -}}
{{- $management := dict -}}
{{- range .Values.management.writable -}}
{{- $_ := set $management . (dict "access" "unrestricted") -}}
{{- end -}}
{{- $pem := dict -}}
{{- range $name, $bundle := .Values.tls.bundles -}}
{{- $directory := printf "file:/etc/socket-echo/tls/%s" $name -}}
{{- $entry := dict "reload-on-update" true "keystore" (dict
      "certificate" (printf "%s/%s" $directory ($bundle.certificateKey | default "tls.crt"))
      "private-key" (printf "%s/%s" $directory ($bundle.privateKeyKey | default "tls.key"))) -}}
{{- with $bundle.caKey -}}
{{- $_ := set $entry "truststore" (dict "certificate" (printf "%s/%s" $directory .)) -}}
{{- end -}}
{{- $_ := set $pem $name $entry -}}
{{- end -}}
{{- range (include "socket-echo.servers" . | fromJson).servers -}}
{{- $bundle := dig "ssl" "bundle" "" .properties -}}
{{- if and $bundle (not (hasKey $root.Values.tls.bundles $bundle)) (not (contains "bundle" (toJson $root.Values.application))) -}}
{{- fail (printf "echo.%s.servers.%s.ssl.bundle: there is no '%s' in tls.bundles" .transport .name $bundle) -}}
{{- end -}}
{{- if and $bundle (ne (dig "ssl" "client-auth" "none" .properties) "none") -}}
{{- with index $root.Values.tls.bundles $bundle -}}
{{- if not .caKey }}{{ fail (printf "tls.bundles.%s.caKey: is required, a server has client-auth" $bundle) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $spring := dict "lifecycle" (dict "timeout-per-shutdown-phase" .Values.shutdownTimeout) -}}
{{- if $pem }}{{ $_ := set $spring "ssl" (dict "bundle" (dict "pem" $pem)) }}{{ end -}}
{{- if .Values.mesh.enabled -}}
{{- $echo = mergeOverwrite $echo (dict "probes" (include "socket-echo.meshProbes" . | fromJson)) -}}
{{- end -}}
{{- $own := dict "server" (dict "port" (int .Values.http.port)) "spring" $spring "echo" $echo -}}
{{- if $management }}{{ $_ := set $own "management" (dict "endpoint" $management) }}{{ end -}}
{{- mergeOverwrite (deepCopy .Values.application) $own | toYaml -}}
{{- if .Values.mesh.enabled -}}
{{- range $ordinal := until (int .Values.replicaCount) }}
---
# A pod does not probe itself.
spring:
  config:
    activate:
      on-profile: {{ include "socket-echo.fullname" $root }}-{{ $ordinal }}
echo:
  probes:
    {{- range $name, $_ := (include "socket-echo.meshProbes" $root | fromJson) }}
    {{- if hasPrefix (printf "peer-%d-" $ordinal) $name }}
    {{ $name }}:
      enabled: false
    {{- end }}
    {{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* The probes of the mesh, as JSON: peer-<ordinal>-tcp and peer-<ordinal>-udp. */}}
{{- define "socket-echo.meshProbes" -}}
{{- $root := . -}}
{{- $fullname := include "socket-echo.fullname" . -}}
{{- $probes := dict -}}
{{- range $transport, $server := dict "tcp" .Values.mesh.tcpServer "udp" .Values.mesh.udpServer -}}
{{- if $server -}}
{{- $port := include "socket-echo.meshPort" (dict "root" $root "transport" $transport "name" $server) | int -}}
{{- range $ordinal := until (int $root.Values.replicaCount) -}}
{{- $host := printf "%s-%d.%s-peers.%s.svc.%s" $fullname $ordinal $fullname $root.Release.Namespace $root.Values.clusterDomain -}}
{{- $_ := set $probes (printf "peer-%d-%s" $ordinal $transport) (dict "transport" $transport "host" $host "port" $port
      "interval" $root.Values.mesh.interval "timeout" $root.Values.mesh.timeout
      "count" (int $root.Values.mesh.count) "payload-size" $root.Values.mesh.payloadSize) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $probes | toJson -}}
{{- end }}
