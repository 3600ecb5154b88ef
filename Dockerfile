# The service as an image. The jar is built first, outside, where Maven's cache is:
#   ./mvnw -DskipTests package && docker build -t whyrank .
# For CUDA, put the lib folder of libtorch 2.7.1+cu128 at docker/libtorch, then:
#   docker build --build-arg VARIANT=cuda -t whyrank:cuda .
# BASE is any image with a Java runtime (17 or newer), bash and glibc; nothing else is fetched.
ARG BASE=eclipse-temurin:17-jre
ARG VARIANT=cpu

# Takes the jar apart, and libtorch out of its own jar: unpacked at build time it is mapped from the image by every
# container, and needs neither a writable cache nor time at start. The first answer shows that all of it works.
FROM ${BASE} AS unpack
WORKDIR /build
COPY target/whyrank.jar ./
RUN java -Djarmode=tools -jar whyrank.jar extract --layers --destination layers \
 && mkdir whole && cp -r layers/*/. whole/ \
 && echo "Yes." | DJL_CACHE_DIR=/build/natives java -jar whole/whyrank.jar rerank --query "Ready?" - \
 && mv natives/pytorch/* libtorch \
 && rm -r natives/pytorch layers/dependencies/lib/pytorch-native-cpu-*.jar \
 && chmod -R a+rX layers natives libtorch

# /models: checkpoints and adapters, also those that "import" fetches. /cache: everything else that is ever written.
FROM ${BASE} AS runtime
RUN mkdir -p /models /cache && chown 10001:10001 /models /cache
ENV HF_HOME=/models \
    HOME=/cache \
    DJL_CACHE_DIR=/opt/natives \
    OMP_WAIT_POLICY=PASSIVE \
    MALLOC_ARENA_MAX=2 \
    PYTORCH_LIBRARY_PATH=/opt/libtorch \
    PYTORCH_VERSION=2.7.1

FROM runtime AS cpu
COPY --from=unpack /build/libtorch/ /opt/libtorch/
ENV PYTORCH_FLAVOR=cpu

# DJL counts GPUs through a library of this very name, and libtorch's own copy may have a longer one.
FROM ${BASE} AS cudart
COPY docker/libtorch/libcudart* /opt/libtorch/
RUN mkdir /opt/cudart && cd /opt/libtorch && ln -s "/opt/libtorch/$(ls libcudart* | head -n 1)" /opt/cudart/libcudart.so

# The driver comes from the host, by NVIDIA's container runtime; everything else of CUDA is in libtorch's own folder.
FROM runtime AS cuda
COPY docker/libtorch/ /opt/libtorch/
COPY --from=cudart /opt/cudart/ /opt/cudart/
ENV PYTORCH_FLAVOR=cu128 \
    LD_LIBRARY_PATH=/opt/cudart \
    DJL_CACHE_DIR=/cache/djl \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility

FROM ${VARIANT}
LABEL org.opencontainers.image.title="Whyrank" \
      org.opencontainers.image.description="A reranking service that says why" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
# On top of libtorch, from what changes least to what changes most.
COPY --from=unpack /build/layers/dependencies/ ./
COPY --from=unpack /build/natives/ /opt/natives/
COPY --from=unpack /build/layers/spring-boot-loader/ /build/layers/snapshot-dependencies/ ./
COPY docker/jvm.flags docker/healthcheck ./
COPY --from=unpack /build/layers/application/ ./
VOLUME ["/models", "/cache"]
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=10m --retries=3 CMD ["bash", "/app/healthcheck"]
ENTRYPOINT ["java", "@/app/jvm.flags", "-jar", "/app/whyrank.jar"]
