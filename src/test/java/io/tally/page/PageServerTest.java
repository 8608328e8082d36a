package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.PipelineStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Through a real web server. */
@Timeout(120)
class PageServerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<PipelineStatus> STATUSES =
            List.of(Statuses.running("visits", NOW, List.of(Statuses.active(0, NOW.toEpochMilli(), NOW))));

    private final HttpClient http = HttpClient.newHttpClient();
    private PageServer server = PageServer.start(() -> STATUSES);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void servesThePageAndAllItsFilesUnderAStrictPolicy() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.body()).contains("<title>Tally</title>");
        List<String> paths = new ArrayList<>(named(page.body(), "(?:href|src)=\"(page/[^\"]+)\""));
        assertThat(paths).contains("page/app.js", "page/style.css");
        for (String module :
                named(get("/page/app.js").body() + get("/page/picture.js").body(), "from '\\./([^']+)'")) {
            paths.add("page/" + module);
        }
        for (HttpResponse<String> answer : Stream.concat(
                        Stream.of(page), paths.stream().map(path -> get("/" + path)))
                .toList()) {
            assertThat(answer.statusCode()).as(answer.uri().toString()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .startsWith("default-src 'none'; script-src 'self'")
                            .doesNotContain("unsafe", "http"));
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            // Nothing from elsewhere: closed networks have no such place.
            assertThat(answer.body().replace("http://www.w3.org/2000/svg", ""))
                    .as(answer.uri().toString())
                    .doesNotContain("http://", "https://", "innerHTML", "style=");
        }
        assertThat(get("/page/nothing.js").statusCode()).isEqualTo(404);
        assertThat(get("/page/../application.yml").statusCode()).isNotEqualTo(200);
    }

    @Test
    void sendsTheWholeFirstAndThenEachSecond() throws Exception {
        HttpResponse<InputStream> stream = open();
        assertThat(stream.headers().firstValue("Content-Type")).hasValue("text/event-stream;charset=UTF-8");
        assertThat(stream.headers().firstValue("X-Accel-Buffering")).hasValue("no");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            Told first = event(in);
            assertThat(first.name()).isEqualTo("whole");
            JsonNode whole = first.data();
            assertThat(whole.at("/history/visits/records").size()).isEqualTo(Series.SECONDS);
            assertThat(whole.at("/pipelines/0/name").asString()).isEqualTo("visits");
            Told next = event(in);
            // Who was too slow to take a second is told the whole once more.
            while (next.name().equals("whole")) {
                next = event(in);
            }
            assertThat(next.name()).isEqualTo("second");
            JsonNode second = next.data();
            assertThat(second.at("/history").isNull()).isTrue();
            assertThat(second.at("/time").asLong())
                    .isGreaterThan(whole.at("/time").asLong());
        }
        await("that the viewer is forgotten who has gone")
                .until(() -> server.feed().viewers() == 0);
    }

    /** One more than there may be is told why not. */
    @Test
    void hasRoomForSoManyAndNoMore() throws Exception {
        List<HttpResponse<InputStream>> streams = new ArrayList<>();
        for (int i = 0; i < Feed.MOST_VIEWERS; i++) {
            streams.add(open());
        }
        HttpResponse<String> refused = get("/page/stream");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("100 are open");
        streams.get(0).body().close();
        await("that there is room").until(() -> server.feed().hasRoom());
        assertThat(open().statusCode()).isEqualTo(200);
    }

    /** The web server uses what belonged to a connection that was lost for the next one. */
    @Test
    void endsNoStreamForAnotherThatWasLost() throws Exception {
        List<HttpResponse<InputStream>> before = List.of();
        for (int round = 0; round < 6; round++) {
            List<HttpResponse<InputStream>> streams = new ArrayList<>();
            for (int i = 0; i < 25; i++) {
                streams.add(open());
                if (i < before.size()) {
                    before.get(i).body().close();
                }
            }
            for (HttpResponse<InputStream> stream : streams) {
                event(new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8)));
            }
            before = streams;
        }
    }

    /** The web server would wait for an open stream as long as it is told to, ten minutes here. */
    @Test
    void letsGoOfOpenPagesWhenTheApplicationStops() throws Exception {
        HttpResponse<InputStream> stream = open();
        BufferedReader in = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
        assertThat(event(in).name()).isEqualTo("whole");
        server.close();
        while (in.readLine() != null) {
            // What was sent before the end.
        }
    }

    /** The machine may be busy, so that the bound is on what open pages add to the stop. */
    @Test
    void stopsWithFiftyOpenPagesLessThanTwoSecondsLater() throws Exception {
        Duration without = timeToClose();
        server = PageServer.start(() -> STATUSES);
        List<HttpResponse<InputStream>> streams = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            streams.add(open());
        }
        // All of them are told the first thing in the same second.
        for (HttpResponse<InputStream> stream : streams) {
            event(new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8)));
        }
        assertThat(server.feed().viewers()).isEqualTo(50);

        assertThat(timeToClose()).isLessThan(without.plusSeconds(2));
    }

    private Duration timeToClose() {
        long begin = System.nanoTime();
        server.close();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Test
    void isGoneWhenSwitchedOff() throws Exception {
        server.close();
        server = PageServer.start(() -> STATUSES, "--tally.page.enabled=false");

        for (String path : List.of("/", "/index.html", "/page/index.html", "/page/app.js", "/page/stream")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    private HttpResponse<String> get(String path) {
        try {
            return http.send(HttpRequest.newBuilder(server.address(path)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<InputStream> open() throws Exception {
        return http.send(HttpRequest.newBuilder(server.address("/page/stream")).build(), BodyHandlers.ofInputStream());
    }

    /** What a viewer is told at once. */
    private record Told(String name, JsonNode data) {}

    private static Told event(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line.startsWith("retry: ")) {
            assertThat(in.readLine()).isEmpty();
            line = in.readLine();
        }
        assertThat(line).startsWith("event: ");
        String data = in.readLine();
        assertThat(data).startsWith("data: ");
        assertThat(in.readLine()).isEmpty();
        return new Told(
                line.substring("event: ".length()), new JsonMapper().readTree(data.substring("data: ".length())));
    }

    private static List<String> named(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
