#!/bin/sh
# What a new release needs before it starts, and what running it again doesn't change. As the owner of the tables.
set -eu
python manage.py migrate --no-input
python manage.py setup_database_roles
python manage.py setup_roles
