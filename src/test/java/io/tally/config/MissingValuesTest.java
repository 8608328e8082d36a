package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.Fingerprint;
import io.tally.checkpoint.Ledger;
import io.tally.codec.Rejection.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Records without a value in a field that functions read, from the configuration to the row. */
@ExtendWith(OutputCaptureExtension.class)
class MissingValuesTest {
    private static final String ACCESS_LOG = """
            tally:
              pipelines:
                web:
                  source:
                    topic: web
                    pattern: '(?<ip>\\S+) \\S+ \\S+ \\[(?<time>[^\\]]+)\\] "[^"]*" (?<status>\\d{3}) (?<bytes>\\S+)'
                  timestamp: {field: time, format: "dd/MMM/yyyy:HH:mm:ss Z"}
                  key: {fields: [ip], verify: false}
                  shuffle: never
                  window: {size: 1m}
                  aggregates: {requests: {type: count}, bytes: {type: sum, field: bytes}, most: {type: max, field: bytes}}
                  sink: {topic: traffic, format: text, template: "{key} {requests} {bytes} {most}"}
            """;
    private static final String[] LINES = {
        line("a", 1, "512"), line("a", 2, "-"), line("b", 3, "-"), line("b", 4, "-"), line("close", 70, "0")
    };

    private static String line(String ip, int second, String bytes) {
        return "%s - - [01/Mar/2026:10:%02d:%02d +0000] \"GET / HTTP/1.1\" 200 %s"
                .formatted(ip, second / 60, second % 60, bytes);
    }

    @Test
    void aHyphenIsNoNumberAndNoReasonToLoseTheLine() {
        Counted counted = Counted.of(ACCESS_LOG, LINES);
        assertThat(counted.rows).containsExactly("a 2 512 512", "b 2  ");
        assertThat(counted.dead).isEmpty();
        assertThat(counted.ledger).isEqualTo(new Ledger(5, 0, 0, 0, 3));
    }

    /** In access logs a hyphen is no byte. */
    @Test
    void anotherValueMayTakeThePlaceOfAMissingOne() {
        Counted counted = Counted.of(
                ACCESS_LOG.replace("topic: web", "topic: web\n        values: {bytes: {if-missing: 0}}"), LINES);
        assertThat(counted.rows).containsExactly("a 2 512 512", "b 2 0 0");
        assertThat(counted.ledger.missing()).isEqualTo(3);
    }

    private static final String EVENTS = """
            tally:
              pipelines:
                pushes:
                  source:
                    topic: events
                    fields: {time: /time, repo: /repo, size: /size, user: /user}
                  timestamp: {field: time, format: epoch-millis}
                  key: {fields: [repo], verify: false}
                  shuffle: never
                  window: {size: 1m}
                  aggregates:
                    events: {type: count}
                    commits: {type: sum, field: size}
                    mean: {type: avg, field: size}
                    spread: {type: stddev, field: size}
                    median: {type: quantiles, field: size, quantiles: [0.5]}
                    first: {type: first, field: user}
                    last: {type: last, field: user}
                    users: {type: distinct, field: user}
                    about: {type: distinct-approx, field: user}
                    top: {type: top, field: user, by: size}
                    list: {type: collect, field: user}
                  sink: {topic: commits}
            """;

    private static String event(String repo, String members) {
        return "{\"time\":1772359201000,\"repo\":\"%s\"%s}".formatted(repo, members);
    }

    private static final String CLOSE = "{\"time\":1772366400000,\"repo\":\"close\"}";

    @Test
    void functionsPassOverWhatIsAbsentOrNull() {
        Counted counted = Counted.of(
                EVENTS,
                event("r", ",\"size\":3,\"user\":\"u\""),
                event("r", ""),
                event("r", ",\"size\":null,\"user\":\"v\""),
                event("r", ",\"size\":\"2\",\"user\":null"),
                event("z", ""),
                CLOSE);
        assertThat(counted.rows)
                .containsExactly(
                        window("r")
                                + "\"events\":4,\"commits\":5,\"mean\":2.5,\"spread\":0.7071067811865475,\"median\":{\"0.5\":2.01562},"
                                + "\"first\":\"u\",\"last\":\"v\",\"users\":2,\"about\":2,"
                                + "\"top\":[{\"value\":\"u\",\"sum\":3}],\"list\":[\"u\",\"v\"]}",
                        window("z")
                                + "\"events\":1,\"commits\":null,\"mean\":null,\"spread\":null,\"median\":null,"
                                + "\"first\":null,\"last\":null,\"users\":0,\"about\":0,\"top\":[],\"list\":[]}");
        assertThat(counted.dead).isEmpty();
        assertThat(counted.ledger)
                .as("six records; size is missing in four, user in four")
                .isEqualTo(new Ledger(6, 0, 0, 0, 8));
    }

