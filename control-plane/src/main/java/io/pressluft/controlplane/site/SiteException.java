package io.pressluft.controlplane.site;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorCode;

/** A site that cannot be found, made or changed. */
public final class SiteException extends CodedException {

    private SiteException(ErrorCode code, String message) {
        super(code, message);
    }

    static SiteException notFound(String id) {
        return new SiteException(ErrorCode.SITE_NOT_FOUND, "There is no site %s.".formatted(id));
    }

    static SiteException slugTaken(String slug) {
        return new SiteException(ErrorCode.SLUG_TAKEN, "There is a site %s already.".formatted(slug));
    }

    static SiteException deleted(String id) {
        return new SiteException(ErrorCode.SITE_DELETED, "Site %s has been deleted.".formatted(id));
    }

    static SiteException elsewhere(Site site, String wanted) {
        return new SiteException(
                ErrorCode.SITE_STATE_CONFLICT,
                "Site %s is %s and cannot start %s."
                        .formatted(site.id(), site.state().text(), wanted));
    }
}
