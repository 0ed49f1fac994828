package dev.athanor.standalone.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Lints the chart, renders it, and parses every manifest strictly: a misspelled field or a wrong type fails. */
class HelmChartTest {

    private static final Path CHART = Repository.root().resolve("helm/athanor");
    private static final Pattern DOCUMENT_BREAK = Pattern.compile("(?m)^---\\s*$");

    @Test
    void lints() {
        LintResult result = new Helm(CHART).lint().strict().call();
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
    }

    @Test
    void theDefaultsRenderAllServicesWithKafkaPostgresAndAStore() throws Exception {
        List<HasMetadata> objects = render(new Helm(CHART).template().withName("rel"));
        assertThat(of(objects, Deployment.class)).hasSize(8);
        assertThat(of(objects, Service.class)).hasSize(10);
        assertThat(of(objects, StatefulSet.class)).hasSize(2);
        assertThat(of(objects, PersistentVolumeClaim.class)).hasSize(1);
        assertThat(of(objects, Secret.class)).hasSize(1);
        for (Deployment deployment : of(objects, Deployment.class)) {
            Container container =
                    deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
            assertThat(container.getReadinessProbe().getHttpGet().getPath()).endsWith("/readiness");
            assertThat(deployment.getSpec().getSelector().getMatchLabels())
                    .isEqualTo(selectorOf(
                            deployment,
                            deployment.getSpec().getTemplate().getMetadata().getLabels()));
            assertThat(deployment
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getSecurityContext()
                            .getRunAsNonRoot())
                    .isTrue();
        }
    }

    @Test
    void valuesReachTheManifests() throws Exception {
        List<HasMetadata> objects = render(new Helm(CHART)
                .template()
                .withName("rel")
                .set("services.trainer-service.gpu", 2)
                .set("services.trainer-service.replicas", 3)
                .set("services.gateway.port", 9999)
                .set("kafka.enabled", false)
                .set("kafka.brokers", "broker:9092")
                .set("postgres.enabled", false)
                .set("postgres.url", "jdbc:postgresql://db/athanor")
                .set("store.location", "s3://bucket/athanor")
                .set("secrets.existingSecret", "mine")
                .set("ingress.enabled", true)
                .set("ingress.tlsSecret", "tls"));
        assertThat(of(objects, StatefulSet.class)).isEmpty();
        assertThat(of(objects, PersistentVolumeClaim.class)).isEmpty();
        assertThat(of(objects, Secret.class)).isEmpty();
        Deployment trainer = of(objects, Deployment.class).stream()
                .filter(d -> d.getMetadata().getName().equals("rel-trainer-service"))
                .findFirst()
                .orElseThrow();
        Container container =
                trainer.getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertThat(trainer.getSpec().getReplicas()).isEqualTo(3);
        assertThat(container.getResources().getLimits().get("nvidia.com/gpu").getAmount())
                .isEqualTo("2");
        assertThat(container.getImage()).endsWith("-cuda");
        assertThat(container.getEnv())
                .anyMatch(e -> e.getName().equals("ATHANOR_KAFKA_BROKERS")
                        && e.getValue().equals("broker:9092"))
                .anyMatch(e -> e.getName().equals("ATHANOR_S3_SECRET_KEY")
                        && e.getValueFrom().getSecretKeyRef().getName().equals("mine"));
        assertThat(of(objects, Service.class))
                .anyMatch(s -> s.getMetadata().getName().equals("rel-gateway")
                        && s.getSpec().getPorts().getFirst().getPort() == 9999);
    }

    private static Map<String, String> selectorOf(Deployment deployment, Map<String, String> labels) {
        Map<String, String> selected = new java.util.TreeMap<>(labels);
        selected.keySet()
                .retainAll(deployment.getSpec().getSelector().getMatchLabels().keySet());
        return selected;
    }

    private static <T> List<T> of(List<HasMetadata> objects, Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static List<HasMetadata> render(TemplateCommand template) throws IllegalAccessException {
        List<HasMetadata> objects = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        var serialization = new KubernetesSerialization();
        for (String document : DOCUMENT_BREAK.split(template.call())) {
            boolean empty = document.lines().allMatch(line -> line.isBlank() || line.startsWith("#"));
            if (!empty) {
                HasMetadata object = serialization.unmarshal(document);
                assertThat(object).isNotInstanceOf(GenericKubernetesResource.class);
                unknownFields(object, object.getKind(), unknown);
                objects.add(object);
            }
        }
        assertThat(unknown).as("fields that Kubernetes does not know").isEmpty();
        return objects;
    }

    /** The model keeps fields that it does not know in {@code additionalProperties}; so a typo is found there. */
    private static void unknownFields(Object value, String path, List<String> unknown) throws IllegalAccessException {
        switch (value) {
            case null -> {}
            case Map<?, ?> map -> {
                for (var entry : map.entrySet()) {
                    unknownFields(entry.getValue(), path + "." + entry.getKey(), unknown);
                }
            }
            case Iterable<?> items -> {
                int i = 0;
                for (Object item : items) {
                    unknownFields(item, path + "[" + i++ + "]", unknown);
                }
            }
            default -> {
                if (!value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
                    return;
                }
                for (Class<?> type = value.getClass(); type != Object.class; type = type.getSuperclass()) {
                    for (Field field : type.getDeclaredFields()) {
                        if (!Modifier.isStatic(field.getModifiers())) {
                            field.setAccessible(true);
                            Object inner = field.get(value);
                            if (!field.getName().equals("additionalProperties")) {
                                unknownFields(inner, path + "." + field.getName(), unknown);
                            } else if (inner instanceof Map<?, ?> map && !map.isEmpty()) {
                                unknown.add(path + ": " + map.keySet());
                            }
                        }
                    }
                }
            }
        }
    }
}
