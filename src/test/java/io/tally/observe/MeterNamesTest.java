package io.tally.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MeterNamesTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(tally\\.[a-z.]+)` \\|");

    @Test
    void areThoseOfTheDocumentation() throws Exception {
        assertThat(documented()).isEqualTo(defined());
    }

    private static Set<String> documented() throws IOException {
        return ROW.matcher(Files.readString(Path.of("docs/metrics.md")))
                .results()
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> defined() throws IllegalAccessException {
        Set<String> names = new TreeSet<>();
        for (Field field : MeterNames.class.getDeclaredFields()) {
            if (field.get(null) instanceof String name && name.startsWith("tally.")) {
                names.add(name);
            }
        }
        return names;
    }
}
