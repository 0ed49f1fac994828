# One image a service:  mvn -Pdist -DskipTests package && docker build --build-arg SERVICE=gateway -t athanor/gateway .
# CUDA variant (trainer, finetune, evaluation, inference): build the jars with -Pdist,cuda and pass
#   --build-arg RUNTIME=cuda
ARG RUNTIME=cpu

FROM eclipse-temurin:25-jdk AS layers
ARG SERVICE
WORKDIR /build
COPY ${SERVICE}/target/*-exec.jar application.jar
# Dependencies change rarely and the application often: one layer each.
RUN java -Djarmode=tools -jar application.jar extract --layers --destination extracted

FROM eclipse-temurin:25-jre AS runtime-cpu

# CUDA 13 with cuDNN; NCCL and the other libraries that libtorch loads come with this image.
FROM nvidia/cuda:13.0.1-cudnn-runtime-ubuntu24.04 AS runtime-cuda
COPY --from=eclipse-temurin:25-jre /opt/java/openjdk /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:$PATH
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*

FROM runtime-${RUNTIME}
ARG SERVICE
ARG PORT=8080
RUN useradd --system --uid 10001 --create-home athanor && mkdir -p /var/lib/athanor && chown athanor /var/lib/athanor
USER 10001
WORKDIR /opt/athanor
COPY --from=layers /build/extracted/dependencies/ ./
COPY --from=layers /build/extracted/spring-boot-loader/ ./
COPY --from=layers /build/extracted/snapshot-dependencies/ ./
COPY --from=layers /build/extracted/application/ ./
COPY libs/libtorch-engine/launch.env ./launch.env
ENV ATHANOR_HOST=0.0.0.0 ATHANOR_STORE=/var/lib/athanor/store HEALTH_PORT=${PORT} \
    JAVA_TOOL_OPTIONS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError"
EXPOSE ${PORT}
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=6 \
  CMD curl -fsS http://127.0.0.1:${HEALTH_PORT}/actuator/health/liveness || exit 1
# The shell reads the native settings of libtorch, then the JVM takes its place as process 1. Kernels in Java want the vector module, where the
# runtime has it; they fall back to libtorch without.
ENTRYPOINT ["/bin/sh", "-c", "set -a; . ./launch.env; if java --list-modules 2>/dev/null | grep -q jdk.incubator.vector; then JAVA_TOOL_OPTIONS=\"$JAVA_TOOL_OPTIONS --add-modules=jdk.incubator.vector\"; fi; set +a; exec java -jar application.jar"]
