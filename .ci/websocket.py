"""Looks at WebSocket from outside. Called by .ci/websocket.

Starts the service, everything that it calls and all that calls it, and compares. All checks are of asyncio, one after
the other; the service's HTTP port is asked in a thread, since python's own WebSocket server answers meanwhile.
"""

import asyncio
import base64
import contextlib
import hashlib
import http.server
import json
import os
import queue
import random
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import websockets

TRANSPORT, WORK, *COMMAND = sys.argv[1:]
HERE = os.path.dirname(os.path.abspath(__file__))
PATIENCE = 30
BROWSER_MESSAGES = 10000
LONGEST = 1 << 20
CERTIFICATE = os.path.join(WORK, "tls.crt")

for variable in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[variable]

passed = 0
# Messages and their bytes that were sent to a server of the service
sent = {}


def check(what, wanted, found):
    global passed
    if wanted != found:
        raise AssertionError("%s: expected %r, got %r" % (what, wanted, found))
    passed += 1
    print("ok: %s, %s" % (TRANSPORT, what), flush=True)


def check_true(what, found, details=""):
    if not found:
        raise AssertionError("%s: %s" % (what, details))
    check(what, True, True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(name, command, ready):
    """A process that has written what shows that it is ready, or that listens on a port."""
    log = os.path.join(WORK, name + ".log")
    with open(log, "w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + 120
        while not (listens(ready) if isinstance(ready, int) else ready in open(log).read()):
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("%s did not start:\n%s" % (name, open(log).read()[-3000:]))
            time.sleep(0.05)
        yield process, log
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


# The service

def configuration(peers):
    tls = {"ssl": {"bundle": "ci"}}
    framing = {"port": 0, "framing": "websocket"}
    servers = {"ws": framing, "wss": {**framing, **tls}, "proxied": {**framing, "proxy-protocol": True},
               "page": framing, "page-tls": {**framing, **tls}}
    clients = {name: {"host": "127.0.0.1", "framing": "websocket", **peer} for name, peer in peers.items()}
    bundle = {"keystore": {"certificate": CERTIFICATE, "private-key": os.path.join(WORK, "tls.key")},
              "truststore": {"certificate": CERTIFICATE}}
    probes = {name: {"client": name, "interval": "500ms"} for name in ("websocketd", "python", "python-tls")}
    return {"spring": {"ssl": {"bundle": {"pem": {"ci": bundle}}}},
            "logging": {"level": {"dev.socketecho.client": "debug"}},
            "management": {"endpoint": {"echo": {"access": "unrestricted"}}},
            "echo": {"transport": TRANSPORT, "tcp": {"servers": servers, "clients": clients}, "probes": probes}}


class Service:
    """The service's HTTP port."""

    def __init__(self, port):
        self.url = "http://127.0.0.1:%d" % port

    async def get(self, path, body=None):
        return await asyncio.to_thread(self.request, path, body)

    def request(self, path, body):
        request = urllib.request.Request(self.url + path, body and json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()

    async def counter(self, name, **tags):
        text = await self.get("/actuator/prometheus")
        lines = [line for line in text.splitlines() if line.startswith(name + "{")
                 and all('%s="%s"' % tag in line for tag in tags.items())]
        return sum(float(line.split()[-1]) for line in lines)


async def until(what, condition):
    deadline = time.monotonic() + PATIENCE
    while not await condition():
        if time.monotonic() > deadline:
            raise AssertionError("%s: not within %d s" % (what, PATIENCE))
        await asyncio.sleep(0.1)
    check_true(what, True)


# Callers

def count(server, *messages):
    total = sent.setdefault(server, [0, 0])
    total[0] += len(messages)
    total[1] += sum(len(message.encode() if isinstance(message, str) else message) for message in messages)


def trust():
    return ssl.create_default_context(cafile=CERTIFICATE)


async def call(what, server, url, compression="deflate", **options):
    """Python's client: everything that a client may send comes back."""
    if url.startswith("wss:"):
        options["ssl"] = trust()
    noise = random.Random(1).getrandbits(8 * LONGEST).to_bytes(LONGEST, "big")
    messages = ["hello", "", "κόσμε 😀", "again and again " * 5000, b"", bytes(range(256)), bytes(70000), noise]
    async with websockets.connect(url, compression=compression, max_size=None, **options) as ws:
        for message in messages:
            await ws.send(message)
            answer = await asyncio.wait_for(ws.recv(), PATIENCE)
            if answer != message:
                raise AssertionError("%s: %d bytes do not come back" % (what, len(message)))
        await ws.send(["frag", "ment", "", "s"])
        answer = await asyncio.wait_for(ws.recv(), PATIENCE)
        if answer != "fragments":
            raise AssertionError("%s: fragments come back as %r" % (what, answer))
        await asyncio.wait_for(await ws.ping(b"payload"), PATIENCE)
        extensions = [extension.name for extension in (ws if hasattr(ws, "extensions") else ws.protocol).extensions]
        await ws.close(4000, "bye")
        check(what + ": messages, fragments and a ping come back, and the close code; extensions",
              (4000, ["permessage-deflate"] if compression else []), (ws.close_code, extensions))
    count(server, *messages, "fragments")


async def call_too_long(server, url):
    async with websockets.connect(url, compression=None, max_size=None) as ws:
        with contextlib.suppress(websockets.ConnectionClosed):
            await ws.send(bytes(LONGEST + 1))
            await asyncio.wait_for(ws.recv(), PATIENCE)
        await asyncio.wait_for(ws.wait_closed(), PATIENCE)
        check("python: a message that is too long closes with", 1009, ws.close_code)


async def call_by_npm(server, url, compress):
    process = await asyncio.create_subprocess_exec("node", os.path.join(WORK, "websocket.js"), url, str(compress).lower(), CERTIFICATE,
                                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, errors = await asyncio.wait_for(process.communicate(), 2 * PATIENCE)
    if process.returncode:
        raise AssertionError("npm's ws, %s: %s" % (url, errors.decode()[-1000:]))
    found = json.loads(output)
    messages = ["hello", "", "κόσμε 😀", "again and again " * 5000, b"", b"\0\xff\x80", bytes(70000), bytes(LONGEST), "fragment",
                *("message %d" % i for i in range(1000))]
    check("npm's ws, %s, compression %s: all comes back" % (server, compress),
          {"pong": "between", "protocol": "chat", "extensions": "permessage-deflate" if compress else "", "sent": len(messages),
           "code": 4321}, found)
    count(server, *messages)


def plain_request(url):
    """An HTTP request without upgrade: status, and the fields that matter."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE, context=trust() if url.startswith("https:") else None) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


# What the service calls

async def echo(ws, path=None):
    """What python's server does. Only older releases of websockets hand over a path."""
    with contextlib.suppress(websockets.ConnectionClosed):
        async for message in ws:
            await ws.send(message)


class Web(http.server.SimpleHTTPRequestHandler):
    """The page, its reports, and what refuses an upgrade."""

    reports = queue.Queue()

    def do_GET(self):
        if self.path.startswith("/page"):
            page = open(os.path.join(HERE, "websocket.html"), "rb").read()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)
        else:
            self.send_error(403)

    def do_POST(self):
        self.reports.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def report(what, wanted):
    """The reports of the page, by the URL's scheme."""
    found = {}
    deadline = time.monotonic() + 2 * PATIENCE
    while len(found) < wanted:
        one = Web.reports.get(timeout=max(0.1, deadline - time.monotonic()))
        if one["what"] != what:
            raise AssertionError("%s: expected %s, got %r" % ("Chromium", what, one))
        found[one["url"].split(":")[0]] = one
    return found


# What stands between

def nginx(ports, front):
    upgrade = """proxy_http_version 1.1; proxy_set_header Host $host; proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;"""
    text = """daemon off; pid %(work)s/nginx.pid; error_log stderr; events {}
http {
  access_log off;
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  server {
    listen 127.0.0.1:%(plain)d; listen 127.0.0.1:%(tls)d ssl;
    ssl_certificate %(work)s/tls.crt; ssl_certificate_key %(work)s/tls.key;
    location / { proxy_pass http://127.0.0.1:%(ws)d; %(upgrade)s }
  }
  server {
    listen 127.0.0.1:%(behind)d;
    location / { proxy_pass https://127.0.0.1:%(wss)d; proxy_ssl_trusted_certificate %(work)s/tls.crt; proxy_ssl_verify on;
      proxy_ssl_name localhost; %(upgrade)s }
  }
}
""" % {"work": WORK, "upgrade": upgrade, "ws": ports["ws"], "wss": ports["wss"], **front}
    file = os.path.join(WORK, "nginx.conf")
    with open(file, "w") as config:
        config.write(text)
    return running("nginx", ["nginx", "-p", WORK, "-c", file], front["behind"])


def haproxy(ports, front):
    text = """defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout tunnel 1h
listen plain
  bind 127.0.0.1:%(plain)d
  bind 127.0.0.1:%(tls)d ssl crt %(work)s/both.pem
  server echo 127.0.0.1:%(ws)d
listen behind
  bind 127.0.0.1:%(behind)d
  server echo 127.0.0.1:%(wss)d ssl ca-file %(work)s/tls.crt verify required verifyhost localhost
listen proxied
  bind 127.0.0.1:%(proxied_front)d
  server echo 127.0.0.1:%(proxied)d send-proxy-v2
""" % {"work": WORK, "ws": ports["ws"], "wss": ports["wss"], "proxied": ports["proxied"], **front}
    file = os.path.join(WORK, "haproxy.cfg")
    with open(file, "w") as config:
        config.write(text)
    return running("haproxy", ["haproxy", "-f", file], front["proxied_front"])


def chromium(url):
    der = ssl.PEM_cert_to_DER_cert(open(CERTIFICATE).read())
    key = subprocess.run(["openssl", "x509", "-inform", "der", "-pubkey", "-noout"], input=der, stdout=subprocess.PIPE, check=True)
    pin = base64.b64encode(hashlib.sha256(ssl_pem_body(key.stdout.decode())).digest()).decode()
    # It speaks to nobody but the page's hosts
    return running("chromium", ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
                                "--disable-dev-shm-usage", "--remote-debugging-port=0", "--user-data-dir=" + os.path.join(WORK, "chromium-" + TRANSPORT),
                                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
                                "--ignore-certificate-errors-spki-list=" + pin, url], "")


def ssl_pem_body(pem):
    return base64.b64decode("".join(line for line in pem.splitlines() if not line.startswith("-----")))


async def calls(service, ports):
    """Callers, with nothing between."""
    for compression in (None, "deflate"):
        await call("python, ws, compression %s" % compression, "ws", "ws://127.0.0.1:%d/a/path?and=query" % ports["ws"], compression)
        await call("python, wss, compression %s" % compression, "wss", "wss://localhost:%d/" % ports["wss"], compression)
    await call_by_npm("ws", "ws://127.0.0.1:%d/" % ports["ws"], False)
    await call_by_npm("ws", "ws://127.0.0.1:%d/" % ports["ws"], True)
    await call_by_npm("wss", "wss://localhost:%d/" % ports["wss"], True)
    await call_too_long("ws", "ws://127.0.0.1:%d/" % ports["ws"])
    for url in ("http://127.0.0.1:%d/" % ports["ws"], "https://localhost:%d/" % ports["wss"]):
        status, fields = await asyncio.to_thread(plain_request, url)
        check("%s: a plain request gets" % url.split(":")[0], (426, "websocket"), (status, fields["Upgrade"]))


async def calls_by_proxies(service, ports):
    for name, front in (("nginx", "nginx"), ("haproxy", "haproxy")):
        urls = ports[front]
        await call(name + ", ws", "ws", "ws://127.0.0.1:%d/path" % urls["plain"])
        await call(name + ", wss in front", "ws", "wss://localhost:%d/" % urls["tls"])
        await call(name + ", wss behind", "wss", "ws://127.0.0.1:%d/" % urls["behind"])
        status, _ = await asyncio.to_thread(plain_request, "http://127.0.0.1:%d/" % urls["plain"])
        check(name + ": a plain request gets", 426, status)
    url = "ws://127.0.0.1:%d/" % ports["haproxy"]["proxied_front"]
    await call("haproxy, send-proxy-v2", "proxied", url)
    async with websockets.connect(url, local_addr=("127.0.0.9", 0)) as ws:
        await ws.send("hello")
        check("haproxy, send-proxy-v2: the echo comes back", "hello", await asyncio.wait_for(ws.recv(), PATIENCE))
        check_true("haproxy, send-proxy-v2: the caller is known",
                   '"source":"127.0.0.9:' in await service.get("/actuator/connections?server=proxied"))
    count("proxied", "hello")


async def calls_of_the_service(service, ports, log):
    """The service's own clients, probes and /probe."""
    for client in ("websocketd", "python", "python-tls"):
        answer = json.loads(await service.get("/actuator/echo/" + client, {"message": "This is a test", "count": 20}))
        check("client %s: replies" % client, (20, 0, {"This is a test"}),
              (answer["summary"]["received"], answer["summary"]["lost"], {reply.get("reply") for reply in answer["messages"]}))

        async def probe_is_up():
            return await service.counter("echo_probe_up", probe=client) == 1

        await until("probe %s: is up" % client, probe_is_up)
        answer = await service.get("/probe?target=127.0.0.1:%d&module=%s" % (ports[client], client))
        check_true("/probe of %s: succeeds" % client, "probe_success 1" in answer, answer)
    for client in ("python", "python-tls"):
        answer = json.loads(await service.get("/actuator/echo/" + client, {"payloadSize": 100000, "count": 20}))
        check("client %s: long replies" % client, (20, 0), (answer["summary"]["received"], answer["summary"]["lost"]))
    answer = json.loads(await service.get("/actuator/echo/refusing", {"message": "hello"}))
    check("client, a refused upgrade: error", "protocol_error", answer["summary"]["error"])
    check_true("client, a refused upgrade: the log says the status", re.search(r"protocol_error.*403|403.*protocol_error", open(log).read()),
               open(log).read()[-1000:])
    answer = await service.get("/probe?target=127.0.0.1:%d&module=refusing" % ports["refusing"])
    check_true("/probe, a refused upgrade: error", "probe_success 0" in answer and 'error="protocol_error"' in answer, answer)
    answer = json.loads(await service.get("/actuator/echo/nobody", {"message": "hello"}))
    check("client, nobody listens: error", "connection_refused", answer["summary"]["error"])


async def counters(service):
    for server, (messages, length) in sorted(sent.items()):
        for direction in ("received", "sent"):
            found = (await service.counter("echo_%s_messages_total" % direction, server=server),
                     await service.counter("echo_%s_bytes_total" % direction, server=server))
            check("counters of %s: messages and bytes %s" % (server, direction), (messages, length), found)


async def browser(service, process, ports, web):
    urls = "&".join("url=%s" % url for url in ("ws://127.0.0.1:%d/" % ports["page"], "wss://localhost:%d/" % ports["page-tls"]))
    with chromium("http://127.0.0.1:%d/page?count=%d&%s" % (web, BROWSER_MESSAGES, urls)):
        for scheme, found in sorted((await asyncio.to_thread(report, "exchanged", 2)).items()):
            check("Chromium, %s: messages that come back, wrong ones, protocol, extensions" % scheme,
                  (BROWSER_MESSAGES, 0, "echo", "permessage-deflate"),
                  (found["received"], found["wrong"], found["protocol"], found["extensions"].split(";")[0]))
        messages = ["message %d κόσμε 😀" % i for i in range(BROWSER_MESSAGES)]
        count("page", *messages)
        count("page-tls", *messages)
        await counters(service)
        process.send_signal(signal.SIGTERM)
        for scheme, found in sorted((await asyncio.to_thread(report, "closed", 2)).items()):
            check("Chromium, %s, at SIGTERM: code, clean, messages" % scheme, (1001, True, BROWSER_MESSAGES),
                  (found["code"], found["wasClean"], found["received"]))
    await asyncio.to_thread(process.wait, PATIENCE)
    check_true("the service ends in order", process.returncode in (0, 143), process.returncode)


async def main():
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, os.path.join(WORK, "tls.key"))
    async with websockets.serve(echo, "127.0.0.1", 0) as plain, websockets.serve(echo, "127.0.0.1", 0, ssl=context) as tls:
        ports = {"websocketd": free_port(), "python": plain.sockets[0].getsockname()[1], "python-tls": tls.sockets[0].getsockname()[1],
                 "refusing": web.server_address[1], "nobody": free_port()}
        peers = {name: {"port": port} for name, port in ports.items()}
        peers["python"]["path"] = "/a/path"
        peers["python-tls"]["ssl"] = {"bundle": "ci"}
        config = os.path.join(WORK, "service.yml")
        with open(config, "w") as file:
            json.dump(configuration(peers), file)
        command = COMMAND + ["--spring.profiles.active=free-ports", "--spring.config.additional-location=file:" + config]
        with contextlib.ExitStack() as stack:
            stack.enter_context(running("websocketd", ["websocketd", "--address=127.0.0.1", "--port=%d" % ports["websocketd"], "cat"],
                                        ports["websocketd"]))
            process, log = stack.enter_context(running("service", command, "Started SocketEchoApplication"))
            text = open(log).read()
            ports.update((name, int(port)) for name, port in re.findall(r"Server '(\S+)' listens: \w+, address \S+, port (\d+),", text))
            for name in ("nginx", "haproxy"):
                ports[name] = {front: free_port() for front in ("plain", "tls", "behind", "proxied_front")}
            stack.enter_context(nginx(ports, ports["nginx"]))
            stack.enter_context(haproxy(ports, ports["haproxy"]))
            service = Service(int(re.search(r"Netty started on port (\d+)", text).group(1)))
            try:
                await calls(service, ports)
                await calls_by_proxies(service, ports)
                await calls_of_the_service(service, ports, log)
                await browser(service, process, ports, web.server_address[1])
                text = open(log).read()
                check("the log has neither ERROR nor a stack trace", [], re.findall(r"^.* ERROR .*|^\s+at .*", text, re.M)[:3])
            except BaseException:
                print("the service's log ends in\n" + open(log).read()[-2000:], file=sys.stderr)
                raise
    print("%s: %d passed, 0 failed" % (TRANSPORT, passed))


if __name__ == "__main__":
    asyncio.run(main())
