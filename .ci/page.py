"""Looks at the status page with Chromium. Called by .ci/page.

First the built service, then a stand-in that serves the same files with more servers and connections than a test can
open, and with names that the service does not allow.
"""

import contextlib
import http.client
import http.server
import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time

from browser import Browser

WORK, HTTP, ECHO, PICTURES, *COMMAND = sys.argv[1:]
HTTP, ECHO = int(HTTP), int(ECHO)
URL = f"http://127.0.0.1:{HTTP}/"
STATIC = "src/main/resources/static"
SHELL = "<EOF>'; echo hacked; $(echo hacked) `echo hacked` %s \\n"
EVIL = "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'>"
AXE = open(f"{WORK}/node_modules/axe-core/axe.min.js").read()
WRITE = ("connections", "echo", "faults", "load")

passed = 0


def check(what, wanted, found):
    global passed
    if wanted != found:
        raise AssertionError(f"{what}: expected {wanted!r}, got {found!r}")
    passed += 1
    print(f"ok: {what}", flush=True)


# The service

CONFIGURATION = {
    "server": {"port": HTTP, "address": "127.0.0.1"},
    "spring": {"ssl": {"bundle": {"pem": {"ci": {"keystore": {"certificate": f"{WORK}/tls.crt",
                                                            "private-key": f"{WORK}/tls.key"}}}}},
               "lifecycle": {"timeout-per-shutdown-phase": "3s"}},
    "management": {"endpoint": {name: {"access": "unrestricted"} for name in WRITE}},
    "echo": {
        "tcp": {
            "servers": {"stream": {"port": 0}, "message": {"port": 0}, "collect": {"enabled": False},
                        "line": {"port": ECHO, "framing": "line"},
                        "secret": {"port": 0, "ssl": {"bundle": "ci"}},
                        "closed": {"port": 0, "deny": ["127.0.0.0/8"]},
                        "flaky": {"port": 0, "address": "127.0.0.1", "framing": "line", "faults": {
                            "slow": {"type": "delay", "delay": "3ms", "jitter": "2ms"},
                            "cut": {"type": "close", "after-bytes": "3B", "probability": 0.1, "seed": 7}}}},
            "clients": {"here": {"host": "127.0.0.1", "port": ECHO, "framing": "line"}}},
        "udp": {"servers": {"datagram": {"port": 0}}},
        "probes": {"here": {"client": "here", "interval": "100ms"},
                   "nobody": {"transport": "tcp", "host": "127.0.0.1", "port": 1, "interval": "100ms"}}}}


