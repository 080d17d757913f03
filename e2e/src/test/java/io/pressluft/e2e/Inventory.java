package io.pressluft.e2e;

import java.util.List;

/** Users, files, databases, Redis users and keys, and units of a node, as a comparable list. */
final class Inventory {

    private static final String SCRIPT = """
            cut -d: -f1 /etc/passwd /etc/group | sort
            grep pressluft-redis /etc/group
            (ls -d /var/www/.[!.]* /var/www/* /etc/nginx/pressluft-sites/* /run/pressluft-php/* 2>/dev/null || true) | sort
            find /etc/pressluft /etc/systemd/system /etc/redis | sort
            mariadb -N -e "SELECT schema_name FROM information_schema.schemata ORDER BY 1; \
                SELECT user, host FROM mysql.global_priv ORDER BY 1; SELECT user, db FROM mysql.db ORDER BY 1"
            find /var/lib/mysql -maxdepth 1 -name 'env_*' | sort
            export REDISCLI_AUTH=$(python3 -c 'import json; print(json.load(open("/etc/pressluft/redis.json"))["admin_password"])')
            redis="redis-cli -s /run/redis/redis-server.sock --user pressluft --no-auth-warning"
            $redis ACL USERS | sort
            $redis --scan | sort
            systemctl list-units --all --plain --no-legend --type=service,slice 'env*' 'pressluft-php*' | awk '{print $1}' | sort
            mount | grep -F env_ || true
            """;

    private Inventory() {}

    static List<String> of(NodeShell node) {
        return node.script(SCRIPT).require().lines();
    }
}
