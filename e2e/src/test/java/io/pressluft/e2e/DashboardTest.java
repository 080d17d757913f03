package io.pressluft.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Order(4)
@ExtendWith(OneNode.class)
class DashboardTest {

    private static final String TITLE = "From the <b>dashboard</b>";

    @Test
    void a_site_is_made_watched_and_entered_in_the_browser(Pressluft pressluft) {
        try (var browser = Browser.open()) {
            List<String> complaints = new ArrayList<>();
            var page = browser.page();
            page.onConsoleMessage(message -> {
                if (message.type().equals("error")) {
                    complaints.add(message.text());
                }
            });
            signIn(page, pressluft);
            page.navigate(at(pressluft, "/sites/new"));
            page.fill("input[name=title]", TITLE);
            page.fill("input[name=slug]", "from-dashboard");
            button(page, "Create site").click();
            page.waitForURL(Pattern.compile(".*/jobs/job_[a-z0-9]{12}$"));
            assertThat(page.locator("main"))
                    .containsText("Succeeded", new LocatorAssertions.ContainsTextOptions().setTimeout(60_000));
            assertThat(page.locator("main")).containsText("Prove the front page from outside");
            page.locator("a", new Page.LocatorOptions().setHasText("To the site"))
                    .click();
            assertThat(page.locator("h1")).containsText(TITLE);
            var admin =
                    page.waitForPopup(() -> button(page, "Open WordPress admin").click());
            admin.waitForURL(Pattern.compile(".*/wp-admin/$"), new Page.WaitForURLOptions().setTimeout(30_000));
            assertThat(admin.title()).startsWith("Dashboard").contains(TITLE);
            assertThat(complaints).as("the browser's console").isEmpty();
        }
    }

    @Test
    void a_wrong_password_is_refused_and_says_so(Pressluft pressluft) {
        try (var browser = Browser.open()) {
            var page = browser.page();
            signIn(page, pressluft, "not the password");
            assertThat(page.locator("main")).containsText("password");
            assertThat(page.url()).contains("/login");
        }
    }

    @Test
    void the_nodes_page_shows_readiness_without_opening_anything(Pressluft pressluft) {
        try (var browser = Browser.open()) {
            var page = browser.page();
            signIn(page, pressluft);
            page.navigate(at(pressluft, "/nodes"));
            assertThat(page.locator("main")).containsText("Ready");
            assertThat(page.locator("main")).containsText("e2e");
        }
    }

    private static Locator button(Page page, String text) {
        return page.locator("main button", new Page.LocatorOptions().setHasText(text))
                .first();
    }

    private static void signIn(Page page, Pressluft pressluft) {
        signIn(page, pressluft, pressluft.controlPlane().adminPassword());
        page.waitForURL(Pattern.compile(".*/sites$"));
    }

    private static void signIn(Page page, Pressluft pressluft, String password) {
        page.navigate(at(pressluft, "/login"));
        page.fill("input[name=username]", "admin");
        page.fill("input[name=password]", password);
        page.locator("button[type=submit]").first().click();
        page.waitForLoadState();
    }

    private static String at(Pressluft pressluft, String path) {
        return pressluft.controlPlane().about().path("url").asString() + path;
    }
}
