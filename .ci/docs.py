"""Runs the console blocks of the manual. Called by .ci/docs.

A block is run unless one of its commands needs more than the jar and Debian's programs (SKIP says which and why).
Its output is compared line by line with the block. Numbers that differ between runs match any number, and "..."
matches anything. Checksums of random input must be equal where the manual's are equal.
"""

import glob
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

JAR = os.path.abspath("target/socket-echo.jar")
# A block with one of these texts is not run, and why.
SKIP = {
    "./mvnw": "builds",
    "docker": "needs a Docker engine",
    "helm ": "needs a cluster",
    "./flood": "needs a program of the reader's",
    "group.py": "needs a network and a program of the reader's",
    "systemd-socket-activate": "is in .ci/sockets",
    "jarmode": "is in .ci/container",
    "--spring.config.additional-location": "is in .ci/tls, with its files",
    "-connect": "is in .ci/tls",
    "OPENSSL:": "is in .ci/tls",
    "actuator/echo": "needs the clients of its page",
    "127.0.0.1:27307": "needs an echo server on that port",
    "1337; ": "needs a configuration",
    "1338": "needs the server of its page",
    "certs": "needs certificates",
    "openssl pkcs12": "needs the certificates of another block",
    "java -jar": "starts a service of its own",
}
BLOCK = re.compile(r"^```console\n(.*?)^```", re.S | re.M)
# Numbers that differ.
VARIES = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.I)
# Checksums of random input. Each gets a name when it is first seen, so that equal ones stay equal.
CHECKSUM = re.compile(r"\b[0-9a-f]{64}\b")
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def normal(lines, varies):
    seen = {EMPTY: "checksum of nothing"}

    def name(checksum):
        return seen.setdefault(checksum.group(), "checksum " + "ABCDEFGH"[len(seen) - 1])

    while lines and not lines[-1].strip():
        lines = lines[:-1]
    named = [CHECKSUM.sub(name, line.rstrip()) for line in lines]
    return [VARIES.sub("#", line) for line in named] if varies else named


def steps(block):
    """The commands of a block, each with the lines that it prints."""
    result = []
    for line in block.splitlines():
        if line.startswith("$ "):
            result.append([line[2:], []])
        elif result and (result[-1][0].endswith(("\\", "|")) or unfinished(result[-1][0])) and not result[-1][1]:
            result[-1][0] += "\n" + line
        elif result:
            result[-1][1].append(line)
    return result


def unfinished(command):
    return subprocess.run(["bash", "-n", "-c", command], capture_output=True).returncode != 0


def matches(expected, actual):
    """Whether the lines are those of the manual: '...' is anything."""
    pattern = r"\n".join(
        re.sub(r"(\\ )?\\\.\\\.\\\.", ".*", re.escape(line)) if line.strip() != "..." else r"[\s\S]*" for line in expected
    )
    return re.fullmatch(pattern, "\n".join(actual)) is not None


def run(block, directory, where):
    for command, expected in steps(block):
        # The output of nping and of HTTP is the same except for its numbers.
        varies = any(word in command for word in ("nping", "curl"))
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command.replace("head -c 1G", "head -c 16M")],
            cwd=directory, capture_output=True, text=True, errors="replace", timeout=120,
        )
        actual = normal(done.stdout.splitlines(), varies)
        wanted = normal(expected, varies)
        if not matches(wanted, actual):
            sys.exit(f"FAILED: {where}: $ {command}\nexpected:\n{chr(10).join(wanted)}\n"
                     f"got:\n{chr(10).join(actual)}\n{done.stderr}")


def documented_meters():
    text = "".join(open(page).read() for page in sorted(glob.glob("docs/*.md")))
    return set(re.findall(r"echo_[a-z_]+[a-z]", text))


def check_meters():
    """Every series that the service shows is documented."""
    scrape = urllib.request.urlopen("http://localhost:8080/actuator/prometheus").read().decode()
    shown = set(re.findall(r"^(echo_[a-z_]+)", scrape, re.M))
    base = {re.sub(r"_(max|count|sum|bucket)$", "", name) for name in shown}
    missing = base - documented_meters()
    if not shown or missing:
        sys.exit(f"FAILED: not in the reference of meters: {sorted(missing)}")
    print(f"ok: {len(base)} meters that the service shows are documented")


def await_ready(service, log):
    for _ in range(240):
        try:
            urllib.request.urlopen("http://localhost:8080/actuator/health/readiness")
            return
        except OSError:
            if service.poll() is not None:
                break
            time.sleep(0.5)
    log.seek(0)
    sys.exit("FAILED: the service did not start\n" + log.read()[-4000:])


def main():
    project = os.getcwd()
    ran = 0
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile("w+") as log:
        os.symlink(os.path.join(project, "helm"), os.path.join(directory, "helm"))
        service = subprocess.Popen([os.environ["JAVA"], "-jar", JAR], cwd=directory, stdout=log, stderr=log)
        try:
            await_ready(service, log)
            for page in ["README.md", *sorted(glob.glob("docs/*.md"))]:
                text = open(page).read()
                for found in BLOCK.finditer(text):
                    where = f"{page}:{text.count(chr(10), 0, found.start()) + 1}"
                    why = next((reason for word, reason in SKIP.items() if word in found.group(1)), None)
                    if why:
                        print(f"not run: {where}: {why}")
                        continue
                    run(found.group(1), directory, where)
                    ran += 1
                    print(f"ok: {where}")
            check_meters()
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait(60)
    if ran < 4:
        sys.exit(f"FAILED: only {ran} blocks were found to run")
    print(f"{ran} blocks of the manual do what they say")


main()
