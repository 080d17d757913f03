package io.pressluft.controlplane.dashboard;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds the content of a page.
 *
 * @param section the entry of the navigation the page belongs to; absent on pages without navigation
 * @param user the signed-in user's name; absent when nobody is signed in
 * @param csrfToken what every form sends along; empty on pages without forms
 * @param banners what is said on every page
 */
public record Frame(
        String title,
        @Nullable Section section,
        @Nullable String user,
        String csrfToken,
        List<Banner> banners,
        Assets assets) {

    public boolean in(Section other) {
        return section == other;
    }
}
