// Starts flux-lsp-server for .flux files. All knowledge of the language is in the server.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function createClient(headers) {
  const settings = vscode.workspace.getConfiguration("flux.server");
  const server = { command: settings.get("path"), args: settings.get("arguments") };
  return new LanguageClient("flux", "Flux", server, {
    documentSelector: [{ scheme: "file", language: "flux" }],
    // Types come from headers, so a document may become right or wrong without an edit of its own.
    synchronize: { fileEvents: headers },
  });
}

async function start(headers) {
  client = createClient(headers);
  try {
    await client.start();
  } catch (error) {
    const path = vscode.workspace.getConfiguration("flux.server").get("path");
    vscode.window.showErrorMessage(
      `Flux: cannot start '${path}' (${error.message}); set 'flux.server.path' to flux-lsp-server`);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  // A server that never started cannot be stopped.
  if (running && running.isRunning())
    await running.stop();
}

async function activate(context) {
  const headers = vscode.workspace.createFileSystemWatcher("**/*.{h,hh,hpp,hxx}");
  const restart = async () => {
    await stop();
    await start(headers);
  };
  context.subscriptions.push(
    headers,
    vscode.commands.registerCommand("flux.restartServer", restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("flux.server"))
        restart();
    }));
  await start(headers);
}

module.exports = { activate, deactivate: stop };
