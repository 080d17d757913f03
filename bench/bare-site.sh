#!/bin/bash
# What a careful administrator's script would do, on the node: bare-site.sh <name>. Prints seconds until the first page was right.
# No isolation, no proof, no undo: a shared PHP service, one Linux user for the pool, one database, one virtual host.
set -euo pipefail
name=$1
for directory in /etc/php/*/fpm; do php=$(basename "${directory%/fpm}"); done
begun=$EPOCHREALTIME
directory=/var/www/$name
password=$(head -c 64 /dev/urandom | base64 | tr -dc 'a-zA-Z0-9' | head -c 24)
useradd --system --no-create-home --shell /usr/sbin/nologin "$name"
mariadb --execute "CREATE DATABASE $name; CREATE USER '$name'@'localhost' IDENTIFIED BY '$password'; GRANT ALL ON $name.* TO '$name'@'localhost'"
mkdir "$directory"
cp -a /var/www/.artifacts/wordpress-[0-9]*[0-9] "$directory/public"
chown -R "$name:$name" "$directory"
cat > "/etc/php/$php/fpm/pool.d/$name.conf" << POOL
[$name]
user = $name
group = $name
listen = /run/php/$name.sock
listen.owner = www-data
pm = ondemand
pm.max_children = 4
POOL
cat > "/etc/nginx/pressluft-sites/$name.conf" << HOST
server {
    listen 80;
    server_name $name.localhost;
    root $directory/public;
    index index.php;
    location / { try_files \$uri \$uri/ /index.php?\$args; }
    location ~ \.php\$ {
        include /etc/nginx/fastcgi_params;
        fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
        fastcgi_pass unix:/run/php/$name.sock;
    }
}
HOST
cd "$directory/public"
wp=(runuser -u "$name" -- php -d memory_limit=512M /usr/local/lib/pressluft/wp-cli.phar --quiet)
"${wp[@]}" config create --dbname="$name" --dbuser="$name" --dbpass="$password" --skip-check
"${wp[@]}" core install --url="http://$name.localhost" --title="Bare $name" --admin_user=admin --admin_password="$password" \
    --admin_email=admin@example.com --skip-email
systemctl reload "php$php-fpm" nginx
scripted=$EPOCHREALTIME
until page=$(curl --silent --header "Host: $name.localhost" http://127.0.0.1/) && [[ $page == *"Bare $name"* ]]; do :; done
paged=$EPOCHREALTIME
rm "/etc/php/$php/fpm/pool.d/$name.conf" "/etc/nginx/pressluft-sites/$name.conf"
systemctl reload "php$php-fpm" nginx
mariadb --execute "DROP DATABASE $name; DROP USER '$name'@'localhost'"
userdel "$name"
# The files stay until the node goes: removing thousands of them in every round would slow the next copy down, and no script does it.
echo "$begun $scripted $paged"
