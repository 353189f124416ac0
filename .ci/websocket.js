// Calls a WebSocket server by npm's ws. Called by .ci/websocket.py with the URL and whether to compress. Prints, as JSON,
// what it has found; fails if a message does not come back.
const { readFileSync } = require("fs");
const WebSocket = require("ws");

const [url, compress, certificate] = process.argv.slice(2);
const socket = new WebSocket(url, ["chat", "superchat"], {
  ca: readFileSync(certificate),
  perMessageDeflate: compress === "true" ? { threshold: 0 } : false,
});
const received = [];
let wake = () => {};
let sent = 0;

socket.on("message", (data, isBinary) => {
  received.push({ data, isBinary });
  wake();
});
socket.on("error", (error) => {
  console.error(String(error));
  process.exit(1);
});
setTimeout(() => {
  console.error("no end after 30 s");
  process.exit(1);
}, 30000).unref();

async function next() {
  while (!received.length) {
    await new Promise((resolve) => (wake = resolve));
  }
  return received.shift();
}

async function echoed(data, isBinary) {
  sent++;
  const answer = await next();
  if (answer.isBinary !== isBinary || !answer.data.equals(Buffer.from(data))) {
    throw new Error(`${data.length} bytes do not come back: ${answer.data.length}, binary: ${answer.isBinary}`);
  }
}

socket.on("open", async () => {
  const noise = require("crypto").randomBytes(1 << 20);
  for (const text of ["hello", "", "κόσμε 😀", "again and again ".repeat(5000)]) {
    socket.send(text);
    await echoed(text, false);
  }
  for (const bytes of [Buffer.alloc(0), Buffer.from([0, 255, 128]), Buffer.alloc(70000, 7), noise]) {
    socket.send(bytes);
    await echoed(bytes, true);
  }
  const pong = new Promise((resolve) => socket.once("pong", (data) => resolve(data.toString())));
  socket.send("frag", { fin: false });
  socket.ping("between");
  socket.send("ment", { fin: true });
  await echoed("fragment", false);
  for (let i = 0; i < 1000; i++) {
    socket.send(`message ${i}`);
  }
  for (let i = 0; i < 1000; i++) {
    await echoed(`message ${i}`, false);
  }
  const found = { pong: await pong, protocol: socket.protocol, extensions: socket.extensions, sent };
  socket.on("close", (code) => console.log(JSON.stringify({ ...found, code })));
  socket.close(4321, "bye");
});
