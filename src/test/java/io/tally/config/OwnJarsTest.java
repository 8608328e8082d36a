package io.tally.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnJarsTest {
    @TempDir
    Path directory;

    @Test
    void namesWhereItLookedAndWhatAJarLacks() throws IOException {
        Path complete =
                jar("complete.jar", "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");
        Path lacking = jar("lacking.jar", "com/example/Mean.class");
        assertThat(new OwnJars(List.of(directory, complete, lacking)).searched())
                .isEqualTo("; looked in " + directory + ", " + complete + ", " + lacking + " (which has no"
                        + " META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports, so that"
                        + " nothing of it is used)");
    }

    @Test
    void saysHowToAddAJarIfThereIsNone() {
        assertThat(new OwnJars(List.of()).searched()).contains("plugins/").contains("-Dloader.path=DIRECTORY");
    }

    /** In a build the jars of all are beside each other, so nobody's can be told from Tally's. */
    @Test
    void findsNoneInABuild() {
        assertThat(OwnJars.find().paths()).isEmpty();
    }

    private Path jar(String name, String entry) throws IOException {
        Path path = directory.resolve(name);
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(path))) {
            jar.putNextEntry(new ZipEntry(entry));
        }
        return path;
    }
}
