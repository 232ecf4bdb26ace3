import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from editorial import doctor, registry
from editorial.doctor import parts


class Command(BaseCommand):
    help = (
        "Look at this deployment and say what to do. It changes nothing. Ends with 0 when all is well, with 1 after "
        "warnings, with 2 after faults."
    )
    requires_system_checks: list[str] = []  # a database that is away is a finding

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
        parser.add_argument("--only", action="append", default=[], metavar="NAME", help="one examination; repeatable")
        parser.add_argument("--send-to", metavar="ADDRESS", help="send one mail there, too")

    def handle(self, *args: Any, **options: Any) -> None:
        unknown = set(options["only"]) - registry.examinations().keys()
        if unknown:
            names = ", ".join(registry.examinations())
            raise CommandError(f"There is no examination “{min(unknown)}”. There are: {names}.", returncode=2)
        address = options["send_to"]
        if address:
            _valid(address)
        report = doctor.examined(only=options["only"])
        if address:
            report.found["test mail"] = list(parts.test_mail(address))
        if options["json"]:
            self.stdout.write(json.dumps({"code": report.code, "found": report.plain()}, ensure_ascii=False))
        else:
            self._tell(report)
        if report.code:
            sys.exit(report.code)

    def _tell(self, report: doctor.Report) -> None:
        for name, findings in report.found.items():
            for finding in findings:
                self.stdout.write(f"{finding.level:>13}  {name}: {finding.said}")
                if finding.todo:
                    self.stdout.write(f"{'':>13}  → {finding.todo}")


def _valid(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise CommandError("--send-to takes a mail address.", returncode=2) from None
