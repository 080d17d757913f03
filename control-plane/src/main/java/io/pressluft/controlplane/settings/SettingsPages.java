package io.pressluft.controlplane.settings;

import io.pressluft.controlplane.account.ApiTokens;
import io.pressluft.controlplane.dashboard.Form;
import io.pressluft.controlplane.dashboard.Page;
import io.pressluft.controlplane.dashboard.Pages;
import io.pressluft.controlplane.dashboard.Section;
import io.pressluft.controlplane.error.CodedException;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
    ResponseEntity<String> show(
            HttpServletRequest request, @RequestParam(defaultValue = "") String saved, Principal who) {
        return pages.show(request, page(who, Form.empty(), null, saved));
    }

    @PostMapping("/groups/{group}")
    ResponseEntity<String> put(
            HttpServletRequest request,
            @PathVariable String group,
            @RequestParam Map<String, String> entered,
            Principal who) {
        var known = SettingGroup.of(group).orElseThrow(() -> new SettingsApi.UnknownSetting(group));
        var values = new LinkedHashMap<SettingKey, String>();
        var shown = new LinkedHashMap<String, String>();
        for (var key : known.keys()) {
            wanted(key, entered).ifPresent(value -> {
                values.put(key, value);
                if (!key.secret()) {
                    shown.put(key.text(), value);
                }
            });
        }
        try {
            settings.put(values, who.getName());
        } catch (CodedException refusal) {
            return pages.show(
                    request,
                    page(who, Form.of(shown).refused(refusal), null, "")
                            .status(refusal.code().httpStatus()));
        }
        return Pages.redirect("/settings?saved=%1$s#settings-%1$s".formatted(known.text()));
    }

    /** A page never shows a secret, so that an empty field says nothing about it: it is removed by its own word. */
    private static Optional<String> wanted(SettingKey key, Map<String, String> entered) {
        var value = Optional.ofNullable(entered.get(key.text())).map(key::meant);
        if (!key.secret()) {
            return value;
        }
        return value.filter(some -> !some.isEmpty())
                .or(() -> entered.containsKey("remove-" + key.text()) ? Optional.of("") : Optional.empty());
    }

    /** Answers the page itself: the token is written into it once and is kept nowhere. */
    @PostMapping("/tokens")
    ResponseEntity<String> create(
            HttpServletRequest request, @RequestParam Map<String, String> entered, Principal who) {
        var form = Form.of(entered);
        try {
            var fresh = tokens.create(who.getName(), form.value("name").strip());
            return pages.show(request, page(who, Form.empty(), fresh, ""));
        } catch (CodedException refusal) {
            return pages.show(
                    request,
                    page(who, form.refused(refusal), null, "")
                            .status(refusal.code().httpStatus()));
        }
    }

    /** Deleting one that is gone already is no mistake. */
    @PostMapping("/tokens/{id}/delete")
    ResponseEntity<String> delete(@PathVariable String id, Principal who) {
        tokens.delete(who.getName(), id);
        return Pages.redirect("/settings");
    }

    private Page page(Principal who, Form form, ApiTokens.@Nullable FreshToken fresh, String saved) {
        return Page.of(Section.SETTINGS, "Settings", "settings/show")
                .with(
                        "groups",
                        Arrays.stream(SettingGroup.values()).map(this::view).toList())
                .with("tokens", tokens.of(who.getName()))
                .with("form", form)
                .with("fresh", fresh)
                .with("saved", saved);
    }

    private SettingGroupView view(SettingGroup group) {
        return new SettingGroupView(
                group.text(),
                group.title(),
                group.keys().stream()
                        .map(key -> new SettingGroupView.Field(settings.view(key), key.choices()))
                        .toList());
    }
}
