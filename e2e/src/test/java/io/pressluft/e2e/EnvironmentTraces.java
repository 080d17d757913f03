package io.pressluft.e2e;

import java.util.List;

/** What there is of an environment on its node: one line for each thing that was made for it. */
final class EnvironmentTraces {

    /** Serving: what a visitor could reach. */
    private static final String SERVING = """
            ls -d /etc/nginx/pressluft-sites/$E.conf /run/pressluft-php/$E 2>/dev/null || true
            systemctl is-active -q "pressluft-php@$E.service" && echo "unit pressluft-php@$E.service" || true
            """;

    private static final String EVERYTHING = """
            ls -d /var/www/$E /run/pressluft-gate/$E* /etc/pressluft/*/$E* /etc/systemd/system/*/*$E* /etc/systemd/system/*$E* 2>/dev/null || true
            getent passwd "$E" || true
            getent group "$E" || true
            systemctl list-units --all --plain --no-legend "*$E*" | grep -v not-found || true
            ps -eo user:32,args | grep "$E" | grep -v -e grep -e 'bash -euo' || true
            mariadb -N -e "SELECT CONCAT('database ', schema_name) FROM information_schema.schemata WHERE schema_name = '$E'; \
                SELECT CONCAT('database user ', user) FROM mysql.global_priv WHERE user = '$E'; \
                SELECT CONCAT('grant for ', user) FROM mysql.db WHERE user = '$E'"
            grep -rlF "$E" /etc/redis /etc/passwd /etc/group /etc/nginx /etc/pressluft /etc/systemd/system 2>/dev/null || true
            redis-cli -s /run/redis/redis-server.sock ACL LIST 2>/dev/null | grep -o "user $E" || true
            """;

    private EnvironmentTraces() {}

    /** Works without MariaDB. */
    static List<String> serving(NodeShell node, String environmentId) {
        return node.script("E=" + environmentId + "\n" + SERVING).require().lines();
    }

    static List<String> all(NodeShell node, String environmentId) {
        return node.script("E=" + environmentId + "\n" + SERVING + EVERYTHING)
                .require()
                .lines();
    }
}
