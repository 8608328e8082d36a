package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What deploy/ says of the application is true: names, ports, paths, times. */
class PackagesTest {
    private static final Path DEPLOY = Path.of("deploy");
    private static final Path KUBERNETES = DEPLOY.resolve("kubernetes");
    /** Kubernetes' classes would take fields that it does not have. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated member) {
                    return false;
                }
            });

    private static final Pattern VARIABLE = Pattern.compile("TALLY_(?!CACHE)[A-Z_]+");

    private final JsonNode application = yaml(Path.of("application.yml"));
    private final JsonNode set = yaml(KUBERNETES.resolve("statefulset.yaml"));
    private final JsonNode pod = set.at("/spec/template/spec");
    private final JsonNode container = pod.at("/containers/0");
    private final JsonNode compose = yaml(DEPLOY.resolve("compose/compose.yaml"));
    private final String unit = text(DEPLOY.resolve("systemd/tally.service"));
    private final String image = text(DEPLOY.resolve("container/Containerfile"));

    @TempDir
    Path directory;

    @Test
    void kubernetesNamesAgree() {
        JsonNode labels = set.at("/spec/template/metadata/labels");
        assertThat(labels.isEmpty()).isFalse();
        JsonNode service = yaml(KUBERNETES.resolve("service.yaml"));
        assertThat(List.of(
                        set.at("/spec/selector/matchLabels"),
                        service.at("/spec/selector"),
                        yaml(KUBERNETES.resolve("poddisruptionbudget.yaml")).at("/spec/selector/matchLabels")))
                .allMatch(labels::equals);
        assertThat(set.at("/spec/serviceName")).isEqualTo(service.at("/metadata/name"));
        assertThat(pod.at("/volumes/0/configMap/name"))
                .isEqualTo(yaml(KUBERNETES.resolve("configmap.yaml")).at("/metadata/name"));
        assertThat(service.at("/spec/ports/0/targetPort")).isEqualTo(container.at("/ports/0/name"));
    }

    /** No field that Kubernetes does not have, and no value of another type than it takes. */
    @ParameterizedTest
    @ValueSource(classes = {StatefulSet.class, Service.class, ConfigMap.class, PodDisruptionBudget.class})
    void kubernetesKnowsWhatTheManifestsSay(Class<?> kind) {
        assertThat(refusal(kind, manifest(kind))).isEmpty();
    }

    @Test
    void kubernetesDoesNotKnowMistakes() {
        String manifest = manifest(StatefulSet.class);
        assertThat(refusal(StatefulSet.class, manifest.replace("failureThreshold", "failureTreshold")))
                .contains("failureTreshold");
        assertThat(refusal(StatefulSet.class, manifest.replace("replicas: 2", "replicas: two")))
                .contains("\"two\"");
    }

    @Test
    void portsAreTheApplications() {
        int port = application.at("/server/port").asInt();
        assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(port);
        assertThat(set.at("/spec/template/metadata/annotations/prometheus.io~1port")
                        .asInt())
                .isEqualTo(port);
        assertThat(image).contains("EXPOSE " + port);
        assertThat(compose.at("/services/tally/ports/0").asString()).endsWith(":" + port);
    }

    /** Readiness is down while a person is needed, which a restart does not heal. */
    @Test
    void probesAskTheGroupsThatThereAre() {
        Map<String, String> groups = Map.of("startup", "liveness", "liveness", "liveness", "readiness", "readiness");
        groups.forEach((probe, group) -> {
            JsonNode request = container.at("/" + probe + "Probe/httpGet");
            assertThat(request.get("path").asString()).isEqualTo("/actuator/health/" + group);
            assertThat(request.get("port")).isEqualTo(container.at("/ports/0/name"));
            assertThat(application
                            .at("/management/endpoint/health/group/" + group)
                            .isMissingNode())
                    .isFalse();
        });
        assertThat(application.at("/management/endpoints/web/exposure/include").asString())
                .contains("health", "prometheus");
        assertThat(set.at("/spec/template/metadata/annotations/prometheus.io~1path")
                        .asString())
                .isEqualTo("/actuator/prometheus");
    }

