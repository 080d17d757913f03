package io.pressluft.e2e;

import io.pressluft.protocol.proof.FrontPageClaim;
import io.pressluft.protocol.proof.FrontPageProof;
import io.pressluft.protocol.proof.Proof;
import io.pressluft.protocol.proof.ProofKey;
import java.net.InetSocketAddress;

/** The front page of a site over its preview address, judged by its signature over a fresh nonce. */
record FrontPage(FrontPageProof proof, FrontPageClaim claim, ProofKey key, InetSocketAddress gateway) {

    Proof look() throws InterruptedException {
        return proof.look(claim, key, gateway);
    }
}
