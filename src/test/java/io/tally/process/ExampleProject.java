package io.tally.process;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A project below docs/examples, built as its users would: a jar of its classes and resources. */
final class ExampleProject {
    private ExampleProject() {}

    /**
     * Builds the jar.
     *
     * @param classPath what it is compiled against
     * @param directory where the jar goes
     */
    static void build(String name, String classPath, Path directory) throws IOException {
        Path main = Path.of("docs/examples", name, "src/main");
        Path classes = Files.createDirectories(directory.resolveSibling(name + "-classes"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options =
                    List.of("-proc:none", "-parameters", "--release", "17", "-d", classes.toString(), "-cp", classPath);
            boolean compiled = compiler.getTask(
                            messages,
                            files,
                            null,
                            options,
                            null,
                            files.getJavaFileObjectsFromPaths(files(main.resolve("java"))))
                    .call();
            if (!compiled) {
                throw new IllegalStateException(name + " does not compile:\n" + messages);
            }
        }
        try (JarOutputStream jar = new JarOutputStream(
                Files.newOutputStream(Files.createDirectories(directory).resolve(name + ".jar")))) {
            add(classes, jar);
            add(main.resolve("resources"), jar);
        }
    }

    private static void add(Path root, JarOutputStream jar) throws IOException {
        for (Path file : files(root)) {
            jar.putNextEntry(new JarEntry(root.relativize(file).toString().replace('\\', '/')));
            Files.copy(file, jar);
        }
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
