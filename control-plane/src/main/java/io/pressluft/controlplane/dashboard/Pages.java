package io.pressluft.controlplane.dashboard;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
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

    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

    private final TemplateEngine templates =
            TemplateEngine.createPrecompiled(null, ContentType.Html, Pages.class.getClassLoader(), TEMPLATES);
    private final Assets assets;

    Pages(Assets assets) {
        this.assets = assets;
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
        model.put("frame", new Frame(page.title(), page.section(), user, csrfToken, assets));
        var html = new StringOutput();
        templates.render(page.template(), model, html);
        return ResponseEntity.status(page.status()).contentType(HTML).body(html.toString());
    }

    private static String csrf(HttpServletRequest request) {
        return request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token ? token.getToken() : "";
    }
}
