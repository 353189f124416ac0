# Socket Echo from source. See docs/docker.md.
ARG JDK_IMAGE=eclipse-temurin:25-jdk
ARG JRE_IMAGE=eclipse-temurin:25-jre

FROM ${JDK_IMAGE} AS build
WORKDIR /build
# The wrapper's download trusts the authorities that the JDK trusts, as Maven's do.
RUN keytool -list -rfc -cacerts -storepass changeit > /etc/ssl/jdk-authorities.pem
ENV SSL_CERT_FILE=/etc/ssl/jdk-authorities.pem
# Maven, plugins and libraries: a layer that stays until the POM changes. One source file makes
# the compiler plugin load its annotation processors.
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src/main/java/dev/socketecho/package-info.java src/main/java/dev/socketecho/
RUN ./mvnw -B -ntp -q package -Dmaven.test.skip -Dspring-boot.repackage.skip -Dexec.skip && rm -r target
COPY src/main src/main
RUN ./mvnw -B -ntp -q package -Dmaven.test.skip
RUN java -Djarmode=tools -jar target/socket-echo.jar extract --layers --destination layers
# Netty would unpack its native libraries to /tmp, where a container may not execute (Docker's --tmpfs).
RUN mkdir native layers/dependencies/native && cd native \
 && for jar in ../layers/dependencies/lib/netty-*-linux-*.jar; do jar xf "$jar" META-INF/native; done \
 && mv META-INF/native/*.so ../layers/dependencies/native
# A fixed time for the directories as for the files: it is the content that makes a layer a new one.
RUN find layers -exec touch -d 2026-01-01T00:00:00Z {} +
COPY container container
RUN javac -d training container/Service.java container/AotTraining.java

# What runs, without the cache
FROM ${JRE_IMAGE} AS service
WORKDIR /app
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY container/jvm.options ./
COPY --from=build /build/layers/application/ ./

# The AOT cache belongs to this JVM, these options and these files.
FROM service AS training
COPY --from=build /build/training /training
RUN java -cp /training AotTraining /app/socket-echo.aot java @/app/jvm.options -Djava.library.path=/app/native -jar /app/socket-echo.jar

FROM service
COPY --from=training /app/socket-echo.aot ./
USER 10001:10001
# stream and datagram, line, message, collect, HTTP
EXPOSE 7007/tcp 7007/udp 1337/tcp 11000/tcp 11001/tcp 8080/tcp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx16m", "-cp", "/app/socket-echo.jar", "dev.socketecho.HealthCheck"]
ENTRYPOINT ["java", "@/app/jvm.options", "-Djava.library.path=/app/native", "-XX:AOTCache=/app/socket-echo.aot", "-jar", "/app/socket-echo.jar"]
ARG REVISION=unknown
ARG VERSION=0.1.0-SNAPSHOT
LABEL org.opencontainers.image.title="Socket Echo" \
  org.opencontainers.image.description="TCP and UDP echo service with metrics, clients and probes" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.version="${VERSION}"
