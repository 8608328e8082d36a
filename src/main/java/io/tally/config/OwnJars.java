package io.tally.config;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/**
 * The jars that a user has put beside Tally's own, on the class path that the process was started with.
 *
 * @param paths jars and directories of classes
 */
record OwnJars(List<Path> paths) {
    private static final String IMPORTS =
            "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

    OwnJars {
        paths = List.copyOf(paths);
    }

    /** The class path without Tally's own jar and its libraries. */
    static OwnJars find() {
        ClassLoader loader = OwnJars.class.getClassLoader();
        if (loader instanceof URLClassLoader urls) {
            // Tally's are in the jar of the application, and so have no path.
            return new OwnJars(Stream.of(urls.getURLs())
                    .flatMap(url -> Stream.ofNullable(path(url)))
                    .toList());
        }
        Path jar = path(location(OwnJars.class));
        Path libraries = path(location(EnableAutoConfiguration.class));
        if (jar == null || libraries == null || !Files.isRegularFile(jar)) {
            // Tally is being developed: everybody's jars are side by side.
            return new OwnJars(List.of());
        }
        Path besides = libraries.resolveSibling("");
        return new OwnJars(Stream.of(System.getProperty("java.class.path", "").split(File.pathSeparator))
                .map(path -> Path.of(path).toAbsolutePath())
                .filter(path -> !path.equals(jar) && !path.startsWith(besides))
                .toList());
    }

    private static URL location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    private static @Nullable Path path(URL url) {
        String text = url.toString();
        String file = text.startsWith("jar:file:") && text.endsWith("!/")
                ? text.substring("jar:".length(), text.length() - "!/".length())
                : text;
        try {
            return file.startsWith("file:") ? Path.of(URI.create(file)) : null;
        } catch (IllegalArgumentException | FileSystemNotFoundException e) {
            return null;
        }
    }

    /** Where functions were looked for, as the end of a sentence. */
    String searched() {
        if (paths.isEmpty()) {
            return "; there is no jar beside Tally's own to look in: put yours into plugins/, or name its directory with"
                    + " java -Dloader.path=DIRECTORY -jar";
        }
        return "; looked in " + paths.stream().map(OwnJars::described).collect(Collectors.joining(", "));
    }

    private static String described(Path path) {
        return Files.isDirectory(path) || hasImports(path)
                ? path.toString()
                : path + " (which has no " + IMPORTS + ", so that nothing of it is used)";
    }

    private static boolean hasImports(Path path) {
        try (JarFile jar = new JarFile(path.toFile())) {
            return jar.getEntry(IMPORTS) != null;
        } catch (IOException e) {
            return false;
        }
    }
}
