// Read-only documents of the server's own: PostgreSQL's built-in objects, the schema, what a code means.
import * as vscode from 'vscode';

const SCHEME = 'columnist';

export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration: vscode.Disposable;
  readonly #ask: (uri: string) => Promise<{ text: string } | null>;
  readonly onDidChange = this.#changed.event;

  /** `ask` asks the server for the text of a document. */
  constructor(ask: (uri: string) => Promise<{ text: string } | null>) {
    this.#ask = ask;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const answer = await this.#ask(uri.toString());
    return answer?.text ?? '';
  }

  /** Reads the open documents again: the schema may have changed. */
  refresh(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === SCHEME) this.#changed.fire(uri);
    }
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
