{{/* Object names: the release's, with the chart's unless it is in there already. */}}
{{- define "whyrank.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What selects the pods; never changes in a release's life. */}}
{{- define "whyrank.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* The object name of one side of a cluster. */}}
{{- define "whyrank.component" -}}
{{- $name := include "whyrank.fullname" . -}}
{{- if .component -}}
{{- printf "%s-%s" (trunc 55 $name | trimSuffix "-") .component -}}
{{- else -}}
{{- $name -}}
{{- end -}}
{{- end -}}

{{/* What selects the pods of one side. */}}
{{- define "whyrank.podSelector" -}}
{{ include "whyrank.selector" . }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{/* What selects the pod of helm test; not one of the service's. */}}
{{- define "whyrank.testSelector" -}}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: test
{{- end -}}

{{/* Begins every key in Redis: releases that share one stay apart. */}}
{{- define "whyrank.keyPrefix" -}}
{{- default (printf "%s.%s" .Release.Namespace (include "whyrank.fullname" .)) .Values.cluster.redis.keyPrefix -}}
{{- end -}}

{{- define "whyrank.labels" -}}
{{ include "whyrank.selector" . }}
app.kubernetes.io/part-of: whyrank
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "whyrank.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "whyrank.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "whyrank.image" -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}

{{/* The claim that holds the model, if one does. */}}
{{- define "whyrank.claim" -}}
{{- if or (eq .Values.model.source "pvc") (eq .Values.model.source "hub") -}}
{{- default (printf "%s-models" (include "whyrank.fullname" .)) .Values.model.pvc.existingClaim -}}
{{- end -}}
{{- end -}}

{{/* What WHYRANK_MODEL is: one in the image, a name that the init container has fetched, an endpoint, or a folder. */}}
{{- define "whyrank.model" -}}
{{- if has .Values.model.source (list "embedded" "lab") -}}
{{ .Values.model.source }}
{{- else if eq .Values.model.source "remote" -}}
{{ printf "openai:%s#%s" .Values.model.remote.url .Values.model.remote.name }}
{{- else if eq .Values.model.source "hub" -}}
{{ .Values.model.hub.name }}
{{- else -}}
{{ trimSuffix "/" (printf "/models/%s" .Values.model.path) }}
{{- end -}}
{{- end -}}

{{- define "whyrank.adapter" -}}
{{- if and .Values.model.adapter (ne .Values.model.source "hub") -}}
{{ printf "/models/%s" .Values.model.adapter }}
{{- else -}}
{{ .Values.model.adapter }}
{{- end -}}
{{- end -}}

{{/* Of every container here. */}}
{{- define "whyrank.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Where settings that contradict each other end, with the value to change. */}}
{{- define "whyrank.check" -}}
{{- if and .Values.gpu.enabled (eq (toString (get .Values.settings "engine.device")) "cpu") -}}
{{- fail "gpu.enabled asks for a GPU and settings.engine.device is cpu: drop one of them" -}}
{{- end -}}
{{- if and .Values.gpu.enabled (eq (toString (get .Values.settings "engine.precision")) "int8") -}}
{{- fail "gpu.enabled asks for a GPU and settings.engine.precision is int8, which is for CPUs only: use bfloat16" -}}
{{- end -}}
{{- if and .Values.gpu.enabled (eq .Values.model.source "remote") -}}
{{- fail "gpu.enabled asks for a GPU and model.source is remote, which uses none: drop one of them" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- fail "autoscaling.minReplicas is above autoscaling.maxReplicas: raise the latter" -}}
{{- end -}}
{{- if and .Values.cluster.enabled .Values.autoscaling.enabled -}}
{{- fail "autoscaling.enabled scales pods with a model, and with cluster.enabled the workers are those: use cluster.keda" -}}
{{- end -}}
{{- if and .Values.cluster.keda.enabled (not .Values.cluster.enabled) -}}
{{- fail "cluster.keda.enabled scales the workers of a cluster: set cluster.enabled, too" -}}
{{- end -}}
{{- if and .Values.cluster.keda.enabled (gt (int .Values.cluster.keda.minWorkers) (int .Values.cluster.keda.maxWorkers)) -}}
{{- fail "cluster.keda.minWorkers is above cluster.keda.maxWorkers: raise the latter" -}}
{{- end -}}
{{- if and .Values.cluster.keda.redisUsername (not .Values.cluster.redis.passwordKey) -}}
{{- fail "cluster.keda.redisUsername needs a password, which KEDA cannot read from the URL: set cluster.redis.passwordKey" -}}
{{- end -}}
{{- if and (eq .Values.service.type "ClusterIP") (eq (int .Values.service.port) (int .Values.service.managementPort)) -}}
{{- fail "service.port and service.managementPort are the same: change one of them" -}}
{{- end -}}
{{- end -}}

{{/* The port of a URL; that of https if there is no URL. */}}
{{- define "whyrank.urlPort" -}}
{{- $url := urlParse (default "https://hub" .) -}}
{{- if contains ":" $url.host -}}
{{- regexReplaceAll ".*:" $url.host "" -}}
{{- else if eq $url.scheme "http" -}}
80
{{- else -}}
443
{{- end -}}
{{- end -}}
