package io.pressluft.controlplane.node;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The public half of the key with which the control plane signs in at machines that exist already. */
@RestController
@RequestMapping("/api/managed-key")
class ManagedKeyApi {

    private final NodeAcquisition acquisition;

    ManagedKeyApi(NodeAcquisition acquisition) {
        this.acquisition = acquisition;
    }

    /** @param command what appends the key to {@code authorized_keys}, for the user that Pressluft is to sign in as */
    record ManagedKeyView(String publicKey, String command) {}

    @GetMapping
    ManagedKeyView show() {
        return new ManagedKeyView(acquisition.publicKey(), acquisition.authorisingCommand());
    }
}
