package io.pressluft.e2e;

import java.net.URI;

/** A site as it was asked for. */
record Site(String id, String slug, String title, String environmentId, URI url, String jobId) {

    /** The page at a path of the site, which begins with a slash. */
    URI at(String path) {
        return URI.create(url + path);
    }
}
