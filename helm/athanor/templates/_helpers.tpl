{{- define "athanor.labels" -}}
app.kubernetes.io/part-of: athanor
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "athanor.selector" -}}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/name: {{ .name }}
{{- end }}

{{- define "athanor.secretName" -}}
{{ .Values.secrets.existingSecret | default (printf "%s-secrets" .Release.Name) }}
{{- end }}

{{- define "athanor.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default .Release.Name }}
{{- end }}

{{- define "athanor.brokers" -}}
{{- if .Values.kafka.enabled -}}
{{ .Release.Name }}-kafka:{{ .Values.kafka.port }}
{{- else -}}
{{ required "kafka.brokers is needed where kafka.enabled is false" .Values.kafka.brokers }}
{{- end -}}
{{- end }}

{{- define "athanor.databaseUrl" -}}
{{- if .Values.postgres.enabled -}}
jdbc:postgresql://{{ .Release.Name }}-postgres:{{ .Values.postgres.port }}/{{ .Values.postgres.database }}
{{- else -}}
{{ required "postgres.url is needed where postgres.enabled is false" .Values.postgres.url }}
{{- end -}}
{{- end }}

{{- define "athanor.image" -}}
{{- $registry := .root.Values.image.registry -}}
{{- if $registry }}{{ $registry }}/{{ end -}}
{{ .root.Values.image.repository }}/{{ .name }}:{{ if gt (int .service.gpu) 0 }}{{ .root.Values.image.cudaTag }}{{ else }}{{ .root.Values.image.tag }}{{ end }}
{{- end }}
