package io.pressluft.controlplane.error;

import java.util.Locale;

/**
 * Every stable code a user can meet, with the HTTP status of a refusal that carries it and what to do next.
 *
 * <p>Codes that only end a job have status 500 here, those of messages that were not delivered 502; they never reach an HTTP
 * answer as a refusal.
 */
public enum ErrorCode {
    REQUEST_INVALID(400, "Correct the fields named in the details and send the request again."),
    UNAUTHENTICATED(401, "Sign in, or send an API token as a bearer token."),
    FORBIDDEN(403, "Reload the page and try again; an expired form or a missing right causes this."),
    NOT_FOUND(404, "Check the address against the API description."),
    NODE_NOT_FOUND(404, "List the nodes and use the id of one of them."),
    SITE_NOT_FOUND(404, "List the sites and use the id of one of them."),
    ENVIRONMENT_NOT_FOUND(404, "Show the site and use the id of one of its environments."),
    JOB_NOT_FOUND(404, "List the jobs and use the id of one of them."),
    TOKEN_NOT_FOUND(404, "List the tokens and use the id of one of them."),
    SETTING_NOT_FOUND(404, "List the settings and use one of their keys."),
    METHOD_NOT_ALLOWED(405, "Check the method against the API description."),
    NOT_ACCEPTABLE(406, "Accept application/json."),
    REQUEST_TOO_LARGE(413, "Send less than 64 KiB."),
    MEDIA_TYPE_UNSUPPORTED(415, "Send the body as application/json."),
    NODE_NOT_READY(409, "Resolve the failing checks of the node, or choose another node."),
    NO_NODE_READY(409, "Create a node, or resolve the failing checks of an existing one."),
    NODE_HAS_SITES(409, "Delete or move the sites of the node first."),
    NODE_NAME_TAKEN(409, "Choose another name for the node."),
    NODE_SERVER_TAKEN(409, "Use the node that this server is already, or decommission it first."),
    NODE_BUSY(409, "Wait until the job that is named has ended, or cancel it; resolve it when it is stalled."),
    NODE_STATE_CONFLICT(409, "Look at the node's state and its newest job, and start from there."),
    NODE_GONE(409, "The node has been decommissioned; nothing is left to change."),
    SITE_BUSY(409, "Wait until the job that is named has ended, or cancel it; resolve it when it is stalled."),
    SITE_STATE_CONFLICT(409, "Look at the site's state and its newest job, and start from there."),
    SITE_NOT_ACTIVE(409, "Retry or delete the site first."),
    SLUG_TAKEN(409, "Choose another slug."),
    SITE_DELETED(409, "The site has been deleted; nothing is left to change."),
    JOB_NOT_RETRYABLE(
            409,
            "A job is retried once it is failed, rejected or cancelled; one that belongs to another job by retrying that."),
    JOB_SUPERSEDED(409, "Look at the job that came after it, then start a new one if the change is still wanted."),
    JOB_NOT_CANCELLABLE(409, "Look at its state: a stalled job is resolved instead; one that goes on ends by itself."),
    JOB_NOT_STALLED(409, "Look at its state: one that goes on ends by itself, or is cancelled."),
    IDEMPOTENCY_KEY_REUSED(409, "Use a new idempotency key for a different request."),
    LOGIN_RATE_LIMITED(429, "Wait a few minutes before the next attempt."),
    LOGIN_LINK_FAILED(502, "Open the job that is named to see why; then ask for a new link."),
    DEPENDENCY_UNAVAILABLE(503, "The database or the broker cannot be reached; try again shortly."),
    INTERNAL_ERROR(500, "Try again; if it persists, look for the reference in the log of the control plane."),