    /** Pipelines stop first, then the web server. */
    @Test
    void whoeverStopsItWaitsLongEnough() {
        int needed = 2
                * seconds(application
                        .at("/spring/lifecycle/timeout-per-shutdown-phase")
                        .asString());
        assertThat(pod.get("terminationGracePeriodSeconds").asInt()).isGreaterThan(needed);
        assertThat(seconds(compose.at("/services/tally/stop_grace_period").asString()))
                .isGreaterThan(needed);
        assertThat(Integer.parseInt(setting("TimeoutStopSec"))).isGreaterThan(needed);
        assertThat(setting("KillSignal")).isEqualTo("SIGTERM");
        assertThat(image).contains("STOPSIGNAL SIGTERM").contains("ENTRYPOINT [\"/opt/tally/bin/tally\"]");
    }

    @Test
    void writesNowhereButWhereItMay() {
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(image)
                .contains("USER " + pod.at("/securityContext/runAsUser").asInt() + ":");
        assertThat(container
                        .get("volumeMounts")
                        .valueStream()
                        .map(mount -> mount.get("mountPath").asString()))
                .contains("/tmp", "/opt/tally/conf");
        assertThat(compose.at("/services/tally/read_only").asBoolean()).isTrue();
        assertThat(setting("ProtectSystem")).isEqualTo("strict");
        assertThat(unit).contains("TALLY_CACHE=/var/cache/" + setting("CacheDirectory"));
    }

    @Test
    void variablesAreProperties() throws IOException {
        List<String> known = PropertyReference.metadata().values().stream()
                .map(property -> property.get("name").asString())
                .map(name -> name.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT))
                .toList();
        List<String> used = new ArrayList<>();
        for (String text : List.of(
                unit, text(KUBERNETES.resolve("statefulset.yaml")), text(DEPLOY.resolve("compose/compose.yaml")))) {
            used.addAll(VARIABLE.matcher(text).results().map(MatchResult::group).toList());
        }
        assertThat(used).hasSizeGreaterThanOrEqualTo(3);
        assertThat(known).containsAll(used);
    }

    /** What the image is made of is where the build puts it. */
    @Test
    void theImageCopiesFilesThatThereAre() {
        assertThat(image).contains("COPY target/tally-*.tar.gz deploy/container/layers.sh");
        assertThat(DEPLOY.resolve("container/layers.sh")).exists();
        assertThat(DEPLOY.resolve("compose")
                        .resolve(compose.at("/services/tally/build/context").asString())
                        .resolve(compose.at("/services/tally/build/dockerfile").asString()))
                .exists();
    }

    @Test
    void systemdTakesTheUnit() throws Exception {
        boolean installed =
                Stream.of("/usr/bin", "/bin").anyMatch(place -> Files.isExecutable(Path.of(place, "systemd-analyze")));
        if (!installed) {
            System.out.println(
                    "PackagesTest: SKIPPED systemd-analyze verify, since it is not installed (Debian: systemd)");
        }
        assumeTrue(installed);
        Path file = Files.writeString(
                directory.resolve("tally.service"), unit.replace("/opt/tally/bin/tally", "/bin/true"));

        Process verify = new ProcessBuilder("systemd-analyze", "verify", file.toString())
                .redirectErrorStream(true)
                .start();

        String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(verify.waitFor()).as(said).isZero();
        assertThat(said).doesNotContain("tally.service");
    }

    private String setting(String name) {
        return unit.lines()
                .filter(line -> line.startsWith(name + "="))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private static int seconds(String duration) {
        assertThat(duration).matches("\\d+s");
        return Integer.parseInt(duration.substring(0, duration.length() - 1));
    }

    private static JsonNode yaml(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new JsonMapper().valueToTree(new Yaml().load(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String manifest(Class<?> kind) {
        return text(KUBERNETES.resolve(kind.getSimpleName().toLowerCase(Locale.ROOT) + ".yaml"));
    }

    /** Empty if there is nothing that such an object does not have. */
    private static String refusal(Class<?> kind, String manifest) {
        try {
            STRICT.convertValue(new Yaml().load(manifest), kind);
            return "";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
