"""Looks up the known vulnerabilities of every package in requirements.lock (OSV's database, by pip-audit).

    python .ci/audit.py [--url https://api.osv.dev/v1/query]

A known vulnerability fails. A service that cannot be reached says nothing about the packages: that is said, and does
not fail.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.lock"
SERVICE = "https://api.osv.dev/v1/query"

#: What stands in pip-audit's words where the service is not there, refuses, or does not answer in time.
UNREACHABLE = ("requests.exceptions.", "ServiceError", "ConnectionError")


def main() -> int:
    """Look everything up and say what was found; 1 for a known vulnerability, 2 where pip-audit itself fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default=SERVICE, help=f"the service (default: {SERVICE})")
    parser.add_argument("--lock", default=LOCK, type=Path, help="the file of packages (default: requirements.lock)")
    options = parser.parse_args()
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(options.lock), "--disable-pip", "--no-deps"]
    command += ["--vulnerability-service", "osv", "--osv-url", options.url, "--format", "json"]
    command += ["--progress-spinner", "off", "--timeout", "15"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        said = done.stderr.strip()
        if any(words in said for words in UNREACHABLE):
            why = next((line for line in reversed(said.splitlines()) if line.startswith("requests.exceptions.")), "")
            print(f"The service of known vulnerabilities cannot be reached; nothing was looked up. {why}")
            return 0
        print(f"pip-audit failed:\n{said}")
        return 2
    looked_up = [one for one in packages if "version" in one]
    found = [(one, known) for one in looked_up for known in one["vulns"]]
    for one, known in found:
        mended = f"mended in {', '.join(known['fix_versions'])}" if known["fix_versions"] else "not mended yet"
        print(f"{one['name']} {one['version']}: {known['id']} ({mended})")
    for one in packages:
        if "skip_reason" in one:
            print(f"{one['name']} was not looked up: {one['skip_reason']}")
    print(f"{len(looked_up)} of {len(packages)} packages looked up: {len(found)} known vulnerabilities.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
