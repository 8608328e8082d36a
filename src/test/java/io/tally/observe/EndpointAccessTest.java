package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PipelineControls;
import io.tally.pipeline.control.RowExplanation;
import io.tally.pipeline.status.Pipelines;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The endpoint on a real web server: who may do what. */
class EndpointAccessTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final AskedPipeline ASKED = new AskedPipeline();

    @Test
    void onlyShowsUnlessSomebodyAllowsMore() throws Exception {
        try (ConfigurableApplicationContext context = start()) {
            assertThat(send(context, "GET", "/actuator/tally/visits").statusCode())
                    .isEqualTo(200);
            for (String operation : List.of("pause", "resume", "checkpoint")) {
                assertThat(send(context, "POST", "/actuator/tally/visits/" + operation)
                                .statusCode())
                        .isBetween(404, 405);
            }
            assertThat(ASKED.calls).isEmpty();
        }
    }

    @Test
    void doesWhatItIsAskedOnceThatIsAllowed() throws Exception {
        try (ConfigurableApplicationContext context = start("--management.endpoint.tally.access=unrestricted")) {
            assertThat(send(context, "POST", "/actuator/tally/visits/pause").statusCode())
                    .isEqualTo(200);
            assertThat(send(context, "POST", "/actuator/tally/visits/nothing").statusCode())
                    .isEqualTo(400);
            assertThat(send(context, "POST", "/actuator/tally/nothing/pause").statusCode())
                    .isEqualTo(404);
            assertThat(ASKED.calls).containsExactly("pause");
            String body = "{\"partition\":3,\"watermark\":\"2026-01-01T00:00:00Z\",\"close\":true}";
            assertThat(send(context, "POST", "/actuator/tally/visits/watermark", "application/json", body)
                            .statusCode())
                    .isEqualTo(409);
            assertThat(ASKED.calls.get(1)).contains("partition=3", "watermark=1767225600000", "close=true");
            assertThat(send(
                                    context,
                                    "POST",
                                    "/actuator/tally/visits/watermark",
                                    "application/json",
                                    "{\"close\":\"x\"}")
                            .statusCode())
                    .isEqualTo(400);
            ASKED.calls.clear();
            // A browser sends these for a page of any site, without asking.
            for (String type :
                    List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "")) {
                assertThat(send(context, "POST", "/actuator/tally/visits/pause", type, "")
                                .statusCode())
                        .as(type)
                        .isEqualTo(415);
            }
            assertThat(ASKED.calls).isEmpty();
        } finally {
            ASKED.calls.clear();
        }
    }

    @Test
    void showsNoKeyUnlessSomebodyAllowsIt() throws Exception {
        try (ConfigurableApplicationContext context = start("--management.endpoint.tally.access=unrestricted")) {
            HttpResponse<String> answer = send(context, "GET", "/actuator/tally/visits/keys/k");
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).contains("management.endpoint.tally.show-keys");
            assertThat(ASKED.calls).isEmpty();
        }
        try (ConfigurableApplicationContext context = start("--management.endpoint.tally.show-keys=when-authorized")) {
            assertThat(send(context, "GET", "/actuator/tally/visits/keys/k").statusCode())
                    .isEqualTo(403);
            assertThat(ASKED.calls).isEmpty();
        }
    }

    @Test
    void findsAnyKeyOnceThatIsAllowed() throws Exception {
        try (ConfigurableApplicationContext context = start("--management.endpoint.tally.show-keys=always")) {
            for (String path : List.of("keys/a%20%C3%BC", "keys/%5B%22a%22,%22b%22%5D", "keys?key=a%2Fb//%3F%C3%BC")) {
                HttpResponse<String> answer = send(context, "GET", "/actuator/tally/visits/" + path);
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
            }
            assertThat(ASKED.calls).containsExactly("key a ü", "key [\"a\",\"b\"]", "key a/b//?ü");
            assertThat(send(context, "GET", "/actuator/tally/visits/keys").statusCode())
                    .isEqualTo(400);
            assertThat(send(context, "GET", "/actuator/tally/visits/values/k").statusCode())
                    .isEqualTo(404);
        } finally {
            ASKED.calls.clear();
        }
    }

    private static @Nullable RowExplanation explain(String pipeline, String key, String window, @Nullable String end) {
        ASKED.calls.add("explain " + key + " " + window + " " + end);
        return switch (pipeline) {
            case "visits" -> new RowExplanation(Outcome.DONE, null, Map.of("verdict", "OPEN"));
            case "busy" -> new RowExplanation(Outcome.BUSY, "ask again", Map.of());
            default -> null;
        };
    }

    @Test
    void explainsARowOnceThatIsAllowed() throws Exception {
        String question = "/explain?key=a%2Fb&window=2026-01-01T00:00:00Z";
        try (ConfigurableApplicationContext context = start()) {
            assertThat(send(context, "GET", "/actuator/tally/visits" + question).statusCode())
                    .isEqualTo(403);
            assertThat(ASKED.calls).isEmpty();
        }
        try (ConfigurableApplicationContext context = start("--management.endpoint.tally.show-keys=always")) {
            HttpResponse<String> answer = send(context, "GET", "/actuator/tally/visits" + question);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .isEqualTo("{\"outcome\":\"DONE\",\"text\":null,\"answer\":{\"verdict\":\"OPEN\"}}");
            assertThat(send(context, "GET", "/actuator/tally/busy" + question + "&end=2026-01-02")
                            .statusCode())
                    .isEqualTo(503);
            assertThat(ASKED.calls)
                    .containsExactly(
                            "explain a/b 2026-01-01T00:00:00Z null", "explain a/b 2026-01-01T00:00:00Z 2026-01-02");
            assertThat(send(context, "GET", "/actuator/tally/nothing" + question)
                            .statusCode())
                    .isEqualTo(404);
            assertThat(send(context, "GET", "/actuator/tally/visits/explain?key=k")
                            .statusCode())
                    .isEqualTo(400);
        } finally {
            ASKED.calls.clear();
        }
    }

    @Test
    void movesToAPortOfItsOwn() throws Exception {
        try (ConfigurableApplicationContext context =
                start("--management.server.port=0", "--management.server.address=127.0.0.1")) {
            assertThat(send(context, "GET", "/actuator/tally").statusCode()).isEqualTo(404);
            String port = context.getEnvironment().getProperty("local.management.port");
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/tally"))
                    .build();
            assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }

    private static ConfigurableApplicationContext start(String... settings) {
        SpringApplication application = new SpringApplication(Wiring.class);
        application.setRegisterShutdownHook(false);
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.endpoints.web.exposure.include=tally",
                "--spring.config.location=optional:classpath:/none/"));
        arguments.addAll(List.of(settings));
        return application.run(arguments.toArray(String[]::new));
    }

    private static HttpResponse<String> send(ConfigurableApplicationContext context, String method, String path)
            throws Exception {
        return send(context, method, path, "application/json", "");
    }

    /** @param contentType none if empty */
    private static HttpResponse<String> send(
            ConfigurableApplicationContext context, String method, String path, String contentType, String body)
            throws Exception {
        String port = context.getEnvironment().getProperty("local.server.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableConfigurationProperties(TallyEndpointProperties.class)
    static class Wiring {
        @Bean
        Pipelines pipelines() {
            return () -> List.of(Views.pipeline(Views.lane(Views.active(0))));
        }

        @Bean
        PipelineControls controls() {
            return name -> name.equals("visits") ? ASKED : null;
        }

        @Bean
        TallyEndpoint tallyEndpoint(
                Pipelines pipelines, PipelineControls controls, TallyEndpointProperties properties) {
            return new TallyEndpoint(pipelines, controls, EndpointAccessTest::explain, properties, Clock.systemUTC());
        }
    }
}
