package io.pressluft.protocol.proof;

import java.net.URI;

/**
 * What a front page has to prove.
 *
 * @param url the environment's home URL without a trailing slash, e.g. {@code http://shop.localhost:7680}
 * @param environmentId {@code env_xxxxxxxx}
 * @param identity the value issued for this environment and stored in its database, 32 hex digits
 * @param release name of the release directory the page must be served from
 */
public record FrontPageClaim(URI url, String environmentId, String identity, String release) {

    static final String VERSION = "pressluft-proof-v1";

    /** The text that the page's signature covers, for {@code nonce}. */
    String signedText(String nonce) {
        return String.join("\n", VERSION, nonce, environmentId, identity, url.toString(), release);
    }
}
