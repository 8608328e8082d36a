package io.tally.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeLz4Test {
    @Test
    void isUsedByLibrariesThatTheSystemClassLoaderHasNotLoaded() throws Exception {
        try (URLClassLoader asInBootJar = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            assertThat(lz4In(asInBootJar)).doesNotContain("JNI");

            Method load = asInBootJar.loadClass(NativeLz4.class.getName()).getDeclaredMethod("load");
            load.setAccessible(true);
            load.invoke(null);

            assertThat(lz4In(asInBootJar)).contains("JNI");
        }
    }

    private static String lz4In(ClassLoader loader) throws ReflectiveOperationException {
        return loader.loadClass("net.jpountz.lz4.LZ4Factory")
                .getMethod("fastestInstance")
                .invoke(null)
                .toString();
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            urls.add(new File(entry).toURI().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}