class Service:
    """The built service; start again after stop."""

    def __init__(self):
        self.log = f"{WORK}/service.log"
        self.process = None

    def start(self, probes=(), servers=()):
        configuration = json.loads(json.dumps(CONFIGURATION))
        configuration["echo"]["probes"].update(probes)
        configuration["echo"]["tcp"]["servers"].update(servers)
        with open(self.log, "w") as output:
            self.process = subprocess.Popen([*COMMAND, f"--spring.application.json={json.dumps(configuration)}"],
                                            stdout=output, stderr=output)
        self.until("Started SocketEchoApplication")

    def until(self, text):
        deadline = time.monotonic() + 60
        while text not in (log := open(self.log).read()):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"not in the log: {text}\n{log[-3000:]}")
            time.sleep(0.1)

    def port(self, name):
        line = next(line for line in open(self.log) if f"Server '{name}' listens" in line)
        return int(line.split(", port ")[1].split(",")[0])

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            return sum(map(int, stat.read().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


def request(method, path, headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", HTTP, timeout=10)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


# What is asked of the page

def cell(table, name, label):
    """JavaScript for a cell: that of the row with this header, in the column with this label."""
    rows = f"[...document.querySelectorAll('#{table} tbody tr')]"
    return (f"{rows}.find((row) => row.querySelector('th').textContent.startsWith({json.dumps(name)}))"
            f"?.querySelector('td[data-label={json.dumps(label)}]')")


def live(browser):
    browser.until("document.getElementById('state').dataset.state === 'live'")


def fits(browser, what):
    # The page measures its tables with the next frame
    browser.until("document.documentElement.scrollWidth <= window.innerWidth", 3)
    check(f"{what}: no wider than the window", True, True)


def accessible(browser, what):
    found = browser.run("axe.run().then((result) => result.violations.map((one) => one.id + ': '"
                        " + one.nodes.map((node) => node.target + ' ' + node.failureSummary).join(' | ')))")
    check(f"{what}: axe-core finds nothing", [], found)


def unmarked(browser, what):
    check(f"{what}: nothing of it is markup", [0, True], browser.run(
        "[document.querySelectorAll('body script, body img, body iframe').length, window.hacked === undefined]"))


def dialog(browser, opener):
    browser.run(f"{opener}.click()")
    browser.until("document.querySelector('dialog[open]') !== null")


def type_into(browser, selector, text):
    browser.run(f"document.querySelector({json.dumps(selector)}).value = {json.dumps(text)}")


def submit(browser, expected):
    browser.run("document.querySelector('dialog button.main').click()")
    browser.until(f"document.querySelector('dialog output').textContent.includes({json.dumps(expected)})")


def leave(browser):
    browser.press("Escape")
    browser.until("document.querySelector('dialog') === null")


def shows(browser, service):
    check("the servers are listed", ["closed", "datagram", "flaky", "line", "message", "secret", "stream"],
          browser.run("[...document.querySelectorAll('#servers tbody th')].map((one) => one.firstChild.data).sort()"))
    check("a server's state and address", ["listening", f"*:{ECHO}"],
          browser.run(f"[{cell('servers', 'line', 'State')}.textContent, {cell('servers', 'line', 'Address')}.textContent]"))
    check("the days of a certificate", True,
          browser.run(f"/^in [12] d|^in \\d+ h/.test({cell('servers', 'secret', 'Certificate')}.textContent)"))
    fault = f"{cell('servers', 'flaky', 'Faults')}.querySelector('.fault')"
    browser.until(f"{fault} !== null")
    check("a fault is red", "rgb(179, 38, 30)", browser.run(f"getComputedStyle({fault}).color"))
    with socket.create_connection(("127.0.0.1", service.port("stream"))) as caller:
        caller.sendall(b"hello")
        check("an echo", b"hello", caller.recv(5, socket.MSG_WAITALL))
        browser.until(f"{cell('servers', 'stream', 'Bytes')}.textContent === '5 B'", 5)
        browser.until(f"{cell('servers', 'stream', 'Connections')}.textContent === '1'", 5)
        check("a connection and its bytes are counted", True, True)
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", service.port("closed"))) as caller:
        caller.recv(1)
    browser.until(f"{cell('servers', 'closed', 'Rejected, dropped')}.textContent === 'denied 1'", 5)
    check("a rejected connection has its reason", True, True)
    browser.until(f"{cell('probes', 'here', 'State')}.textContent === 'up'")
    browser.until(f"{cell('probes', 'nobody', 'State')}.textContent === 'down: connection_refused'")
    strip = "Last 120 rounds"
    check("a strip of rounds that were answered", [1, 0], browser.run(
        f"['good', 'bad'].map((tone) => {cell('probes', 'here', strip)}.querySelectorAll('path.' + tone).length)"))
    check("a strip of rounds that failed", [0, 1], browser.run(
        f"['good', 'bad'].map((tone) => {cell('probes', 'nobody', strip)}.querySelectorAll('path.' + tone).length)"))
    browser.until(f"/^1[0-9]+ rounds, none failed/.test({cell('probes', 'here', strip)}.firstChild.ariaLabel)", 20)
    check("the rounds are counted", True, True)
    check("a probe's figures", True, browser.run(
        f"[{cell('probes', 'here', 'Loss')}, {cell('probes', 'here', 'Median')}, {cell('probes', 'here', 'p99')},"
        f" {cell('probes', 'here', 'Jitter')}].every((one) => /^\\d/.test(one.textContent))"))
    check("a failure has its reason", "connection_refused",
          browser.run(f"{cell('failures', 'nobody', 'Reason')}.textContent"))


def calls(browser, service):
    """What the page says about how to call a server is true."""
    said = browser.run("Object.fromEntries([...document.querySelectorAll('.calls > div')].map((one) =>"
                       " [one.querySelector('dt').textContent, [one.querySelector('dd').firstChild.data,"
                       " one.querySelector('code').textContent]]))")
    check("how to call each server is on the page", True, browser.run("document.querySelector('details').open"))
    check("what each does", ["Every byte comes back.", "One message up to <EOF> comes back, and the connection closes.",
                             "Each line comes back.", "Each datagram comes back."],
          [said[name][0] for name in ("stream", "message", "line", "datagram")])
    for name, answer in (("stream", b"hello\n"), ("message", b"hello<EOF>"), ("line", b"hello\n"), ("secret", b"hello\n"),
                         ("datagram", b"hello\n")):
        check(f"the command for {name}", answer, shell(said[name][1]))
    browser.until(f"{cell('servers', 'stream', 'Bytes')}.textContent === '11 B'", 5)
    check("what nc has sent is counted", True, True)


def shell(command):
    return subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10).stdout


def looks(browser):
    for width in (1280, 1180, 1024, 768, 480):
        browser.look(width, 900, "light")
        fits(browser, f"{width} px")
    for width in (1440, 360):
        for scheme in ("light", "dark"):
            browser.look(width, 900, scheme)
            fits(browser, f"{width} px, {scheme}")
            accessible(browser, f"{width} px, {scheme}")
    light = browser.run("getComputedStyle(document.body).backgroundColor")
    browser.look(1440, 900, "light")
    check("light and dark differ", False, light == browser.run("getComputedStyle(document.body).backgroundColor"))


def keyboard(browser):
    browser.run("document.activeElement.blur()")
    browser.press("Tab")
    check("the first key leads past the head", "Skip to the servers", browser.run("document.activeElement.textContent"))
    for _ in range(20):
        browser.press("Tab")
        if browser.run("document.activeElement.ariaLabel === 'Change the faults of line'"):
            break
    check("a focus that is seen", True, browser.run("getComputedStyle(document.activeElement).outlineStyle === 'solid'"))
    browser.press("Enter", "\r")
    browser.until("document.querySelector('dialog[open]') !== null")
    accessible(browser, "a dialog")
    leave(browser)
    check("the focus comes back", "Change the faults of line", browser.run("document.activeElement.ariaLabel"))


def writes(browser, service):
    dialog(browser, f"{cell('clients', 'here', 'Actions')}.querySelector('button')")
    type_into(browser, "dialog input", EVIL)
    submit(browser, "1 of 1 answered")
    check("a reply is shown as it is", EVIL, browser.run("document.querySelector('dialog pre').textContent"))
    unmarked(browser, "a payload")
    leave(browser)
    dialog(browser, f"{cell('servers', 'message', 'Faults')}.querySelector('button')")
    type_into(browser, "dialog textarea", '{"f": {"type": "dealy"}}')
    submit(browser, "'dealy' (expected")
    type_into(browser, "dialog textarea", '{"f": {"type": "delay", "delay": "1ms"}}')
    submit(browser, "The faults are set.")
    leave(browser)
    browser.until(f"{cell('servers', 'message', 'Faults')}.querySelector('.fault')?.textContent === 'f: delay, 0×'", 5)
    check("faults are set, and a wrong one is explained", True, True)
    with socket.create_connection(("127.0.0.1", service.port("stream"))) as caller:
        caller.settimeout(10)
        source = "127.0.0.1:%d" % caller.getsockname()[1]
        browser.run("document.querySelector('#connections button').click()")
        browser.until(f"{cell('connections', source, 'Actions')} != null", 10)
        browser.run(f"{cell('connections', source, 'Actions')}.querySelector('button').click()")
        check("a connection is closed", b"", caller.recv(1))


def strangers():
    own = {"Host": f"127.0.0.1:{HTTP}", "Origin": f"http://127.0.0.1:{HTTP}"}
    for what, headers, status in (
            ("the page's own origin writes", own, 204),
            ("a foreign origin does not write", {**own, "Origin": "http://evil.test"}, 403),
            ("nor does a foreign host", {"Host": f"evil.test:{HTTP}", "Origin": f"http://evil.test:{HTTP}"}, 403)):
        check(what, status, request("DELETE", "/actuator/faults/tcp/message", headers))


def rebound(browser):
    """The page by a name that a stranger made resolve to this address."""
    browser.open(f"http://evil.test:{HTTP}/")
    live(browser)
    browser.until(f"{cell('servers', 'message', 'Faults')} != null")
    dialog(browser, f"{cell('servers', 'message', 'Faults')}.querySelector('button')")
    submit(browser, "A page of another origin may not write")
    check("a stranger's page cannot write from a browser", True, True)
    leave(browser)


def restarts(browser, service):
    service.stop()
    browser.until("document.getElementById('state').dataset.state === 'lost'")
    check("it says that the connection is lost", "Connection lost. Trying again. What you see is old.",
          browser.run("document.getElementById('state').textContent"))
    service.start()
    browser.until("document.getElementById('state').textContent.startsWith('Connected again. The service was restarted')",
                  30)
    browser.until(f"{cell('servers', 'stream', 'Bytes')}.textContent === '0 B'", 5)
    check("it connects again by itself after a restart, and says so", True, True)


def load(browser):
    buttons = f"[...{cell('clients', 'here', 'Actions')}.querySelectorAll('button')]"
    dialog(browser, f"{buttons}.find((one) => one.textContent === 'Load')")
    type_into(browser, "dialog input", "2000")
    browser.run("[...document.querySelectorAll('dialog label')].forEach((label) => {"
                " if (label.textContent === 'Duration') label.querySelector('input').value = '3s';"
                " if (label.textContent === 'Warm-up') label.querySelector('input').value = '500ms'; })")
    submit(browser, "The run has started")
    leave(browser)
    browser.until("document.querySelector('#load progress')?.value > 0")
    check("a load run has progress", True, True)
    browser.until("document.querySelector('#load .histogram .bars') !== null")
    browser.until("document.querySelector('#load [role=status]').textContent === 'finished'")
    check("a load run costs no probe a reply", "0 %", browser.run(f"{cell('probes', 'here', 'Loss')}.textContent"))
    check("a load run has a histogram", True, browser.run(
        "/^Histogram of the latencies of [\\d,]+ messages/.test(document.querySelector('#load .histogram').ariaLabel)"))
    accessible(browser, "a load run")


def behind_prefix(browser):
    """The page behind a reverse proxy that serves it below a path."""
    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if not self.path.startswith("/deep/echo/"):
                self.send_error(404)
                return
            connection = http.client.HTTPConnection("127.0.0.1", HTTP, timeout=10)
            connection.request(self.command, self.path[len("/deep/echo"):],
                               self.rfile.read(int(self.headers.get("Content-Length", 0))) or None,
                               {name: self.headers[name] for name in ("Host", "Origin", "Content-Type")
                                if name in self.headers})
            answer = connection.getresponse()
            self.send_response(answer.status)
            for name in ("Content-Type", "Content-Security-Policy"):
                self.send_header(name, answer.getheader(name, ""))
            self.end_headers()
            with contextlib.suppress(OSError):
                while part := answer.read1(65536):
                    self.wfile.write(part)
            connection.close()

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with serving(Proxy) as port:
        browser.open(f"http://127.0.0.1:{port}/deep/echo/")
        live(browser)
        browser.until(f"{cell('servers', 'line', 'State')}.textContent === 'listening'")
        check("behind a path prefix it works", True, True)
        dialog(browser, f"{cell('servers', 'message', 'Faults')}.querySelector('button')")
        submit(browser, "The faults are set.")
        leave(browser)
        check("and writes", True, True)
        browser.open("about:blank")


@contextlib.contextmanager
def serving(handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


# Many of them

def crowded(browser, service):
    """The page of a service with 200 servers and 5,000 connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 10_000), hard))
    service.stop()
    listed = len(CONFIGURATION["echo"]["tcp"]["servers"]) - 1 + len(CONFIGURATION["echo"]["udp"]["servers"])
    service.start(servers={f"many-{number}": {"port": 0, "framing": "line"} for number in range(200 - listed)})
    with contextlib.ExitStack() as callers:
        port = service.port("stream")
        for _ in range(5000):
            callers.enter_context(socket.create_connection(("127.0.0.1", port)))
        browser.open(URL)
        live(browser)
        watch_stalls(browser)
        browser.until("document.querySelector('#servers .position').textContent === '1 to 50 of 200'")
        browser.until(f"{cell('servers', 'stream', 'Connections')}.textContent === '5,000'", 10)
        # The probe has one, too
        browser.until("document.querySelector('#connections .position').textContent.startsWith('1 to 50 of 5,00')", 10)
        check("200 servers and 5,000 connections of a service are shown", True, True)
        used = service.cpu_seconds()
        arrivals = events_of(5)
        used = (service.cpu_seconds() - used) / 5
        late = max(after - before for before, after in zip(arrivals, arrivals[1:]))
        check(f"an event comes each second (the longest pause was {late:.2f} s), and costs {used:.3f} of a processor", True,
              late < 2.5 and used < 0.5)
        browser.run("document.querySelector('#connections button').click()")
        time.sleep(2)
        check_stalls(browser)
        browser.open("about:blank")
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def events_of(seconds):
    """When events of the stream came."""
    with socket.create_connection(("127.0.0.1", HTTP), timeout=10) as viewer:
        viewer.sendall(f"GET /page/events HTTP/1.1\r\nHost: 127.0.0.1:{HTTP}\r\n\r\n".encode())
        arrivals = []
        with viewer.makefile("rb") as lines:
            while not arrivals or time.monotonic() - arrivals[0] < seconds:
                if lines.readline().startswith(b"data: "):
                    arrivals.append(time.monotonic())
        return arrivals


def watch_stalls(browser):
    """Measures the longest time for which nothing else could run."""
    browser.run("(() => { let last = performance.now(); window.longest = 0; setInterval(() => {"
                " const now = performance.now(); window.longest = Math.max(window.longest, now - last); last = now;"
                " }, 10); })()")


def check_stalls(browser):
    longest = round(browser.run("window.longest"))
    check(f"no update stalls the page (the longest took {longest} ms)", True, longest < 500)


def viewers(browser):
    """At most 50 may watch: one more waits until somebody leaves."""
    browser.open("about:blank")
    with contextlib.ExitStack() as others:
        deadline = time.monotonic() + 10
        watching = 0
        while watching < 50 and time.monotonic() < deadline:
            viewer = others.enter_context(socket.create_connection(("127.0.0.1", HTTP), timeout=10))
            viewer.sendall(f"GET /page/events HTTP/1.1\r\nHost: 127.0.0.1:{HTTP}\r\n\r\n".encode())
            # The page that was open before may be watching for a moment
            watching += viewer.recv(12) == b"HTTP/1.1 200"
        check("50 may watch, and no page that was left is among them", 50, watching)
        browser.open(URL)
        browser.until("document.getElementById('state').dataset.state === 'lost'")
        check("the 51st viewer waits", 0, browser.run("document.querySelectorAll('#servers tbody tr').length"))
    live(browser)
    check("and gets in when others have left", True, True)
    browser.open("about:blank")
    browser.run("history.back()")
    browser.until("document.getElementById('state')?.dataset.state === 'live'")
    marker = "document.querySelector('.overview b')"
    browser.run(f"{marker}.textContent = 'old'")
    browser.until(f"{marker}.textContent !== 'old'", 5)
    check("with the back button the page goes on", True, True)
    browser.open("about:blank")


# The stand-in

def server_entry(index, second):
    name = f"{EVIL}-{index}"
    return {"key": f"tcp/{name}", "name": name, "transport": "tcp", "framing": "delimiter", "delimiter": SHELL,
            "mode": "echo", "tls": index == 0,
            "state": "listening", "address": EVIL, "port": 10000 + index, "activeConnections": 25, "maxConnections": 0,
            "faults": [{"name": EVIL, "type": EVIL, "injected": second}] if index < 3 else [],
            "refused": {EVIL: second} if index < 2 else {}, "errors": {}, "receivedBytes": second * 1000,
            "receivedMessages": second * 10, "sentBytes": second * 1000, "sentMessages": second * 10,
            "rates": {"receivedBytes": 1000 + index, "receivedMessages": 10, "sentBytes": 1000, "sentMessages": 10}}


def probe_entry(index, second):
    rounds = range(second * 2) if second <= 60 else range(second * 2 - 120, second * 2)
    return {"key": f"p{index}", "name": f"p{index}{EVIL}", "status": "UP", "transport": "tcp", "host": EVIL, "port": 7,
            "loss": 0.01, "medianMicros": 130, "p99Micros": 900, "jitterMicros": 12, "rounds": [
                {"id": id, "at": 0, "up": True, "sent": 1, "lost": 0, "corrupted": 0, "medianMicros": 100 + id % 50,
                 "error": None} for id in rounds]}


def event(second):
    run = {"client": EVIL, "transport": "tcp", "state": "running", "rateAsked": 1000, "rateReached": 999.5,
           "duration": "30s", "elapsedSeconds": second % 30, "sent": second * 1000, "received": second * 999, "lost": 3,
           "corrupted": 0, "errors": {EVIL: 2}, "bytes": 64000, "latency": {"p50Micros": 100.5, "maxMicros": 2e6},
           "histogram": [{"toMicros": 10 ** (step / 10), "count": step * second} for step in range(10, 60)]}
    return {"whole": True, "started": 1, "identity": {EVIL: EVIL}, "write": {"connections": "connections"},
            "read": {"connections": "connections"}, "servers": [server_entry(i, second) for i in range(200)],
            "probes": [probe_entry(i, second) for i in range(20)], "clients": [], "load": {"runs": [run]},
            "failures": [{"id": i, "at": 1000, "kind": "server", "transport": "tcp", "name": EVIL, "error": EVIL,
                          "count": 1} for i in range(50)]}


CONNECTIONS = json.dumps({"total": 6000, "connections": [
    {"id": str(i), "server": EVIL, "source": f"127.0.0.1:{i}", "opened": "2026-01-01T00:00:00Z", "idle": "PT1.5S",
     "bytesReceived": i, "bytesSent": i, "messagesReceived": 1, "messagesSent": 1} for i in range(5000)]}).encode()


def large(browser, policy):
    class StandIn(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            path = self.path.split("?")[0]
            self.send_response(200)
            self.send_header("Content-Security-Policy", policy)
            if path == "/page/events":
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                with contextlib.suppress(OSError):
                    for second in range(1, 1000):
                        self.wfile.write(b"data: " + json.dumps(event(second)).encode() + b"\n\n")
                        time.sleep(1)
                return
            if path == "/connections":
                body, kind = CONNECTIONS, "application/json"
            else:
                with open(STATIC + ("/index.html" if path == "/" else path), "rb") as file:
                    body = file.read()
                kind = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}.get(path.split(".")[-1],
                                                                                              "text/html")
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with serving(StandIn) as port:
        browser.open(f"http://127.0.0.1:{port}/")
        live(browser)
        watch_stalls(browser)
        browser.run("document.querySelector('#connections button').click()")
        position = "document.querySelector('#%s .position').textContent"
        browser.until(f"{position % 'connections'} === '1 to 50 of 5,000'")
        check("200 servers, a page of 50", ["1 to 50 of 200", 50], browser.run(
            f"[{position % 'servers'}, document.querySelectorAll('#servers tbody tr').length]"))
        check("of 6,000 connections 5,000 are read", "6,000 open; these are the oldest 5,000",
              browser.run("document.querySelector('#connections .quiet').textContent"))
        browser.run("[...document.querySelectorAll('#servers .pager button')].at(-1).click()")
        check("the next page", "51 to 100 of 200", browser.run(position % "servers"))
        browser.run("(() => { const field = document.querySelector('#servers .pager input'); field.value = '-199';"
                    " field.dispatchEvent(new Event('input')); })()")
        check("a filter", ["1 to 1 of 1", 1], browser.run(
            f"[{position % 'servers'}, document.querySelectorAll('#servers tbody tr').length]"))
        time.sleep(3)
        check_stalls(browser)
        check("a load run has progress and a histogram", True, browser.run(
            "document.querySelector('#load progress').value > 0 && document.querySelector('#load .bars') !== null"))
        check("a name is shown as it is", EVIL, browser.run("document.querySelector('#load h3').textContent"))
        unmarked(browser, "a name")
        check("the calls of many are folded up", False, browser.run("document.querySelector('details').open"))
        command = browser.run("document.querySelector('.calls code').textContent")
        said, _, reader = command.rpartition(" | ")
        check("a command does nothing that a name asks for", ["hello" + SHELL, "nc -N HOST 10199"],
              [shell(said).decode(), reader])
        browser.run(AXE)
        for width in (1440, 360):
            browser.look(width, 900, "light")
            fits(browser, f"long names, {width} px")
        browser.look(1440, 900, "light")
        accessible(browser, "many servers")
        browser.open("about:blank")


def pictures(browser, service):
    service.stop()
    flaky = {"flaky": {"transport": "tcp", "host": "127.0.0.1", "port": ECHO + 1, "interval": "100ms",
                       "timeout": "50ms", "payload-size": "8B"}}
    servers = CONFIGURATION["echo"]["tcp"]["servers"]
    servers["flaky"].update({"port": ECHO + 1, "framing": "none"})
    del servers["closed"]
    service.start(probes=flaky)
    browser.open(URL)
    live(browser)
    time.sleep(14)
    browser.call("Emulation.setScrollbarsHidden", hidden=True)
    for scheme in ("light", "dark"):
        browser.look(1280, 1720, scheme)
        time.sleep(0.3)
        browser.picture(os.path.join(PICTURES, f"page-{scheme}.png"))
    request("POST", "/actuator/load/here", {"Content-Type": "application/json"},
            json.dumps({"rate": 5000, "duration": "10s", "warmUp": "1s"}))
    browser.until("document.querySelector('#load progress')?.value > 0.6")
    browser.look(1280, 900, "light")
    time.sleep(0.3)
    browser.picture(os.path.join(PICTURES, "page-load.png"), "#load")


def main():
    service = Service()
    browser = None
    try:
        service.start()
        browser = Browser(WORK, "--host-resolver-rules=MAP evil.test 127.0.0.1")
        browser.look(1440, 900, "light")
        browser.open(URL)
        live(browser)
        browser.run(AXE)
        shows(browser, service)
        unmarked(browser, "a certificate's subject")
        calls(browser, service)
        looks(browser)
        keyboard(browser)
        writes(browser, service)
        load(browser)
        check("no error, and no violation of the security policy", [], browser.complaints())
        strangers()
        restarts(browser, service)
        behind_prefix(browser)
        rebound(browser)
        viewers(browser)
        crowded(browser, service)
        policy = http_policy()
        browser.events.clear()
        large(browser, policy)
        check("no violation of the security policy by long names", [], browser.complaints())
        if PICTURES:
            pictures(browser, service)
    finally:
        service.stop()
        if browser:
            browser.close()
    print(f"{passed} checks passed")


def http_policy():
    connection = http.client.HTTPConnection("127.0.0.1", HTTP, timeout=10)
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    return answer.getheader("Content-Security-Policy")


if __name__ == "__main__":
    main()
