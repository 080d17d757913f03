package io.pressluft.controlplane.dashboard;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Component;

/** Turns a {@link Page} into an answer. */
@Component
public final class Pages {

    /** The package of the generated templates; the build names it too. */
    private static final String TEMPLATES = "io.pressluft.controlplane.pages";

    private static final Logger log = LoggerFactory.getLogger(Pages.class);
    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

    private final TemplateEngine templates =
            TemplateEngine.createPrecompiled(null, ContentType.Html, Pages.class.getClassLoader(), TEMPLATES);
    private final Assets assets;
    private final ObjectProvider<BannerSource> banners;

    Pages(Assets assets, ObjectProvider<BannerSource> banners) {
        this.assets = assets;
        this.banners = banners;
    }

    public ResponseEntity<String> show(HttpServletRequest request, Page page) {
        var who = request.getUserPrincipal();
        return render(page, who == null ? null : who.getName(), csrf(request));
    }

    /** A page without navigation, for somebody who is not signed in. */
    public ResponseEntity<String> showBare(HttpServletRequest request, Page page) {
        return render(page, null, csrf(request));
    }

    /** A page without user and forms: for faults in which not even the session can be read. */
    ResponseEntity<String> showDetached(Page page) {
        return render(page, null, "");
    }

    /** Sends the browser on after a form was accepted. */
    public static ResponseEntity<String> redirect(String path) {
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(path))
                .build();
    }

    private ResponseEntity<String> render(Page page, @Nullable String user, String csrfToken) {
        var model = new LinkedHashMap<>(page.model());
        model.put("frame", new Frame(page.title(), page.section(), user, csrfToken, banners(user), assets));
        var html = new StringOutput();
        templates.render(page.template(), model, html);
        return ResponseEntity.status(page.status()).contentType(HTML).body(html.toString());
    }

    /** They are for people who are signed in, and no page fails for the want of them. */
    private List<Banner> banners(@Nullable String user) {
        if (user == null) {
            return List.of();
        }
        try {
            return banners.stream().flatMap(source -> source.banners().stream()).toList();
        } catch (DataAccessException e) {
            log.warn("What is said on every page could not be read: {}", e.getMessage());
            return List.of();
        }
    }

    private static String csrf(HttpServletRequest request) {
        return request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token ? token.getToken() : "";
    }
}
