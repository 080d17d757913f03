package io.pressluft.e2e;

import java.time.Duration;

/** What may happen to the machine under a job. */
final class NodeFaults {

    private static final Duration BACK = Duration.ofSeconds(90);

    private static final String FULL = "/var/www/.artifacts/.e2e-fill";

    private NodeFaults() {}

    static void restarted(FaultScene scene) {
        scene.pressluft().node().reboot(BACK);
    }

    static void diskFull(FaultScene scene) {
        filled(scene, "cat /dev/zero > %s 2>/dev/null || true");
    }

    static void inodesGone(FaultScene scene) {
        filled(scene, "mkdir %1$s; cd %1$s; seq 1 100000 | xargs touch 2>/dev/null || true");
    }

    private static void filled(FaultScene scene, String lines) {
        scene.node().shell(lines.formatted(FULL));
        try {
            scene.node().release();
            scene.ended(FaultJudge.END);
        } finally {
            scene.node().shell("rm -rf " + FULL);
        }
    }

    /** The run takes all memory by itself. */
    static void outOfMemory(FaultScene scene) {
        scene.ended(FaultJudge.END);
        scene.node().release();
    }

    /** Nobody lets the step go; its time runs out. */
    static void hangs(FaultScene scene) {
        scene.ended(FaultJudge.END);
        scene.node().release();
    }

    static void whiteScreen(FaultScene scene) {
        var white = "/var/www/%s/current/wp-content/mu-plugins/e2e-white-screen.php"
                .formatted(scene.site().environmentId());
        scene.pressluft().node().write(white, """
                <?php
                add_action('template_redirect', static function (): void { exit; }, PHP_INT_MAX);
                """);
        try {
            scene.node().release();
            scene.ended(FaultJudge.END);
        } finally {
            scene.node().shell("rm -f " + white);
        }
    }

    /** Another virtual host answers 200 in the new site's stead. */
    static void stranger(FaultScene scene) {
        var conf = "/etc/nginx/pressluft-sites/%s.conf".formatted(scene.site().environmentId());
        scene.node().shell("""
                mv %1$s /root/e2e-site.conf
                cp -a /etc/nginx/nginx.conf /root/e2e-nginx.conf
                sed -i "s#return 404;#default_type text/html; return 200 '<html><title>Welcome</title></html>';#" /etc/nginx/nginx.conf
                nginx -t -q && systemctl reload nginx
                """.formatted(conf));
        try {
            scene.node().release();
            scene.ended(FaultJudge.END);
        } finally {
            scene.node()
                    .shell(
                            "rm -f /root/e2e-site.conf; mv /root/e2e-nginx.conf /etc/nginx/nginx.conf; systemctl reload nginx");
        }
    }
}
