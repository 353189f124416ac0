{{/*
The enabled servers of the echo: tree, as JSON: {"servers": [{name, transport, protocol, port, containerPortName,
servicePort, servicePortName, nodePort, appProtocol, properties}]}, in the order of transport and name.
Container ports are named by number, since names of servers may be longer than the 15 characters of a container port's
name. Ports of Services are named <protocol>-<server>: service meshes take the protocol from that.
*/}}
{{- define "socket-echo.servers" -}}
{{- $root := . -}}
{{- $servers := list -}}
{{- $taken := dict (printf "tcp-%d" (int .Values.http.port)) "http.port" -}}
{{- range $transport := list "tcp" "udp" -}}
{{- $configured := dig $transport "servers" dict $root.Values.echo -}}
{{- $outside := index $root.Values.service.ports $transport -}}
{{- range $name, $server := $configured -}}
{{- if dig "enabled" true $server -}}
{{- $property := printf "echo.%s.servers.%s.port" $transport $name -}}
{{- if kindIs "invalid" $server.port }}{{ fail (printf "%s: is required" $property) }}{{ end -}}
{{- $id := printf "%s-%d" $transport (int $server.port) -}}
{{- if hasKey $taken $id }}{{ fail (printf "%s: %d is that of %s" $property (int $server.port) (index $taken $id)) }}{{ end -}}
{{- $_ := set $taken $id $property -}}
{{- $servicePort := index $outside $name | default dict -}}
{{- $appProtocol := "" -}}
{{- if eq (dig "framing" "none" $server) "websocket" }}{{ $appProtocol = printf "kubernetes.io/%s" (empty $server.ssl | ternary "ws" "wss") }}{{ end -}}
{{- $servers = append $servers (dict "name" $name "transport" $transport "protocol" (upper $transport)
      "port" (int $server.port) "containerPortName" $id "servicePortName" (printf "%s-%s" $transport $name)
      "servicePort" (int ($servicePort.port | default $server.port)) "nodePort" (int ($servicePort.nodePort | default 0))
      "appProtocol" $appProtocol
      "properties" $server) -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := $outside -}}
{{- if not (dig $name "enabled" (hasKey $configured $name) $configured) -}}
{{- fail (printf "service.ports.%s.%s: there is no such server" $transport $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- dict "servers" $servers | toJson -}}
{{- end }}

{{/* The ports of the servers of .servers as those of a Service. */}}
{{- define "socket-echo.servicePorts" -}}
{{- range .servers }}
- name: {{ .servicePortName }}
  protocol: {{ .protocol }}
  {{- with .appProtocol }}
  appProtocol: {{ . }}
  {{- end }}
  port: {{ int .servicePort }}
  targetPort: {{ .containerPortName }}
  {{- if and .nodePort (ne $.root.Values.service.type "ClusterIP") }}
  nodePort: {{ int .nodePort }}
  {{- end }}
{{- end }}
{{- end }}

{{/*
The WebSocket server that an entry of ingress.hosts leads to, as JSON: . is a dictionary of root, entry and property.
*/}}
{{- define "socket-echo.ingressServer" -}}
{{- $found := list -}}
{{- range (include "socket-echo.servers" .root | fromJson).servers -}}
{{- if and .appProtocol (or (not $.entry.server) (eq $.entry.server .name)) }}{{ $found = append $found . }}{{ end -}}
{{- end -}}
{{- if and (not $found) .entry.server }}{{ fail (printf "%s.server: there is no TCP server '%s' with framing websocket" .property .entry.server) }}{{ end -}}
{{- if not $found }}{{ fail (printf "%s: there is no TCP server with framing websocket" .property) }}{{ end -}}
{{- if gt (len $found) 1 }}{{ fail (printf "%s.server: is required, there are several servers with framing websocket" .property) }}{{ end -}}
{{- first $found | toJson -}}
{{- end }}

{{/* The lowest port below 1024 that the pod listens on, or nothing. */}}
{{- define "socket-echo.privilegedPort" -}}
{{- $lowest := int .Values.http.port -}}
{{- range (include "socket-echo.servers" . | fromJson).servers }}{{ $lowest = min $lowest (int .port) }}{{ end -}}
{{- if lt (int $lowest) 1024 }}{{ $lowest }}{{ end -}}
{{- end }}

{{/* The port of a server that the mesh probes: . is a dictionary of root, transport and name. */}}
{{- define "socket-echo.meshPort" -}}
{{- $property := printf "mesh.%sServer" .transport -}}
{{- $port := 0 -}}
{{- range (include "socket-echo.servers" .root | fromJson).servers -}}
{{- if and (eq .transport $.transport) (eq .name $.name) -}}
{{- $port = int .port -}}
{{- if ne (dig "mode" "echo" .properties) "echo" }}{{ fail (printf "%s: '%s' does not echo" $property .name) }}{{ end -}}
{{- if ne (dig "framing" "none" .properties) "none" }}{{ fail (printf "%s: '%s' has a framing, probes have none" $property .name) }}{{ end -}}
{{- if .properties.greeting }}{{ fail (printf "%s: '%s' has a greeting, which probes do not expect" $property .name) }}{{ end -}}
{{- if or .properties.ssl (index .properties "proxy-protocol") }}{{ fail (printf "%s: '%s' wants TLS or a PROXY header, probes have neither" $property .name) }}{{ end -}}
{{- end -}}
{{- end -}}
{{- if not $port }}{{ fail (printf "%s: there is no server '%s'" $property .name) }}{{ end -}}
{{- $port -}}
{{- end }}
