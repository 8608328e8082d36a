package io.tally.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The files of the page, in memory. They are not where Spring Boot serves files from by itself, so that they are gone
 * when the page is switched off.
 */
final class Assets {
    /** A file as it is sent. */
    static final class Asset {
        final String type;
        final byte[] bytes;

        Asset(String type, byte[] bytes) {
            this.type = type;
            this.bytes = bytes;
        }
    }

    private static final String INDEX = "index.html";
    private static final List<String> NAMES = List.of(
            INDEX,
            "style.css",
            "icon.svg",
            "app.js",
            "chart.js",
            "dom.js",
            "format.js",
            "lanes.js",
            "output.js",
            "picture.js",
            "scale.js",
            "waiting.js");

    /** Content types by the end of a name. */
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "svg", "image/svg+xml");

    private final Map<String, Asset> assets = new HashMap<>();
    private final Asset index;

    Assets() {
        NAMES.forEach(name -> assets.put(name, new Asset(type(name), read(name))));
        index = Objects.requireNonNull(assets.get(INDEX));
    }

    private static String type(String name) {
        return Objects.requireNonNull(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
    }

    Asset index() {
        return index;
    }

    @Nullable
    Asset get(String name) {
        return assets.get(name);
    }

    private static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream("/page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the file page/" + name + " is missing in the jar: build it anew");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
