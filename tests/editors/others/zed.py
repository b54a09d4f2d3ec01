"""Takes the configuration of Zed out of the README, starts what it names and speaks to it as Zed does.

Zed is in no registry and wants a GPU: what is tested is that its extension compiles against Zed's interface, that the block
parses and names existing languages, and that it starts a server which answers such a client. usage: zed.py SERVER
"""

import json
import pathlib
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[3]
PLANTED = "src/modules/planted-mistakes/api/index.ts"
# Lines from 1.
LINES = [13, 19, 29, 40, 48, 57, 66, 75, 84, 92]
REPORT = "src/lib/db/queries/stale-drafts.sql"

# What Zed says of itself, as far as the server looks at it.
ZED = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "configuration": True,
        "workspaceFolders": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
        "diagnostics": {"refreshSupport": True},
    },
    "textDocument": {
        "diagnostic": {"dynamicRegistration": True, "relatedDocumentSupport": True},
        "publishDiagnostics": {"relatedInformation": True, "codeDescriptionSupport": True, "dataSupport": True},
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
    },
    "window": {"workDoneProgress": True},
}


class Client:
    """A client over standard input and output; requests of the server are answered with nothing."""

    def __init__(self, command, folder, capabilities):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.messages = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        self.next_id = 0
        self.published = {}
        uri = folder.as_uri()
        params = {"processId": None, "rootUri": uri, "workspaceFolders": [{"uri": uri, "name": "blog"}]}
        self.encoding = self.ask("initialize", {**params, "capabilities": capabilities})["capabilities"]["positionEncoding"]
        self.tell("initialized", {})

    def read(self):
        out = self.process.stdout
        while header := out.readline():
            if length := re.match(rb"content-length:\s*(\d+)", header, re.IGNORECASE):
                out.readline()
                self.messages.put(json.loads(out.read(int(length[1]))))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def step(self):
        message = self.messages.get(timeout=30)
        if "method" in message and "id" in message:
            items = message["params"].get("items", []) if message["method"] == "workspace/configuration" else None
            self.send({"id": message["id"], "result": None if items is None else [None] * len(items)})
        elif message.get("method") == "textDocument/publishDiagnostics":
            self.published[message["params"]["uri"]] = message["params"]["diagnostics"]
        return message

    def ask(self, method, params):
        self.next_id += 1
        self.send({"id": self.next_id, "method": method, "params": params})
        while (message := self.step()).get("id") != self.next_id or "method" in message:
            pass
        assert "error" not in message, message
        return message["result"]

    def open(self, path, language):
        document = {"uri": path.as_uri(), "languageId": language, "version": 1, "text": path.read_text()}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return path.as_uri()

    def stop(self):
        self.ask("shutdown", None)
        self.tell("exit", None)
        assert self.process.wait(10) == 0, "exit"


def block(readme, language, after):
    found = re.search(rf"{re.escape(after)}.*?```{language}\n(.*?)```", readme, re.DOTALL)
    assert found, f"the README has no block {language} behind {after}"
    return found[1]


def lines(diagnostics):
    return sorted(it["range"]["start"]["line"] + 1 for it in diagnostics)


def zed(readme, server, folder):
    settings = json.loads(block(readme, "json", "**Zed**"))
    binary = settings["lsp"]["columnist"]["binary"]
    assert binary["path"] == "columnist"
    extension = tomllib.loads((ROOT / "editors/zed/extension.toml").read_text())
    described = extension["language_servers"]["columnist"]
    assert set(described["languages"]) == set(described["language_ids"])
    client = Client([server, *binary["arguments"]], folder, ZED)
    assert client.encoding == "utf-16", client.encoding
    uri = client.open(folder / PLANTED, described["language_ids"]["TypeScript"])
    report = client.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    assert lines(report["items"]) == LINES, report
    uri = client.open(folder / REPORT, described["language_ids"]["SQL"])
    assert client.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"] == []
    client.stop()


def extension():
    target = ROOT / "tests/editors/out/zed"
    command = ["cargo", "check", "--quiet", "--locked", "--manifest-path", ROOT / "editors/zed/Cargo.toml", "--target-dir", target]
    subprocess.run(command, check=True)
    print("ok      Zed: its extension compiles")


def main():
    extension()
    server = sys.argv[1]
    readme = (ROOT / "README.md").read_text()
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch).resolve() / "blog"
        sample = ROOT / "tests/workspaces/blog"
        shutil.copytree(sample, folder, ignore=shutil.ignore_patterns("node_modules"))
        zed(readme, server, folder)
        print("ok      Zed: its configuration starts a server that answers")


main()
