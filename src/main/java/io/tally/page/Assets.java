package io.tally.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
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
    private static final Map<String, String> TYPES = Map.of(
            INDEX,
            "text/html;charset=UTF-8",
            "style.css",
            "text/css;charset=UTF-8",
            "app.js",
            "text/javascript;charset=UTF-8",
            "chart.js",
            "text/javascript;charset=UTF-8",
            "dom.js",
            "text/javascript;charset=UTF-8",
            "format.js",
            "text/javascript;charset=UTF-8",
            "picture.js",
            "text/javascript;charset=UTF-8",
            "scale.js",
            "text/javascript;charset=UTF-8",
            "icon.svg",
            "image/svg+xml");

    private final Map<String, Asset> assets = new HashMap<>();
    private final Asset index;

    Assets() {
        TYPES.forEach((name, type) -> assets.put(name, new Asset(type, read(name))));
        index = Objects.requireNonNull(assets.get(INDEX));
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
