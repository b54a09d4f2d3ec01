// The connection to `columnist lsp`; a bundle of its own, loaded after the activation.
import * as vscode from 'vscode';
import {
  CloseAction,
  type CloseHandlerResult,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  State,
} from 'vscode-languageclient/node';

import { Pages } from './pages';
import { findServer } from './server';
import { type Coverage, plural, type ServerStatus, type Status } from './status';

const MAX_RESTARTS = 4;
const RESTART_WINDOW_MS = 180_000;

/** What the library has to say of failures goes to the output; what the user must know is told once, by `#fail`. */
class Client extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

export class Session {
  readonly #context: vscode.ExtensionContext;
  readonly #output: vscode.LogOutputChannel;
  readonly #status: Status;
  readonly #pages: Pages;
  #client: LanguageClient | undefined;
  #deaths: number[] = [];
  // Starts and stops, one after the other: settings may change again while a server starts.
  #turn: Promise<void> = Promise.resolve();

  constructor(context: vscode.ExtensionContext, output: vscode.LogOutputChannel, status: Status) {
    this.#context = context;
    this.#output = output;
    this.#status = status;
    this.#pages = new Pages((uri) => this.#ask('workspace/textDocumentContent', { uri }));
    context.subscriptions.push(this.#pages);
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#start());
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop());
  }

