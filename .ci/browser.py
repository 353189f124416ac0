"""Chromium without a window, by the DevTools protocol through a pipe: python's standard library is enough.

Used by .ci/page.py.
"""

import base64
import contextlib
import itertools
import json
import os
import select
import signal
import subprocess
import tempfile
import time

PATIENCE = 20
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--remote-debugging-pipe"]


class Browser:
    """A browser with one page."""

    def __init__(self, directory, *flags):
        command_out, self.commands = os.pipe()
        self.answers, answers_in = os.pipe()

        def descriptors():
            os.dup2(command_out, 103)
            os.dup2(answers_in, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)

        self.log = open(os.path.join(directory, "chromium.log"), "wb")
        self.process = subprocess.Popen(
            ["chromium", *FLAGS, *flags, f"--user-data-dir={tempfile.mkdtemp(dir=directory)}", "about:blank"],
            preexec_fn=descriptors, close_fds=False, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log)
        os.close(command_out)
        os.close(answers_in)
        self.numbers = itertools.count(1)
        self.buffer = b""
        self.events = []
        self.session = None
        target = next(one for one in self.call("Target.getTargets")["targetInfos"] if one["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self.receive(deadline)
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def receive(self, deadline):
        while b"\0" not in self.buffer:
            if not select.select([self.answers], [], [], max(0, deadline - time.monotonic()))[0]:
                raise TimeoutError("the browser does not answer")
            part = os.read(self.answers, 1 << 20)
            if not part:
                raise RuntimeError("the browser has ended")
            self.buffer += part
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def run(self, expression):
        """The value of a JavaScript expression; of a promise, what it becomes."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]) + f" in {expression[:200]}")
        return answer["result"].get("value")

    def until(self, expression, patience=PATIENCE):
        """Waits until an expression is true."""
        deadline = time.monotonic() + patience
        while True:
            value = self.run(expression)
            if value:
                return value
            if time.monotonic() > deadline:
                raise TimeoutError(f"not true within {patience} s: {expression}\n{self.run('document.body.innerText')[:2000]}")
            time.sleep(0.1)

    def look(self, width, height, scheme):
        """Sets the size of the window and whether the user prefers dark."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, path, selector=None):
        """Stores what is seen, or one element."""
        what = {}
        if selector:
            box = self.run(f"(() => {{ const box = document.querySelector('{selector}').getBoundingClientRect();"
                           " return { x: box.x + scrollX, y: box.y + scrollY, width: box.width, height: box.height,"
                           " scale: 1 }; })()")
            what = {"clip": box, "captureBeyondViewport": True}
        data = self.call("Page.captureScreenshot", format="png", **what)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def press(self, key, text=None):
        for kind in ("keyDown", "keyUp"):
            parameters = {"type": kind, "key": key, "code": key,
                          "windowsVirtualKeyCode": {"Tab": 9, "Enter": 13, "Escape": 27}.get(key, 0)}
            if text and kind == "keyDown":
                parameters["text"] = text
            self.call("Input.dispatchKeyEvent", **parameters)

    def complaints(self):
        """What the browser has logged as an error: exceptions, and violations of the security policy."""
        self.run("0")
        found = []
        for event in self.events:
            parameters = event.get("params", {})
            # An answer such as 400 is logged, too, by "network"
            if (event.get("method") == "Log.entryAdded" and parameters["entry"]["level"] == "error"
                    and parameters["entry"].get("source") != "network"):
                found.append(f"{parameters['entry'].get('source')}: {parameters['entry']['text']}")
            elif event.get("method") == "Runtime.exceptionThrown":
                found.append(str(parameters["exceptionDetails"]))
        return found

    def close(self):
        os.close(self.commands)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.answers)
        self.log.close()
