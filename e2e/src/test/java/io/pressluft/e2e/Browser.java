package io.pressluft.e2e;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opentest4j.TestAbortedException;

/** The distribution's Chromium, without a window. */
record Browser(Playwright playwright, com.microsoft.playwright.Browser chromium) implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    /** Skips the test where there is no Chromium. */
    static Browser open() {
        if (!Files.isExecutable(CHROMIUM)) {
            var reason = "there is no " + CHROMIUM;
            System.out.println("Browser test skipped: " + reason);
            throw new TestAbortedException(reason);
        }
        var playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        try {
            return new Browser(
                    playwright,
                    playwright
                            .chromium()
                            .launch(new BrowserType.LaunchOptions()
                                    .setExecutablePath(CHROMIUM)
                                    .setArgs(List.of(
                                            "--no-sandbox",
                                            "--disable-gpu",
                                            "--disable-background-networking",
                                            "--disable-component-update",
                                            "--disable-sync",
                                            "--no-first-run"))));
        } catch (RuntimeException e) {
            playwright.close();
            throw e;
        }
    }

    Page page() {
        return chromium.newPage();
    }

    @Override
    public void close() {
        playwright.close();
    }
}