    // How nodes fail.
    CAPABILITY_MISSING(500, "Install what is named and retry the job."),
    ACQUISITION_FAILED(500, "Read the job log, remove the cause and retry the job."),
    KEY_GENERATION_FAILED(500, "Check that the data directory is writable and that ssh-keygen is installed."),
    ARTIFACT_UNAVAILABLE(500, "Check that npm reaches its registry, then retry the job."),
    ARTIFACT_CORRUPT(500, "Remove the cached file that is named and retry the job."),
    AGENT_ARCHIVE_MISSING(500, "Run ./pressluft build, then retry the job."),
    SSH_UNREACHABLE(500, "Check that the machine runs and that its SSH port is reachable."),
    SSH_AUTH_FAILED(500, "Authorise the managed key (pressluft node key shows it) on the machine, then retry the job."),
    HOST_KEY_CHANGED(
            500,
            "Make sure that the machine is the one you mean. Was it installed afresh? Decommission the node and create it"
                    + " again."),
    KEY_INJECTION_FAILED(500, "Authorise the managed key by hand (pressluft node key), then retry the job."),
    ADDRESS_REFUSED(500, "Name another machine; the control plane's own host is never a remote node."),
    MACHINE_CLAIMED(500, "Decommission the node that the machine belongs to, or install the machine afresh."),
    MACHINE_IN_USE(500, "Use a server that carries nothing else."),
    PYTHON_MISSING(500, "Install python3 on the machine, then retry the job."),
    GATEWAY_UNREACHABLE(500, "Let the node reach the gateway address, or set another one, then retry the job."),
    AGENT_OFFLINE(500, "Start pressluft-agent on the node and retry the job, or give the node up with abandon."),
    RELEASE_INCOMPLETE(500, "Read the journal of pressluft-leave on the machine, then retry the job."),
    PLAYBOOK_FAILED(500, "Read the job log for the failing step, remove the cause and retry the job."),
    AGENT_NOT_ENROLLED(500, "Check that the node reaches the gateway address, then retry the job."),
    READINESS_BLOCKED(500, "Resolve the failing checks and retry the job."),
    PROVIDER_UNKNOWN(500, "Create the node with a provider that this release has."),
    MACHINE_MISSING(500, "Delete the node and create a new one."),
    BOOT_FAILED(500, "Read console.log in the machine's directory, then retry the job."),
    MACHINE_STUCK(500, "End the machine's processes that are named, then retry the job."),
    SUBNET_CONFLICT(500, "Remove what else uses the subnet of the local nodes, then retry the job."),
    SUBNET_EXHAUSTED(500, "Free a 10.x.y.0/24 network on this host, then retry the job."),
    ADDRESS_EXHAUSTED(500, "Decommission a local node, then retry the job."),
    INSTANCE_CONFLICT(500, "Stop the other control plane that uses this instance's name on this host."),
    HOST_COMMAND_FAILED(500, "Read the job log for what the command said, remove the cause and retry the job."),
    HOST_COMMAND_TIMEOUT(500, "Read the job log for the command that hung, then retry the job."),
    HOST_IO_FAILED(500, "Check disk space and permissions of the data directory, then retry the job."),
    INTERRUPTED(500, "Retry the job."),
    AGENT_UNAVAILABLE(500, "Read the journal of pressluft-agent on the node, then retry the job."),
    FAIL2BAN_UNAVAILABLE(500, "Read the journal of fail2ban on the node, then retry the job."),
    FIREWALL_FAILED(500, "Read the job log for what ufw said, then retry the job."),
    KERNEL_SETTING_REFUSED(500, "Allow the kernel setting that is named on the node, then retry the job."),
    CONFIGURATION_INVALID(500, "Read the job log for the file that was refused, then retry the job."),
    RUNTIME_MISSING(500, "Provision the node again; it installs what is missing."),
    OS_UNSUPPORTED(500, "Use Ubuntu 24.04, Debian 12 or Debian 13."),
    SSH_KEY_FAILED(500, "Check the managed user's authorized_keys on the node, then retry the job."),
    RELEASE_FAILED(500, "Read the job log, remove the cause and retry the job."),

