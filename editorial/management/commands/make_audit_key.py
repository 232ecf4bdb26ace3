import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.management.base import BaseCommand, CommandError

from editorial.anchor_lines import key_id, public_of


class Command(BaseCommand):
    help = "Make the key that signs the end of the record, in a new file that its owner alone can read."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="a file that isn't there yet, on a host without the database")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        key = Ed25519PrivateKey.generate()
        data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                os.fsync(file.fileno())
        except FileExistsError:
            raise CommandError(f"{path} is there already, and a key is never overwritten. Name another file.") from None
        except OSError as problem:
            raise CommandError(f"{path} can't be written: {problem.strerror}.") from None
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        self.stdout.write(f"The private key is in {path}. Set AUDIT_KEY_FILE to it, and keep a copy off this host.")
        self.stdout.write(f"Key {key_id(public_of(key))}. Publish the public key, and keep it where auditors find it:")
        self.stdout.write(public.strip())
