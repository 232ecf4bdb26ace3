#!/bin/sh
# What a new release needs before it starts, and what running it again doesn't change. As the owner of the tables.
set -eu
python manage.py migrate --no-input
if [ -f editorial/management/commands/setup_database_roles.py ]; then
    python manage.py setup_database_roles
fi
python manage.py setup_roles