    // How a site's jobs fail.
    DATABASE_UNAVAILABLE(500, "Start MariaDB on the node, then retry the job."),
    REDIS_UNAVAILABLE(500, "Start Redis on the node, then retry the job."),
    WEB_SERVER_CONFIG_INVALID(500, "Repair the web server's configuration on the node, then retry the job."),
    WEB_SERVER_UNAVAILABLE(500, "Start the web server on the node, then retry the job."),
    PHP_UNAVAILABLE(500, "Repair PHP on the node, then retry the job."),
    ARTIFACT_MISSING(500, "Provision the node again so that it holds the WordPress release."),
    WORDPRESS_INSTALL_FAILED(500, "Read the job log, remove the cause and retry the job."),
    WORDPRESS_COMMAND_FAILED(500, "Read the job log for what WP-CLI said, then retry the job."),
    SECRETS_FAILED(500, "Check disk space and permissions below /etc/pressluft on the node, then retry the job."),
    SECRETS_CORRUPT(500, "The environment's secrets on the node are damaged; restore or delete the site."),
    USER_DELETE_FAILED(500, "End the processes of the environment's user on the node, then retry the job."),
    USER_CREATE_FAILED(500, "Read the job log, remove the cause and retry the job."),
    DISK_FULL(500, "Free disk space on the node, then retry the job."),
    INODES_EXHAUSTED(500, "Remove files that are not needed on the node, then retry the job."),
    PACKAGE_ARCHIVE_UNREACHABLE(500, "Make the package archive reachable from the node, then retry the job."),
    PAYLOAD_INVALID(500, "The node refused the job's values; update agent and control plane to the same release."),
    UNKNOWN_JOB_TYPE(500, "Upgrade the agent of the node, then retry the job."),
    JOB_CANCELLED(500, "Retry the job if it is wanted after all."),
    JOB_RESOLVED(500, "Look at the site and node, then retry the job, or delete what it was making."),
    FENCED_OFF(500, "A newer job has taken over the site; look at the site's jobs."),
    DEADLINE_EXCEEDED(500, "Read the job log for the step that took too long, then retry the job."),
    STEP_DEADLINE_EXCEEDED(500, "Look why the step that is named hung (its service may be stuck), then retry the job."),
    OUT_OF_MEMORY(500, "Free memory on the node or give it more, then retry the job."),
    RUN_NOT_STARTED(500, "Read the agent's journal on the node, remove the cause and retry the job."),
    JOURNAL_FAILED(500, "Free disk space below /var/lib/pressluft-agent on the node, then retry the job."),
    SUDO_UNAVAILABLE(500, "Let the user become root without a password (NOPASSWD), or use root, then retry the job."),
    RUN_LOST(500, "The node was restarted during the job; retry the job."),
    UNDO_FAILED(500, "Something of the change may be left on the node; retry or delete."),
    PROOF_UNREACHABLE(500, "Check the web server and the firewall of the node, then retry the job."),
    PROOF_STATUS(500, "Read the web server's and PHP's log on the node, then retry the job."),
    PROOF_MISSING(500, "The page is not rendered to its end; check plugins, theme and database, then retry."),
    PROOF_KEY_MISSING(500, "Update agent and control plane to the same release, then retry the job."),
    PROOF_FOREIGN(500, "Another site answers under this name; check the virtual hosts and retry the job."),
    VERDICT_TOO_LATE(500, "The node undid the change before the decision arrived; retry the job."),

    // How messages about incidents fail.
    ALERT_CHANNEL_UNSET(
            502, "Set the address of the webhook; for e-mail the mail server, the sender and the recipients."),
    ALERT_UNREACHABLE(502, "Check name, port and the way from the control plane to the receiver."),
    ALERT_TLS_FAILED(502, "Give the receiver a certificate for its name that this host trusts, or set smtp-security."),
    ALERT_SIGN_IN_FAILED(502, "Set smtp-user and smtp-password to what the mail server accepts."),
    ALERT_REFUSED(502, "Look into the log of the receiver for why it did not take the message."),
    ALERT_RECIPIENT_REFUSED(
            502, "Correct alert-email-to: the mail server refuses some of its addresses; the others got the message.");

    private final int httpStatus;
    private final String remediation;

    ErrorCode(int httpStatus, String remediation) {
        this.httpStatus = httpStatus;
        this.remediation = remediation;
    }

    /** The code as it is written in answers and job rows, e.g. {@code site_busy}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** What the reader of the error should do next, one or two sentences. */
    public String remediation() {
        return remediation;
    }

    /** The code of a refusal that says nothing but its HTTP status. */
    public static ErrorCode ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413, 414, 431 -> REQUEST_TOO_LARGE;
            case 415 -> MEDIA_TYPE_UNSUPPORTED;
            case 503 -> DEPENDENCY_UNAVAILABLE;
            default -> status >= 400 && status < 500 ? REQUEST_INVALID : INTERNAL_ERROR;
        };
    }

    /** The registered code written as {@code code}; anything unknown is a playbook's own failure. */
    public static ErrorCode ofFailure(String code) {
        for (var known : values()) {
            if (known.code().equals(code)) {
                return known;
            }
        }
        return PLAYBOOK_FAILED;
    }
}
