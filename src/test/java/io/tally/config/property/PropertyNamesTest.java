package io.tally.config.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.config.problem.KnownProperties;
import io.tally.setting.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The core says what is wrong, the configuration says where that is set. */
class PropertyNamesTest {
    private static final String PIPELINE = "tally.pipelines.*.";
    private static final KnownProperties KNOWN = new KnownProperties("tally", TallyProperties.class);
    private static final Path SOURCES = Path.of("src/main/java/io/tally");
    /** Comments, character literals and string literals, whichever begins first. */
    private static final Pattern TOKEN =
            Pattern.compile("/\\*(?s:.*?)\\*/|//[^\n]*|'(?:\\\\.|[^'\\\\\n])+'|\"((?:\\\\.|[^\"\\\\\n])*)\"");

    @ParameterizedTest
    @EnumSource
    void aSettingIsAProperty(Setting setting) {
        String name = setting.of("clicks");
        if (!name.startsWith("spring.kafka.")) {
            assertThat(KNOWN.isKnown(List.of(name.split("\\.")))).as(name).isTrue();
            assertThat(name).endsWith(setting.toString());
        }
    }

    @Test
    void aSettingIsNamedInItsPipeline() {
        assertThat(Setting.STATE_TOPIC.of("clicks")).isEqualTo("tally.pipelines.clicks.state.topic");
        assertThat(Setting.INSTANCE_ID.of("clicks")).isEqualTo("tally.instance-id");
        assertThat("set " + Setting.STATE_TOPIC).isEqualTo("set state.topic");
        assertThat(Setting.SINK_KEY.ofSink("clicks", 0)).isEqualTo("tally.pipelines.clicks.sink.key");
        assertThat(Setting.SINK_KEY.ofSink("clicks", 2)).isEqualTo("tally.pipelines.clicks.further-sinks[1].key");
        assertThatThrownBy(() -> Setting.STATE_TOPIC.ofSink("clicks", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Conditions of beans are not texts, and an annotation cannot ask anybody. */
    @Test
    void noTextBelowTheConfigurationSpellsAProperty() throws IOException {
        Pattern spelt = spelt();
        assertThat(List.of("set key.max-bytes", "tally.pipelines.", "source.skip,", "max-open-bytes=1"))
                .allMatch(text -> spelt.matcher(text).find());
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(SOURCES.resolve("config")))
                    // They are above the configuration, and advise what to set in it.
                    .filter(file -> !file.startsWith(SOURCES.resolve("command")))
                    .filter(file -> !file.getFileName().toString().endsWith("Configuration.java"))
                    .toList()) {
                String text = Files.readString(file);
                Matcher token = TOKEN.matcher(text);
                while (token.find()) {
                    String literal = token.group(1);
                    if (literal != null
                            && !isFact(text, token.start())
                            && spelt.matcher(literal).find()) {
                        found.add(file + ": " + literal);
                    }
                }
            }
        }
        assertThat(found).as("literals that name a property; use a Setting").isEmpty();
    }

    /** Facts are durable, so they keep their names whatever a property is called. */
    private static boolean isFact(String text, int start) {
        return text.startsWith("new Fact(", start - "new Fact(".length());
    }

    /** Every property, and every group of them, whose name is not a word that texts need anyway. */
    private static Pattern spelt() {
        Set<String> names = new TreeSet<>(Set.of("tally.pipelines", "spring.kafka"));
        for (String property : KNOWN.all()) {
            String name = property.startsWith(PIPELINE) ? property.substring(PIPELINE.length()) : property;
            int wildcard = name.indexOf('*');
            String plain = wildcard < 0 ? name : name.substring(0, wildcard).replaceAll("[.\\[]+$", "");
            if (plain.contains("-")) {
                names.add(plain);
            }
            for (String group = plain; group.contains("."); group = group.substring(0, group.lastIndexOf('.'))) {
                names.add(group);
            }
        }
        return Pattern.compile(
                names.stream().map(Pattern::quote).collect(Collectors.joining("|", "(?<![\\w.-])(?:", ")(?![\\w-])")));
    }
}