    private static String window(String repo) {
        return "{\"windowStart\":\"2026-03-01T10:00:00Z\",\"windowEnd\":\"2026-03-01T10:01:00Z\",\"key\":\"" + repo
                + "\",";
    }

    @Test
    void whatIsThereAndCannotBeReadIsADeadLetterUnlessItCountsAsMissing() {
        String[] events = {event("r", ",\"size\":\"3 MB\""), event("r", ",\"size\":[1]"), event("r", ""), CLOSE};
        Counted strict = Counted.of(EVENTS, events);
        assertThat(strict.dead).extracting("reason").containsExactly(Reason.BAD_NUMBER, Reason.MALFORMED);
        Counted lenient = Counted.of(with("values: {size: {unreadable: missing}}"), events);
        assertThat(lenient.dead).isEmpty();
        assertThat(lenient.rows.get(0)).contains("\"events\":3,\"commits\":null");
        assertThat(lenient.ledger.missing()).isEqualTo(8);
        Counted required = Counted.of(
                with("values: {size: {required: true, missing: [n/a]}}"), event("r", ",\"size\":\"n/a\""), CLOSE);
        assertThat(required.dead).extracting("reason").containsOnly(Reason.MISSING_FIELD);
        assertThat(required.dead.get(0).detail())
                .isEqualTo("field 'size' holds 'n/a', which stands for no value, and it is required");
    }

    /** A weather station writes -9999 for a sensor that is out of order. */
    @Test
    void textsThatStandForNoValueMayBeNumbers() {
        Counted counted = Counted.of(
                with("missing: [\"-9999\", \"\"]"),
                event("r", ",\"size\":-9999,\"user\":\"\""),
                event("r", ",\"size\":4,\"user\":\"-9999\""),
                CLOSE);
        assertThat(counted.rows.get(0))
                .contains("\"commits\":4,")
                .contains("\"users\":0,")
                .contains("\"list\":[]");
    }

    private static String with(String property) {
        return EVENTS.replace("topic: events\n", "topic: events\n        " + property + "\n");
    }

    @Test
    void areInTheFingerprintSinceTheyDecideHowRecordsAreFolded() {
        Fingerprint before = fingerprint(EVENTS);
        assertThat(fingerprint(with("missing: [\"\"]"))).isNotEqualTo(before);
        assertThat(fingerprint(with("values: {size: {unreadable: missing}}"))).isNotEqualTo(before);
        assertThat(fingerprint(with("values: {size: {if-missing: 0}}"))).isNotEqualTo(before);
        assertThat(fingerprint(with("values: {time: {if-missing: 0}}")))
                .as("what no function reads")
                .isEqualTo(before);
        Fingerprint strict = fingerprint(with("values: {size: {required: true, missing: []}, user: {required: true}}"));
        assertThat(strict.replay())
                .as("an upgrade after a crash is refused if this changes")
                .isEqualTo("5e64cf3983c8858b");
        assertThat(strict.structure()).isEqualTo(before.structure());
    }

    private static Fingerprint fingerprint(String yaml) {
        List<Fingerprint> found = new ArrayList<>();
        Startup.yaml(
                yaml,
                context -> found.add(context.getBean(PipelineDefinitions.class)
                        .iterator()
                        .next()
                        .spec()
                        .fingerprint()));
        return found.get(0);
    }

    @Test
    void explainsWhatIsWrong(CapturedOutput output) {
        assertThat(Startup.failure(output, with("values: {sizes: {if-missing: 0}}")))
                .contains("Property: tally.pipelines.pushes.source.values.sizes")
                .contains("is no field of the source; its fields are [time, repo, size, user]");
        assertThat(Startup.failure(output, with("values: {size: {if-missing: none}}")))
                .contains("Property: tally.pipelines.pushes.source.values.size.if-missing")
                .contains("is no decimal number, which aggregates need of field 'size'; for example 0");
        assertThat(Startup.failure(output, with("values: {size: {if-missing: 0, required: true}}")))
                .contains("excludes required, since '0' takes the place of every missing value");
        assertThat(Startup.failure(output, with("values: {size: {type: text}}")))
                .contains("Property: tally.pipelines.pushes.source.values.size.type")
                .contains("does not go with an aggregate function that needs numbers of the field");
    }
}
