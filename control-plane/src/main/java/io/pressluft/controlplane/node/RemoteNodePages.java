package io.pressluft.controlplane.node;

import io.pressluft.controlplane.dashboard.Form;
import io.pressluft.controlplane.dashboard.Page;
import io.pressluft.controlplane.dashboard.Pages;
import io.pressluft.controlplane.dashboard.Section;
import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.FieldChecks;
import io.pressluft.controlplane.id.Ids;
import io.pressluft.controlplane.job.Requesters;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The form for a node on a server that exists already. */
@Controller
@RequestMapping("/nodes")
class RemoteNodePages {

    private static final String PASSWORD = "oneTimePassword";
    private static final Map<String, String> NEW_NODE = Map.of("port", "22", "user", "root");

    private final Nodes nodes;
    private final NodeAcquisition acquisition;
    private final Requesters requesters;
    private final Ids ids;
    private final Pages pages;

    RemoteNodePages(Nodes nodes, NodeAcquisition acquisition, Requesters requesters, Ids ids, Pages pages) {
        this.nodes = nodes;
        this.acquisition = acquisition;
        this.requesters = requesters;
        this.ids = ids;
        this.pages = pages;
    }

    @GetMapping("/new-remote")
    ResponseEntity<String> fresh(HttpServletRequest request) {
        return pages.show(request, page(Form.of(NEW_NODE)));
    }

    private Page page(Form form) {
        return Page.of(Section.NODES, "Create remote node", "nodes/new-remote")
                .with("form", form)
                .with("publicKey", acquisition.publicKey())
                .with("command", acquisition.authorisingCommand());
    }

    @PostMapping("/remote")
    ResponseEntity<String> create(
            HttpServletRequest request, @RequestParam Map<String, String> entered, Principal who) {
        // A page never shows a password again, not even the one that was just entered.
        var shown = new HashMap<>(entered);
        var password = shown.remove(PASSWORD);
        var form = Form.of(shown);
        try {
            var made = nodes.create(wanted(form, password), requesters.of(who, null));
            return Pages.redirect("/jobs/" + made.job().id());
        } catch (CodedException refusal) {
            return pages.show(
                    request, page(form.refused(refusal)).status(refusal.code().httpStatus()));
        }
    }

    private NewNode wanted(Form form, @Nullable String password) {
        var port = form.entered("port");
        new FieldChecks()
                .require(port == null || port.matches("[0-9]{1,5}"), "port", "Must be a whole number.")
                .done();
        return new NodeRequest(
                        form.entered("name"),
                        "remote",
                        ServerRequest.PROVIDER,
                        null,
                        null,
                        null,
                        form.entered("host"),
                        port == null ? null : Integer.valueOf(port),
                        form.entered("user"),
                        form.entered("hostKey"),
                        password == null || password.isEmpty() ? null : password)
                .checked(acquisition, ids);
    }
}
