package io.tally.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A headless Chromium that looks at the live page. The page draws itself anew each second, so that an element which a
 * test has found may be gone when it is asked. Each question is therefore one script in the browser, and no element is
 * handed out. An element is named by its {@code data-testid}, and what lies in it by a CSS selector.
 */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the test, and says why, where there is no Chromium or no driver of it. */
    static Browser start() {
        assumeThat(Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER))
                .as(
                        "The live page is not tested in a browser: %s or %s is missing (apt-get install chromium"
                                + " chromium-driver)",
                        CHROMIUM, DRIVER)
                .isTrue();
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions()
                .setBinary(CHROMIUM.toFile())
                .addArguments(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--hide-scrollbars");
        options.setCapability("goog:loggingPrefs", logs);
        return new Browser(new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .build(),
                options));
    }

    /** Opens it in a window of this size. */
    void open(URI address, Dimension size) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", size.width, "height", size.height, "deviceScaleFactor", 1, "mobile", false));
        driver.get(address.toString());
    }

    void light(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** A page that stays open asks a server that has gone, and what it then logs would be the next test's. */
    void leave() {
        driver.get("about:blank");
        driver.manage().logs().get(LogType.BROWSER);
    }

    void back() {
        driver.navigate().back();
    }

    String title() {
        return driver.getTitle();
    }

    /** The page as it is now, as HTML. */
    String source() {
        return driver.getPageSource();
    }

    /** Empty where there is no such element. */
    String text(String id) {
        return textOf(byId(id));
    }

    /** Of the first element that a selector means. */
    String textOf(String selector) {
        return (String) script("return document.querySelector(arguments[0])?.textContent ?? ''", selector);
    }

    void awaitText(String id, String pattern) {
        await(id + " as " + pattern).atMost(Duration.ofSeconds(60)).until(() -> text(id).matches(pattern));
    }

    /** How many elements of the page a selector means. */
    int count(String selector) {
        return ((Long) script("return document.querySelectorAll(arguments[0]).length", selector)).intValue();
    }

    int count(String id, String selector) {
        return count(byId(id) + " " + selector);
    }

    /** Null where there is no such element or attribute. */
    @Nullable
    String attribute(String id, String selector, String name) {
        return (String) script(
                "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null",
                byId(id) + " " + selector,
                name);
    }

    boolean isShown(String id) {
        return (Boolean) script("return document.querySelector(arguments[0])?.checkVisibility() ?? false", byId(id));
    }

    /** Whether the page is no wider than the window. */
    boolean fits() {
        return (Boolean) script("return document.documentElement.scrollWidth <= window.innerWidth");
    }

    /** Sends keys to the first element that a selector means. The page never replaces one that takes keys. */
    void press(String selector, CharSequence keys) {
        driver.findElement(By.cssSelector(selector)).sendKeys(keys);
    }

    static String byId(String id) {
        return "[data-testid='" + id + "']";
    }

    /** Of what the window shows, in {@code target/page}. */
    void shot(String name) throws IOException {
        shot(name, false);
    }

    /** Of the page from top to bottom, in {@code target/page}. */
    void wholeShot(String name) throws IOException {
        shot(name, true);
    }

    private void shot(String name, boolean whole) throws IOException {
        Map<String, Object> shot = driver.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole));
        Files.write(
                Files.createDirectories(Path.of("target/page")).resolve(name + ".png"),
                Base64.getDecoder().decode((String) shot.get("data")));
    }

    void assertNoErrors() {
        assertThat(driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                        .map(LogEntry::getMessage))
                .isEmpty();
    }

    private @Nullable Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
