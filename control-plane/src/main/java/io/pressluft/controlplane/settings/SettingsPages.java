package io.pressluft.controlplane.settings;

import io.pressluft.controlplane.account.ApiTokens;
import io.pressluft.controlplane.dashboard.Form;
import io.pressluft.controlplane.dashboard.Page;
import io.pressluft.controlplane.dashboard.Pages;
import io.pressluft.controlplane.dashboard.Section;
import io.pressluft.controlplane.error.CodedException;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
@RequestMapping("/settings")
class SettingsPages {

    private final Settings settings;
    private final ApiTokens tokens;
    private final Pages pages;

    SettingsPages(Settings settings, ApiTokens tokens, Pages pages) {
        this.settings = settings;
        this.tokens = tokens;
        this.pages = pages;
    }

    @GetMapping
    ResponseEntity<String> show(HttpServletRequest request, Principal who) {
        return pages.show(request, page(who, Form.empty(), null));
    }

    @PostMapping("/values/{key}")
    ResponseEntity<String> put(
            HttpServletRequest request,
            @PathVariable String key,
            @RequestParam Map<String, String> entered,
            Principal who) {
        var known = SettingKey.of(key).orElseThrow(() -> new SettingsApi.UnknownSetting(key));
        var given = entered.getOrDefault("value", "");
        var value = known.secret() ? given : given.strip();
        try {
            settings.put(known, value, who.getName());
        } catch (CodedException refusal) {
            var form = Form.of(Map.of(key, value)).refused(refusal);
            return pages.show(
                    request,
                    page(who, form.wrong(key, form.error("value")), null)
                            .status(refusal.code().httpStatus()));
        }
        return Pages.redirect("/settings");
    }

    /** Answers the page itself: the token is written into it once and is kept nowhere. */
    @PostMapping("/tokens")
    ResponseEntity<String> create(
            HttpServletRequest request, @RequestParam Map<String, String> entered, Principal who) {
        var form = Form.of(entered);
        try {
            var fresh = tokens.create(who.getName(), form.value("name").strip());
            return pages.show(request, page(who, Form.empty(), fresh));
        } catch (CodedException refusal) {
            return pages.show(
                    request,
                    page(who, form.refused(refusal), null).status(refusal.code().httpStatus()));
        }
    }

    /** Deleting one that is gone already is no mistake. */
    @PostMapping("/tokens/{id}/delete")
    ResponseEntity<String> delete(@PathVariable String id, Principal who) {
        tokens.delete(who.getName(), id);
        return Pages.redirect("/settings");
    }

    private Page page(Principal who, Form form, ApiTokens.@Nullable FreshToken fresh) {
        return Page.of(Section.SETTINGS, "Settings", "settings/show")
                .with("groups", groups())
                .with("tokens", tokens.of(who.getName()))
                .with("form", form)
                .with("fresh", fresh);
    }

    private Map<String, List<Settings.SettingView>> groups() {
        var groups = new LinkedHashMap<String, List<Settings.SettingView>>();
        for (var key : SettingKey.values()) {
            groups.computeIfAbsent(key.group(), name -> new ArrayList<>()).add(settings.view(key));
        }
        return groups;
    }
}
