package io.pressluft.e2e;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an environment has of its own on its node, as the node itself says it. */
final class Isolation {

    private static final String SCRIPT = """
            export REDISCLI_AUTH=$(python3 -c 'import json; print(json.load(open("/etc/pressluft/redis.json"))["admin_password"])')
            users=$(redis-cli -s /run/redis/redis-server.sock --user pressluft --no-auth-warning ACL LIST)
            grants=$(mariadb -N --raw -e "SELECT CONCAT(user, ' ', db) FROM mysql.db WHERE user LIKE 'env%'")
            of() { grep -oP "define\\('$1', '\\K[^']+" "/var/www/$E/shared/wp-config.php"; }
            for E in $ENVIRONMENTS; do
                unit=pressluft-php@$E.service
                acl=$(grep "^user $E " <<< "$users")
                php=$(systemctl show -p MainPID --value $unit)
                echo "linux_user $E $(id -u $E)"
                echo "linux_group $E $(id -g $E)"
                echo "process_user $E $(ps -o user:32= -p $php)"
                echo "socket $E $(stat -c %d:%i /run/pressluft-php/$E/php.sock)"
                echo "database_gate $E $(stat -c %d:%i /run/pressluft-gate/$E-mariadb.sock)"
                echo "database_gate_owner $E $(stat -c %U /run/pressluft-gate/$E-mariadb.sock)"
                echo "redis_gate_owner $E $(stat -c %U /run/pressluft-gate/$E-redis.sock)"
                echo "slice $E $(systemctl show -p Slice --value $unit)"
                echo "mounts $E $(readlink /proc/$php/ns/mnt)"
                echo "directory $E $(readlink -f /var/www/$E/current)"
                echo "database $E $(of DB_NAME)"
                echo "database_user $E $(of DB_USER)"
                echo "database_password $E $(of DB_PASSWORD | sha256sum | head -c 16)"
                echo "database_grants $E $(grep "^$E " <<< "$grants" | cut -d' ' -f2 | tr '\\n' ,)"
                echo "redis_keys $E $(grep -o ' ~[^ ]*' <<< "$acl" | tr '\\n' ,)"
                echo "redis_channels $E $(grep -o ' &[^ ]*' <<< "$acl" | tr '\\n' ,)"
                echo "redis_password $E $(grep -o ' #[^ ]*' <<< "$acl" | head -c 16)"
                echo "redis_prefix $E $(of WP_REDIS_PREFIX)"
                echo "proof_key $E $(sha256sum < /etc/pressluft/proof/$E.key | head -c 16)"
                echo "salts $E $(of AUTH_KEY | sha256sum | head -c 16)"
            done
            """;

    private Isolation() {}

    /** Kind to the values of all environments, one each. */
    static Map<String, List<String>> of(NodeShell node, Collection<String> environments) {
        var lines = node.script("ENVIRONMENTS='%s'%n%s".formatted(String.join(" ", environments), SCRIPT))
                .require()
                .lines();
        var kinds = new LinkedHashMap<String, List<String>>();
        for (var line : lines) {
            var words = line.split("\\s+", 3);
            kinds.computeIfAbsent(words[0], kind -> new ArrayList<>()).add(words.length < 3 ? "" : words[2]);
        }
        return kinds;
    }
}
