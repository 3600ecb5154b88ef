{{/*
A deployment of the service: of everything in one process, or of one side of a cluster.
Takes the chart's context with component added: empty, gateway or worker.
*/}}
{{- define "whyrank.deployment" -}}
{{- $component := .component -}}
{{- $hub := and (eq .Values.model.source "hub") (ne $component "gateway") -}}
{{- $gpu := and .Values.gpu.enabled (ne $component "gateway") -}}
{{- $volume := and (has .Values.model.source (list "hub" "pvc" "hostPath" "image")) (ne $component "gateway") -}}
{{- $remote := and (eq .Values.model.source "remote") (ne $component "gateway") -}}
{{- $placed := ternary .Values.cluster.gateway .Values (eq $component "gateway") -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "whyrank.component" . }}
  labels:
    {{- include "whyrank.labels" . | nindent 4 }}
spec:
  {{- if eq $component "worker" }}
  {{- if not .Values.cluster.keda.enabled }}
  replicas: {{ .Values.cluster.workers }}
  {{- end }}
  {{- else if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicaCount }}
  {{- end }}
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      {{- include "whyrank.podSelector" . | nindent 6 }}
  strategy:
    {{- $strategy := ternary .Values.strategy (omit .Values.strategy "rollingUpdate") (eq .Values.strategy.type "RollingUpdate") }}
    {{- toYaml $strategy | nindent 4 }}
  template:
    metadata:
      labels:
        {{- include "whyrank.labels" . | nindent 8 }}
        {{- with $component }}
        app.kubernetes.io/component: {{ . }}
        {{- end }}
        {{- with .Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "whyrank.serviceAccount" . }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      {{- with .Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- if and $gpu .Values.gpu.runtimeClassName }}
      runtimeClassName: {{ .Values.gpu.runtimeClassName }}
      {{- end }}
      terminationGracePeriodSeconds: {{ add .Values.drain.preStopSeconds .Values.drain.timeoutSeconds .Values.drain.marginSeconds }}
      securityContext:
        fsGroup: 10001
        fsGroupChangePolicy: OnRootMismatch
        seccompProfile:
          type: RuntimeDefault
      {{- if $hub }}
      initContainers:
        - name: fetch-model
          image: {{ include "whyrank.image" . | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          args:
            - import
            - {{ .Values.model.hub.name | quote }}
            {{- with .Values.model.adapter }}
            - --adapter
            - {{ . | quote }}
            {{- end }}
          env:
            - name: HF_HOME
              value: /models
            {{- with .Values.model.hub.endpoint }}
            - name: HF_ENDPOINT
              value: {{ . | quote }}
            {{- end }}
            {{- with .Values.model.hub.tokenSecret }}
            - name: HF_TOKEN
              valueFrom:
                secretKeyRef:
                  name: {{ . }}
                  key: {{ $.Values.model.hub.tokenKey }}
            {{- end }}
            {{- with .Values.env }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          securityContext:
            {{- include "whyrank.securityContext" . | nindent 12 }}
          resources:
            requests:
              cpu: 100m
              memory: 512Mi
            limits:
              memory: 1Gi
          volumeMounts:
            - name: models
              mountPath: /models
            - name: cache
              mountPath: /cache
      {{- end }}
      containers:
        - name: whyrank
          image: {{ include "whyrank.image" . | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          env:
            {{- if ne $component "gateway" }}
            - name: WHYRANK_MODEL
              value: {{ include "whyrank.model" . | quote }}
            {{- with include "whyrank.adapter" . }}
            - name: WHYRANK_ADAPTER
              value: {{ . | quote }}
            {{- end }}
            {{- end }}
            {{- if and $remote .Values.model.remote.existingSecret }}
            - name: WHYRANK_REMOTE_API_KEY
              valueFrom:
                secretKeyRef:
                  name: {{ .Values.model.remote.existingSecret }}
                  key: {{ .Values.model.remote.key }}
            {{- end }}
            {{- with $component }}
            - name: WHYRANK_CLUSTER_ROLE
              value: {{ . }}
            - name: WHYRANK_CLUSTER_KEY_PREFIX
              value: {{ include "whyrank.keyPrefix" $ | quote }}
            - name: WHYRANK_CLUSTER_REDIS_URL
              valueFrom:
                secretKeyRef:
                  name: {{ $.Values.cluster.redis.existingSecret }}
                  key: {{ $.Values.cluster.redis.urlKey }}
            {{- with $.Values.cluster.redis.passwordKey }}
            - name: WHYRANK_CLUSTER_REDIS_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: {{ $.Values.cluster.redis.existingSecret }}
                  key: {{ . }}
            {{- end }}
            {{- with $.Values.cluster.redis.caKey }}
            - name: WHYRANK_CLUSTER_REDIS_CA
              valueFrom:
                secretKeyRef:
                  name: {{ $.Values.cluster.redis.existingSecret }}
                  key: {{ . }}
            {{- end }}
            {{- end }}
            - name: WHYRANK_DRAIN_TIMEOUT
              value: {{ printf "%ds" (int .Values.drain.timeoutSeconds) }}
            # Spring's own bound on a shutdown, which has to be longer.
            - name: SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE
              value: {{ printf "%ds" (add .Values.drain.timeoutSeconds .Values.drain.marginSeconds) }}
            {{- range $name, $value := .Values.settings }}
            - name: WHYRANK_{{ $name | upper | replace "." "_" | replace "-" "_" }}
              {{- if kindIs "float64" $value }}
              value: {{ if eq (floor $value) $value }}{{ int64 $value | quote }}{{ else }}{{ $value | quote }}{{ end }}
              {{- else }}
              value: {{ $value | quote }}
              {{- end }}
            {{- end }}
            {{- if and $gpu (not (hasKey .Values.settings "engine.device")) }}
            - name: WHYRANK_ENGINE_DEVICE
              value: cuda:0
            {{- end }}
            {{- with .Values.apiKeys.existingSecret }}
            - name: WHYRANK_API_API_KEYS
              valueFrom:
                secretKeyRef:
                  name: {{ . }}
                  key: {{ $.Values.apiKeys.key }}
            {{- end }}
            - name: MANAGEMENT_SERVER_PORT
              value: {{ .Values.service.managementPort | quote }}
            {{- if ne .Values.logs.format "text" }}
            - name: LOGGING_STRUCTURED_FORMAT_CONSOLE
              value: {{ .Values.logs.format }}
            {{- end }}
            {{- with .Values.tracing.endpoint }}
            - name: MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT
              value: {{ . | quote }}
            - name: MANAGEMENT_TRACING_SAMPLING_PROBABILITY
              value: {{ $.Values.tracing.sampling | quote }}
            {{- end }}
            {{- with .Values.env }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            - name: http
              containerPort: 8080
            - name: management
              containerPort: {{ .Values.service.managementPort }}
          startupProbe:
            httpGet:
              path: /actuator/health/liveness
              port: management
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: {{ div (add .Values.probes.startupSeconds 4) 5 }}
          readinessProbe:
            httpGet:
              path: /actuator/health/readiness
              port: management
            periodSeconds: {{ .Values.probes.readinessPeriodSeconds }}
            timeoutSeconds: 5
          livenessProbe:
            httpGet:
              path: /actuator/health/liveness
              port: management
            periodSeconds: {{ .Values.probes.livenessPeriodSeconds }}
            timeoutSeconds: 5
            failureThreshold: 3
          lifecycle:
            preStop:
              exec:
                command: [sleep, {{ .Values.drain.preStopSeconds | quote }}]
          securityContext:
            {{- include "whyrank.securityContext" . | nindent 12 }}
          resources:
            {{- with $placed.resources.requests }}
            requests:
              {{- toYaml . | nindent 14 }}
            {{- end }}
            limits:
              {{- with $placed.resources.limits }}
              {{- toYaml . | nindent 14 }}
              {{- end }}
              {{- if $gpu }}
              {{ .Values.gpu.resourceName }}: {{ .Values.gpu.count }}
              {{- end }}
          volumeMounts:
            - name: cache
              mountPath: /cache
            {{- if $volume }}
            - name: models
              mountPath: /models
              readOnly: true
            {{- end }}
      volumes:
        - name: cache
          emptyDir:
            sizeLimit: {{ .Values.cache.sizeLimit }}
        {{- if $volume }}
        {{- with include "whyrank.claim" . }}
        - name: models
          persistentVolumeClaim:
            claimName: {{ . }}
        {{- end }}
        {{- if eq .Values.model.source "hostPath" }}
        - name: models
          hostPath:
            path: {{ .Values.model.hostPath }}
            type: Directory
        {{- end }}
        {{- if eq .Values.model.source "image" }}
        - name: models
          image:
            reference: {{ .Values.model.image | quote }}
            pullPolicy: {{ .Values.image.pullPolicy }}
        {{- end }}
        {{- end }}
      {{- with $placed.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $placed.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $placed.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.topologySpreadConstraints }}
      topologySpreadConstraints:
        {{- range . }}
        - {{- toYaml . | nindent 10 }}
          {{- if not .labelSelector }}
          labelSelector:
            matchLabels:
              {{- include "whyrank.podSelector" $ | nindent 14 }}
          {{- end }}
        {{- end }}
      {{- end }}
{{- end -}}
