"""Runs the console blocks of the manual. Called by .ci/docs.

A block is run unless one of its commands needs more than the jar and Debian's programs (SKIP says which and why).
Its output is compared line by line with the block. Numbers that differ between runs match any number, and "..."
matches anything. Checksums of random input must be equal where the manual's are equal.

Each page has a directory of its own. A yaml block whose first line is a comment with a file name is that file. A
command that starts the service keeps it running until the end of the page; all other blocks run against a service
without configuration.
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
JAVA = os.environ["JAVA"]
# A block with one of these texts is not run, and why.
SKIP = {
    "./mvnw": "builds",
    "docker": "needs a Docker engine",
    "helm ": "needs a cluster",
    "./flood": "needs a program of the reader's",
    "group.py": "needs a network and a program of the reader's",
    "systemd-socket-activate": "is in .ci/sockets",
    "jarmode": "measures; .ci/container builds the image by the same commands",
    "127.0.0.1:27104": "is in .ci/tls, with haproxy",
}
START = "java -jar "
START_FAILS = "APPLICATION FAILED TO START"
BLOCK = re.compile(r"^```(console|yaml)\n(.*?)^```", re.S | re.M)
# Numbers that differ: all but HTTP statuses and the counts of JSON.
EXACT = ("HTTP/1.1 ", *(f'"{key}":' for key in ("status", "sent", "received", "lost", "sequence", "bytes")))
VARIES = re.compile("".join(f"(?<!{re.escape(text)})" for text in EXACT)
                    + r"(?<![\d.])\d+(?:\.\d+)?(?:e[+-]?\d+)?", re.I)
STATUS = re.compile(r"\d{3}")
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
    return [line if STATUS.fullmatch(line) else VARIES.sub("#", line) for line in named] if varies else named


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


class Service:
    """A running service."""

    def __init__(self, command, directory):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(["bash", "-c", "exec " + command], cwd=directory, env=environment(),
                                        stdout=self.log, stderr=self.log)
        port = re.search(r"--server\.port=(\d+)", command)
        self.url = f"http://localhost:{port.group(1) if port else 8080}/actuator"
        self.await_ready()

    def await_ready(self):
        for _ in range(240):
            try:
                urllib.request.urlopen(self.url + "/health/readiness")
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.5)
        self.stop()
        self.log.seek(0)
        sys.exit("FAILED: the service did not start\n" + self.log.read()[-4000:])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


class Services:
    """The services that the blocks call: one without configuration, or those that the page itself has started."""

    def __init__(self):
        self.plain = None
        self.own = []

    def start(self, command, directory):
        self.stop_plain()
        self.own.append(Service(command, directory))

    def need_one(self):
        if not self.own and not self.plain:
            self.plain = Service(START + JAR, None)

    def stop_own(self):
        for service in self.own:
            service.stop()
        self.own = []

    def stop_plain(self):
        if self.plain:
            self.plain.stop()
            self.plain = None


def environment():
    return {**os.environ, "PATH": os.path.dirname(JAVA) + ":" + os.environ["PATH"]}


def run(block, directory, services, where):
    for command, expected in steps(block):
        if command.startswith(START) and START_FAILS not in expected:
            services.start(command, directory)
            continue
        services.need_one()
        # The output of nping and of HTTP is the same except for its numbers.
        varies = any(word in command for word in ("nping", "curl"))
        # openssl tells about the connection on standard error.
        both = subprocess.STDOUT if "-brief" in command else subprocess.PIPE
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command.replace("head -c 1G", "head -c 16M")], cwd=directory,
            env=environment(), stdout=subprocess.PIPE, stderr=both, text=True, errors="replace", timeout=120,
        )
        actual = normal(done.stdout.splitlines(), varies)
        wanted = normal(expected, varies)
        # Where no output tells, the status does.
        if not matches(wanted, actual) or (not wanted and done.returncode != 0):
            sys.exit(f"FAILED: {where}: $ {command}\nexpected:\n{chr(10).join(wanted)}\n"
                     f"got:\n{chr(10).join(actual)}\n{done.stderr or ''}")


def run_page(page, project, services):
    ran = 0
    text = open(page).read()
    with tempfile.TemporaryDirectory() as directory:
        os.symlink(os.path.join(project, "helm"), os.path.join(directory, "helm"))
        os.mkdir(os.path.join(directory, "target"))
        os.symlink(JAR, os.path.join(directory, "target", os.path.basename(JAR)))
        for found in BLOCK.finditer(text):
            language, block = found.groups()
            where = f"{page}:{text.count(chr(10), 0, found.start()) + 1}"
            if language == "yaml":
                name = re.match(r"# ([\w.-]+\.yml)\n", block)
                if name:
                    with open(os.path.join(directory, name.group(1)), "w") as file:
                        file.write(block)
                continue
            why = next((reason for word, reason in SKIP.items() if word in block), None)
            if why:
                print(f"not run: {where}: {why}")
                continue
            run(block, directory, services, where)
            ran += 1
            print(f"ok: {where}", flush=True)
        services.stop_own()
    return ran


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


def main():
    ran = 0
    services = Services()
    try:
        services.need_one()
        check_meters()
        for page in ["README.md", *sorted(glob.glob("docs/*.md"))]:
            ran += run_page(page, os.getcwd(), services)
    finally:
        services.stop_own()
        services.stop_plain()
    if ran < 10:
        sys.exit(f"FAILED: only {ran} blocks were found to run")
    print(f"{ran} blocks of the manual do what they say")


main()
