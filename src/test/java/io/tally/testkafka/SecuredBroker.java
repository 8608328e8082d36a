package io.tally.testkafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** An embedded broker with TLS, SCRAM and an authorizer, the certificate that clients need, and one user. */
public final class SecuredBroker implements AutoCloseable {
    public static final String USER = "tally";
    public static final String PASSWORD = "scram-needle-5c1";
    private static final String STORE_PASSWORD = "store-needle-7f3";

    private final Broker broker;
    private final Path keystore;
    private final Path certificate;

    private SecuredBroker(Broker broker, Path keystore, Path certificate) {
        this.broker = broker;
        this.keystore = keystore;
        this.certificate = certificate;
    }

    public static SecuredBroker start() throws Exception {
        Path directory = Files.createTempDirectory("tally-tls");
        Path keystore = directory.resolve("broker.p12");
        Path certificate = directory.resolve("broker.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-validity",
                "3650",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                keystore.toString(),
                "-storepass",
                STORE_PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "broker",
                "-keystore",
                keystore.toString(),
                "-storepass",
                STORE_PASSWORD,
                "-file",
                certificate.toString());
        for (Path file : List.of(keystore, certificate, directory)) {
            file.toFile().deleteOnExit();
        }
        Broker broker = Broker.secured(keystore, STORE_PASSWORD);
        Answers.get(broker.admin()
                .alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD)))
                .all());
        return new SecuredBroker(broker, keystore, certificate);
    }

    /** As on the command line: plain properties of Spring, with an SSL bundle. */
    public List<String> arguments(String password) {
        return arguments("SCRAM-SHA-512", jaas(password));
    }

    /** The same with a token in place of the password. */
    public List<String> argumentsWithToken() {
        return arguments(
                "OAUTHBEARER",
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
                        + " unsecuredLoginStringClaim_sub=\"" + USER + "\";");
    }

    private List<String> arguments(String mechanism, String jaas) {
        return List.of(
                "--spring.kafka.bootstrap-servers=" + broker.securedAddress(),
                "--spring.kafka.security.protocol=SASL_SSL",
                "--spring.kafka.ssl.bundle=kafka",
                "--spring.ssl.bundle.pem.kafka.truststore.certificate=file:" + certificate,
                "--spring.ssl.bundle.pem.kafka.reload-on-update=true",
                "--spring.kafka.properties[sasl.mechanism]=" + mechanism,
                "--spring.kafka.properties[sasl.jaas.config]=" + jaas);
    }

    /** By the clients' own names, for the truststore the certificate itself. */
    public Map<String, Object> settings() throws IOException {
        return Map.of(
                "bootstrap.servers",
                broker.securedAddress(),
                "security.protocol",
                "SASL_SSL",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.certificates",
                Files.readString(certificate),
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                jaas(PASSWORD));
    }

    private static String jaas(String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + USER + "\" password=\""
                + password + "\";";
    }

    /** A PKCS12 file with a password. */
    public Path keystore() {
        return keystore;
    }

    public Broker broker() {
        return broker;
    }

    public Admin admin() {
        return broker.admin();
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool failed: " + output);
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