  restart(): Promise<void> {
    return this.#inTurn(async () => {
      this.#deaths = [];
      await this.#stop();
      await this.#start();
    });
  }

  #inTurn(run: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(run).catch((error: unknown) => this.#output.error(String(error)));
    return this.#turn;
  }

  async #start(): Promise<void> {
    this.#status.starting();
    const server = findServer(this.#context);
    if ('problem' in server) return this.#fail(server.problem);
    this.#output.info(`Starting ${server.path} (from the ${server.origin})`);
    const run: ServerOptions = { command: server.path, args: ['lsp'] };
    let hasRun = false;
    let hasEnded = false;
    const closed = () => {
      hasEnded = true;
      return this.#closed(server.path, hasRun);
    };
    const client = new Client('columnist', 'Columnist', run, this.#options(closed));
    this.#client = client;
    client.onDidChangeState(({ newState }) => (hasRun ||= newState === State.Running));
    let nTables: number | undefined;
    client.onNotification('columnist/status', (it: ServerStatus) => {
      this.#status.tell(it);
      if (it.tables !== nTables) this.#pages.refresh();
      nTables = it.tables;
      void vscode.commands.executeCommand('setContext', 'columnist.ready', it.state === 'ready');
    });
    try {
      await client.start();
    } catch (error) {
      // An end is told by the error handler, a little later.
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (this.#client === client && client.state !== State.Running && !hasEnded) {
        this.#fail(`${server.path} did not start: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // A server that does not end in time is ended by the library.
    await client?.dispose(2000).catch((error: unknown) => this.#output.warn(String(error)));
  }

  /** Opens the schema as the server understood it. */
  async showSchema(): Promise<void> {
    const uri = this.#uriOfEditor() ?? vscode.workspace.workspaceFolders?.[0]?.uri.toString() ?? '';
    const answer = await this.#ask<{ uri: string }>('columnist/schema', { uri });
    if (!answer) {
      void vscode.window.showInformationMessage('Columnist: this file belongs to no database; open one that does.');
      return;
    }
    await vscode.window.showTextDocument(vscode.Uri.parse(answer.uri), { preview: true });
  }

  /** Offers the pieces of SQL of the file that were not checked, with the reasons; the chosen one is shown. */
  async showCoverage(): Promise<void> {
    const uri = this.#uriOfEditor();
    const answer = uri && (await this.#ask<Coverage>('columnist/coverage', { uri }));
    if (!answer) {
      void vscode.window.showInformationMessage('Columnist does not check this file.');
      return;
    }
    const items = answer.skipped.map(({ range, reason, detail }) => ({
      label: `Line ${range.start.line + 1}: ${reason}`,
      detail,
      position: new vscode.Position(range.start.line, range.start.character),
    }));
    const placeHolder = `${plural(answer.checked, 'piece')} of SQL checked, ${items.length} not`;
    const chosen = await vscode.window.showQuickPick(items, { title: 'Columnist', placeHolder });
    if (!chosen) return;
    const editor = await vscode.window.showTextDocument(vscode.Uri.parse(answer.uri));
    editor.selection = new vscode.Selection(chosen.position, chosen.position);
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  #uriOfEditor(): string | undefined {
    return vscode.window.activeTextEditor?.document.uri.toString();
  }

  async #ask<T>(method: string, params: object): Promise<T | null> {
    if (this.#client?.isRunning()) return this.#client.sendRequest<T | null>(method, params);
    this.#fail('No server runs.');
    return null;
  }

  #options(closed: () => CloseHandlerResult): LanguageClientOptions {
    const languages = vscode.workspace.getConfiguration('columnist').get<string[]>('languages', []);
    return {
      // The server knows files by their place on disk.
      documentSelector: languages.map((language) => ({ scheme: 'file', language })),
      outputChannel: this.#output,
      traceOutputChannel: traced(this.#output),
      initializationOptions: vscode.workspace.getConfiguration('columnist'),
      middleware: {
        workspace: {
          // A change that comes while the server is stopped for it would be an error shown to the user.
          didChangeConfiguration: async (sections, next) => {
            if (this.#client?.isRunning()) await next(sections);
          },
        },
      },
      errorHandler: {
        error: (_error, _message, count) => ({ action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown }),
        closed,
      },
      // No second try, and no message of the library's.
      initializationFailedHandler: () => false,
    };
  }

  /** The server ended by itself: one that has run is started again, a few times in three minutes. */
  #closed(path: string, hasRun: boolean): CloseHandlerResult {
    const server = findServer(this.#context);
    if (!hasRun || 'problem' in server) {
      this.#fail('problem' in server ? server.problem : `${path} ended before it answered. The output tells what it said.`);
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((it) => now - it < RESTART_WINDOW_MS), now];
    if (this.#deaths.length <= MAX_RESTARTS) {
      this.#output.warn('The server ended unexpectedly and is started again.');
      this.#status.starting();
      return { action: CloseAction.Restart, handled: true };
    }
    const message = `The server ended ${this.#deaths.length} times in three minutes and is not started again.`;
    this.#fail(message);
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  /** Tells the user that there is no server, and offers what can be done. */
  #fail(problem: string): void {
    this.#output.error(problem);
    this.#status.failed(problem);
    const actions = { 'Show Output': 'columnist.showOutput', Restart: 'columnist.restart' };
    const settings = 'Open Settings';
    void vscode.window.showErrorMessage(`Columnist: ${problem}`, ...Object.keys(actions), settings).then((chosen) => {
      if (chosen === settings) {
        void vscode.commands.executeCommand('workbench.action.openSettings', 'columnist.server.path');
      } else if (chosen) {
        void vscode.commands.executeCommand(actions[chosen as keyof typeof actions]);
      }
    });
  }
}

/**
 * The output as the library takes it for traces: it looks at the log level first, and at `columnist.trace.server` only if
 * that is *trace*. Here the setting alone is enough, and what it asks for is written at a level that is shown.
 */
function traced(output: vscode.LogOutputChannel): vscode.LogOutputChannel {
  const isAsked = vscode.workspace.getConfiguration('columnist').get('trace.server', 'off') !== 'off';
  const trace = (message: string, ...rest: unknown[]) => output.info(message, ...rest);
  const seen: Partial<vscode.LogOutputChannel> = isAsked ? { logLevel: vscode.LogLevel.Trace, trace } : {};
  return new Proxy(output, { get: (target, name) => Reflect.get(name in seen ? seen : target, name) });
}
