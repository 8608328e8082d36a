package io.tally.config.client;

import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * An SSL bundle as it is when it is asked. Spring Boot makes a new one when its files change (reload-on-update). The
 * clients live longer, and ask for each connection.
 */
record CurrentSslBundle(Supplier<SslBundle> current) implements SslBundle {
    @Override
    public SslStoreBundle getStores() {
        return current.get().getStores();
    }

    @Override
    public SslBundleKey getKey() {
        return current.get().getKey();
    }

    @Override
    public SslOptions getOptions() {
        return current.get().getOptions();
    }

    @Override
    public String getProtocol() {
        return current.get().getProtocol();
    }

    @Override
    public SslManagerBundle getManagers() {
        return current.get().getManagers();
    }

    @Override
    public SSLContext createSslContext() {
        return current.get().createSslContext();
    }

    @Override
    public String toString() {
        return "SSL bundle";
    }
}
