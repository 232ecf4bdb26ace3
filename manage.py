#!/usr/bin/env python
"""Django's command line for Imprimatur."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line  # why: says in words when not installed
    except ImportError:
        sys.exit("Django isn't installed here. Run `make install`, then use .venv/bin/python manage.py …")
    from django.core.exceptions import ImproperlyConfigured  # why: only where Django is

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        print(f"fault  settings: {problem}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
